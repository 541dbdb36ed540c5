// Draws one card of the review queue: the words in their context, what is proposed, and the keys beside what they do.
import { definition, sureness } from './codes.js';
import { el } from './dom.js';
import { keyCap } from './keys.js';
import { cut, Places } from './offsets.js';

const AROUND = 1500; // signs shown on either side in a long turn
const LONGEST_ASKED = 600;
const STATE = { accepted: 'Godtaget', changed: 'Godtaget med ändring', rejected: 'Avvisat' };

/** Return where the words stand: who, what was asked, and the turn with what is proposed marked as a proposal. */
export function context({ unit, active, drafts, decisions, whole }, { code, on }) {
  const { turn, text } = unit;
  const question = text.questions[turn.question];
  const at = text.turns.indexOf(turn);
  const asked = text.turns.slice(0, at).findLast(({ role }) => role !== 'note');
  const [from, to] = whole ? [0, turn.text.length] : around(turn, drafts.get(active.id));
  const places = new Places(turn.text);
  return el('section', { class: 'context', 'aria-label': 'I sitt sammanhang' },
    el('p', { class: 'where quiet' }, el('strong', {}, el('bdi', {}, unit.name)), ` · ${text.group_name}`, question ? ` · ${question.section}` : null),
    question ? el('p', { class: 'question' }, el('span', { class: 'visually-hidden' }, 'Guidens fråga: '), question.text) : null,
    asked?.role === 'interviewer' ? el('p', { class: 'asked' }, el('span', { class: 'who' }, 'Intervjuaren'), el('bdi', {}, short(asked.text))) : null,
    el('div', { class: 'said', dir: 'auto' }, marked(turn.text.slice(from, to), turn.start + places.toCodePoint(from), unit.all, active, drafts, decisions)),
    from > 0 || to < turn.text.length ? el('p', {}, el('button', { type: 'button', 'data-focus': 'whole', onclick: on.whole }, 'Visa hela repliken')) : null,
    unit.all.length > 1 ? list(unit, active, drafts, decisions, code, on) : null);
}

const short = (text) => (text.length > LONGEST_ASKED ? `… ${text.slice(-LONGEST_ASKED)}` : text);

/** Return the part of a turn to show, in UTF-16: all of it unless it is very long. */
function around(turn, draft) {
  const { text } = turn;
  if (text.length <= 3 * AROUND) return [0, text.length];
  const places = new Places(text);
  const from = Math.max(0, places.toOffset(draft.start - turn.start) - AROUND);
  const to = Math.min(text.length, places.toOffset(draft.end - turn.start) + AROUND);
  const start = from ? Math.max(from - 200, text.lastIndexOf(' ', from) + 1) : 0;
  const end = to < text.length ? text.indexOf(' ', to) : -1;
  return [wholeSign(text, start), wholeSign(text, end > 0 && end < to + 200 ? end : to)];
}

/** Return the place itself, or the one before when it would cut a pair. */
const wholeSign = (text, at) => (/[\udc00-\udfff]/.test(text[at] ?? '') ? at - 1 : at);

function marked(text, base, all, active, drafts, decisions) {
  const spans = all.map((one) => ({ one, ...drafts.get(one.id) }));
  return cut(text, base, spans).map(({ text: part, marks }) => {
    const mark = marks.find(({ one }) => one === active) ?? marks[0];
    if (!mark) return part;
    const decided = decisions.get(mark.one.id)?.kind;
    const kind = decided === 'rejected' ? 'turned-down' : decided ? 'decided' : 'suggestion';
    return el('mark', { class: `${kind}${mark.one === active ? ' active' : ''}`, dataset: { valence: mark.facets.valence ?? '' } },
      mark.one === active ? el('span', { class: 'visually-hidden' }, ' [förslaget börjar] ') : null, part, mark.one === active ? el('span', { class: 'visually-hidden' }, ' [förslaget slutar] ') : null);
  });
}

function list(unit, active, drafts, decisions, code, on) {
  return el('div', { class: 'together' },
    el('p', { class: 'quiet' }, unit.all.length === 2 ? 'Två förslag här. ' : `${unit.all.length} förslag här. `, el('span', { class: 'hide-touch' }, keyCap('ArrowUp'), ' ', keyCap('ArrowDown'), ' väljer.')),
    el('ol', {}, unit.all.map((one) => {
      const decided = decisions.get(one.id)?.kind;
      return el('li', {}, el('button', { type: 'button', class: 'one', 'aria-pressed': one === active, disabled: Boolean(decided), 'data-focus': `one-${one.id}`, onclick: () => on.choose(one) },
        el('span', {}, code(drafts.get(one.id).code).name), el('span', { class: 'quiet' }, decided ? STATE[decided] : sureness(one.sure.code))));
    })));
}

