// Where an interview is begun: the group, the person's code, and the guides that are filled in already.
import { announce } from './announce.js';
import { ApiError, get, onChange, post } from './api.js';
import { confirm } from './dialog.js';
import { counted, el, fill, number, one } from './dom.js';

const only = one('#guides').dataset.group;
let groups = [];
let given = false;

async function load() {
  const found = await get('/api/guide');
  groups = found.groups;
  const select = one('#group');
  const before = select.value || only || groups[0]?.id;
  fill(select, groups.map(({ id, name }) => el('option', { value: id }, name)));
  select.value = before;
  showGroup();
  showDrafts(found.drafts.filter((draft) => !only || draft.group === only));
  const all = document.querySelector('#all');
  if (all) fill(all, groups.map(({ id, name }) => el('li', {}, el('a', { class: 'button', href: `/guide/${encodeURIComponent(id)}` }, name))));
}

function showGroup() {
  const group = groups.find(({ id }) => id === one('#group').value);
  if (!group) return;
  if (!given) one('#respondent').value = group.free;
  one('#wave-part').hidden = !group.waves.length;
  const wave = one('#wave');
  const before = wave.value;
  fill(wave, group.waves.map((each) => el('option', { value: each.number }, `${each.number}: ${each.name}`)));
  if (group.waves.some((each) => String(each.number) === before)) wave.value = before;
}

function showDrafts(drafts) {
  const box = one('#drafts');
  box.removeAttribute('aria-busy');
  fill(box, drafts.length
    ? el('div', { class: 'scroll', role: 'region', 'aria-label': 'Tabell över ifyllda guider', tabindex: 0 }, el('table', {}, el('caption', { class: 'visually-hidden' }, 'Ifyllda guider'),
      el('thead', {}, el('tr', {}, ['Person', 'Grupp', 'Datum', 'Besvarat', 'Minuter', ''].map((head) => (head ? el('th', { scope: 'col' }, head) : el('td', {}))))),
      el('tbody', {}, drafts.map(row))))
    : el('p', { class: 'quiet' }, 'Ingen guide är ifylld än.'));
}

function row(draft) {
  const name = draft.wave > 1 ? `${draft.respondent}, omgång ${draft.wave}` : draft.respondent;
  const way = draft.transcript
    ? el('a', { class: 'button', href: `/intervju/${draft.transcript}` }, 'Läs intervjun')
    : [el('a', { class: 'button', href: `/guide/${encodeURIComponent(draft.group)}/${draft.id}`, 'aria-label': `Fortsätt med ${name}` }, 'Fortsätt'),
      el('button', { type: 'button', class: 'plain', 'aria-label': `Ta bort utkastet för ${name}`, onclick: () => remove(draft, name) }, 'Ta bort')];
  return el('tr', {}, el('th', { scope: 'row' }, el('bdi', {}, name)), el('td', {}, draft.group_name), el('td', { class: 'date' }, draft.day),
    el('td', {}, `${number(draft.answered)} av ${counted(draft.questions, 'fråga', 'frågor')}`), el('td', { class: 'n' }, number(draft.minutes)), el('td', { class: 'ways' }, way));
}

async function remove(draft, name) {
  if (!(await confirm(`Ta bort utkastet för ${name}?`, 'Allt som är skrivet i det försvinner från listan. Det går att ångra.', { yes: 'Ta bort', danger: true }))) return;
  await post(`/api/utkast/${draft.id}/tabort`);
  announce(`Utkastet för ${name} är borttaget.`);
  one('#main').focus();
}

one('#group').addEventListener('change', () => {
  given = false;
  showGroup();
});
one('#respondent').addEventListener('input', () => { given = true; });
one('#begin').addEventListener('submit', async (event) => {
  event.preventDefault();
  const wave = one('#wave-part').hidden ? 1 : Number(one('#wave').value);
  try {
    const { to } = await post('/api/guide', { group: one('#group').value, respondent: one('#respondent').value, wave, date: one('#date').value, interviewer: one('#interviewer').value });
    window.location.assign(to);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    one('#respondent').focus();
  }
});
const today = new Date();
one('#date').value = `${today.getFullYear()}-${String(today.getMonth() + 1).padStart(2, '0')}-${String(today.getDate()).padStart(2, '0')}`;
onChange(load);
load();
