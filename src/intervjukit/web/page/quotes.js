// The quotes behind a number: who said it, in which group, in answer to what, and the way there.
import { get } from './api.js';
import { openDialog } from './dialog.js';
import { counted, el } from './dom.js';

/**
 * Open the quotes behind findings ("valence|code|party", "*" for any) within groups (all for none).
 * Resolves when the dialog is closed.
 */
export async function openQuotes(title, findings, groups = []) {
  const found = await get(`/api/fynd/citat?fynd=${encodeURIComponent([findings].flat().join(','))}&grupper=${encodeURIComponent(groups.join(','))}`);
  const { closed } = openDialog(title, [
    el('p', { class: 'quotes-sum' }, el('strong', {}, upper(found.said)), ` ${found.total === 1 ? 'intervjuad' : 'intervjuade'}, ${counted(found.quotes.length, 'citat', 'citat')}`),
    found.groups.length > 1 ? el('ul', { class: 'quotes-groups' }, found.groups.map((group) => el('li', {}, el('bdi', {}, group.name), ` ${group.said}`))) : null,
    smallNote(found.small.filter((name) => found.groups.some((group) => group.name === name))),
    found.quotes.length ? el('ol', { class: 'quotes' }, found.quotes.map(quote)) : el('p', { class: 'quiet' }, 'Inga citat finns kvar.'),
  ], { wide: true });
  return closed;
}

/** Return the note about groups where single persons can be recognised, null without any. */
export const smallNote = (names) => (names.length
  ? el('p', { class: 'small-groups' }, `Färre än tre har intervjuats i ${names.length === 1 ? 'gruppen' : 'grupperna'} ${listed(names)}. Där kan enskilda kännas igen; tänk på det innan något visas för andra.`)
  : null);

/** Return "a, b och c". */
export const listed = (words) => (words.length > 1 ? `${words.slice(0, -1).join(', ')} och ${words.at(-1)}` : words.join(''));

/** Return a text with a capital first. */
export const upper = (text) => text.charAt(0).toUpperCase() + text.slice(1);

function quote(one) {
  const who = one.wave > 1 ? `${one.respondent}, omgång ${one.wave}` : one.respondent;
  return el('li', {},
    el('blockquote', { 'data-valence': one.valence }, el('bdi', {}, one.quote)),
    el('p', { class: 'quote-who' }, el('strong', {}, el('bdi', {}, who)), ' · ', el('bdi', {}, one.group), ` · ${one.code}, ${one.party}`),
    one.question ? el('p', { class: 'quiet small' }, `Fråga: ${one.question}`) : null,
    el('p', { class: 'small' }, el('a', { href: `/intervju/${one.interview}#p=${one.start}-${one.end}` }, 'Läs i intervjun', el('span', { class: 'visually-hidden' }, ` med ${who}`))));
}