/** Return what is proposed and how to decide on it. `letters` are the keys of the facets, `open` the one being chosen. */
export function proposal({ one, draft, letters, open, defined }, { codebook, code, on }) {
  const own = draft.code !== one.code;
  const moved = draft.start !== one.start || draft.end !== one.end;
  return el('section', { class: 'proposal card', 'aria-label': 'Förslaget' },
    el('p', { class: 'proposed' }, own || moved || different(one, draft) ? 'Förslag, ändrat av dig' : 'Förslag'),
    el('h2', { class: 'code' }, code(draft.code).name),
    el('p', { class: 'row under' }, el('span', { class: 'quiet' }, own ? `Ditt val i stället för ${code(one.code).name}` : sureness(one.sure.code)),
      tool('k', 'Byt kod', on.code, 'code')),
    own ? null : others(one, code, on),
    codebook.facets.map((facet, place) => row(facet, place, { one, draft, letters, open }, on)),
    el('div', { class: 'decide' },
      el('button', { type: 'button', class: 'primary', 'data-focus': 'accept', 'aria-keyshortcuts': 'Enter G', onclick: on.accept }, 'Godta', keyCap('Enter')),
      el('button', { type: 'button', 'data-focus': 'reject', 'aria-keyshortcuts': 'X', onclick: on.reject }, 'Avvisa', keyCap('x')),
      el('button', { type: 'button', 'data-focus': 'skip', 'aria-keyshortcuts': 'S', onclick: on.skip }, 'Hoppa över', keyCap('s'))),
    own ? null : el('p', { class: 'reason' }, el('strong', {}, 'Varför: '), one.reason),
    defined ? el('div', { class: 'definition detail', tabindex: 0, role: 'region', 'aria-label': `Om ${code(draft.code).name}` }, el('h3', { class: 'visually-hidden' }, code(draft.code).name), definition(code(draft.code))) : null,
    draft.memo ? el('p', { class: 'memo' }, el('strong', {}, 'Anteckning: '), el('bdi', {}, draft.memo)) : null,
    el('div', { class: 'row more' },
      tool('d', defined ? 'Dölj definitionen' : 'Vad koden betyder', on.define, 'define', { 'aria-expanded': defined }),
      tool('m', draft.memo ? 'Ändra anteckningen' : 'Anteckning', on.memo, 'memo'),
      tool('o', 'Öppna i intervjun', on.open, 'open'),
      tool('h', 'Hitta fler av koden', on.more, 'more'),
      tool('z', 'Ångra', on.undo, 'undo')),
    stretch(on));
}

/** The codes likeliest beside the proposed one: each is accepted by a single key. */
function others(one, code, on) {
  if (!one.others.length) return null;
  return el('div', { class: 'row others', role: 'group', 'aria-label': 'Godta med en annan kod' }, el('span', { class: 'quiet' }, 'Eller'),
    one.others.map(([id, sure], index) => el('button', { type: 'button', 'data-focus': `other-${id}`, 'aria-keyshortcuts': String(index + 2), title: `Godta med ${code(id).name}. ${sureness(sure)}.`, onclick: () => on.instead(id) }, keyCap(String(index + 2)), code(id).name)));
}

const different = (one, draft) => Object.keys({ ...one.facets, ...draft.facets }).some((facet) => (one.facets[facet] ?? '') !== (draft.facets[facet] ?? ''));

const tool = (key, name, run, focus, more = {}) =>
  el('button', { type: 'button', class: 'tool', 'data-focus': focus, 'aria-keyshortcuts': key.toUpperCase(), onclick: run, ...more }, keyCap(key), name);

/** One facet: the first has its values on show, the others one line that opens by their letter. */
function row(facet, place, { one, draft, letters, open }, on) {
  const now = draft.facets[facet.id] ?? '';
  const name = facet.values.find(({ id }) => id === now)?.name ?? 'inget valt';
  const sure = now && now === one.facets[facet.id] ? sureness(one.sure[facet.id]) : now ? 'ditt val' : '';
  const shown = place === 0 || open === facet.id;
  const key = letters.get(facet.id);
  const label = place === 0
    ? el('span', { class: 'facet-name' }, facet.name)
    : el('button', { type: 'button', class: 'tool facet-name', 'aria-expanded': shown, 'aria-keyshortcuts': key.toUpperCase(), 'data-focus': `facet-${facet.id}`, onclick: () => on.facet(facet) }, keyCap(key), facet.name, el('span', { class: 'visually-hidden' }, `: ${name}`));
  const value = (id, text, cap) => el('button', { type: 'button', class: 'value', 'aria-pressed': id === now, 'data-focus': `${facet.id}:${id}`, 'aria-keyshortcuts': cap.toUpperCase(), onclick: () => on.value(facet, id) },
    keyCap(cap), place === 0 ? el('span', { class: 'valence', dataset: { valence: id } }, text) : text);
  return el('div', { class: 'facet-row', role: 'group', 'aria-label': facet.name },
    el('div', { class: 'row' }, label, place === 0 ? null : el('strong', {}, name), el('span', { class: 'quiet small' }, sure)),
    shown ? el('div', { class: 'values' }, facet.values.map(({ id, name: text }, index) => value(id, text, letters.get(`${facet.id}:${id}`) ?? String(index + 1))), place === 0 ? null : value('', 'Inget', '0')) : null);
}

/** The place by keys and by hand. */
function stretch(on) {
  const step = (edge, way, key, words) => el('button', { type: 'button', class: 'tool', 'data-focus': `${edge}${way}`, 'aria-label': words, onclick: (event) => on.stretch(edge, way, event.shiftKey) }, keyCap(key));
  return el('div', { class: 'row stretch', role: 'group', 'aria-label': 'Ändra stället' },
    el('span', { class: 'quiet' }, 'Början'), step('start', -1, ',', 'Börja ett ord tidigare'), step('start', 1, '.', 'Börja ett ord senare'),
    el('span', { class: 'quiet' }, 'Slutet'), step('end', -1, 'ArrowLeft', 'Sluta ett ord tidigare'), step('end', 1, 'ArrowRight', 'Sluta ett ord senare'),
    el('span', { class: 'quiet small' }, 'Med Skift: en mening'),
    tool('b', 'Bara en sats', on.clause, 'clause'));
}
