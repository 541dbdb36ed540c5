// The transcript page: read and code one interview, by keyboard as well as by mouse.
import { announce, complain } from './announce.js';
import { get, given, onChange, post } from './api.js';
import { definition } from './codes.js';
import { openDialog } from './dialog.js';
import { clock, counted, el, fill, newId, one } from './dom.js';
import { keysOn, register } from './keys.js';
import { rangeOf, segments, selectedStretches } from './offsets.js';
import { Caret, roomAbove } from './transcript-caret.js';
import { chooseCode, lettersOf } from './transcript-choose.js';
import { Find } from './transcript-find.js';
import { Items } from './transcript-items.js';
import { Margin } from './transcript-margin.js';
import { Names, Text } from './transcript-text.js';

const id = Number(one('#interview').dataset.id);
const turnsBox = one('#turns');
// what others do that only changes codings; anything else may change the text or the code book too
const ON_CODINGS = new Set(['code', 'change', 'uncode', 'accept', 'reject', 'add_codings', 'suggest', 'add_memo', 'edit_memo', 'remove_memo', 'take_in_comments']);
const ELSEWHERE = /swot|measure/;

let data = null;
let names = null;
let letters = null;
let items = null;
let text = null;
let caret = null;
let find = null;
let margin = null;
let recent = [];
let placing = ''; // key of the coding whose place is being changed

// --- loading ------------------------------------------------------------------------------------------

function show(fresh) {
  data = fresh;
  names = new Names(data.codebook);
  letters = lettersOf(data.codebook.facets);
  recent = data.recent;
  text = new Text(turnsBox, names, memosOn);
  text.coder = data.coder;
  items = new Items(id, data, { paint, told: tally });
  text.build(items.turns, data.questions);
  margin?.end();
  margin = new Margin(items.turns, current, paint);
  document.querySelector('.caret')?.remove();
  caret = new Caret(turnsBox, () => items.turns.filter((turn) => turn.role === 'respondent'), selectionMoved);
  find ??= new Find(goTo);
  find.begin(items.turns);
  tally();
  showMemos();
  fromAddress();
  requestAnimationFrame(() => requestAnimationFrame(() => paintRest(items))); // when the first of it has been drawn
}

const SLICE = 12; // milliseconds
const soon = () => new Promise((resolve) => { window.setTimeout(resolve); });

/** Show what is coded further down, a few turns at a time so that keys are heard meanwhile. */
async function paintRest(mine) {
  await soon();
  let until = performance.now() + SLICE;
  for (const turn of mine.turns) {
    if (turn.painted) continue;
    if (performance.now() > until) {
      await soon();
      until = performance.now() + SLICE;
    }
    if (pressed) await released();
    if (items !== mine) return;
    paint(turn);
  }
  turnsBox.removeAttribute('aria-busy');
  segments('word', ''); // what cuts text is loaded now, and not at the first key
}

function paint(turn) {
  if (!turn.element) return;
  text.paint(turn);
  margin?.later(turn);
  find?.mark(turn);
  if (caret?.at?.turn === turn) caret.draw();
}

function tally() {
  const codings = items.all('coding').length;
  const left = items.all('suggestion').length;
  fill(one('#tally'), `${counted(codings, 'kodning', 'kodningar')} · ${counted(left, 'förslag', 'förslag')} kvar`);
  one('#next-suggestion').setAttribute('aria-disabled', String(!left));
  one('#interview').dataset.pending = String(items.pending);
}

const tell = (words) => {
  const log = one('#told');
  if (log.childElementCount > 20) log.firstElementChild.remove();
  log.append(el('p', {}, words));
};

// --- the item at hand ---------------------------------------------------------------------------------

const current = () => (text.current ? items.byKey.get(text.current) : null) ?? null;

function setCurrent(item, { focus = false, scroll = false } = {}) {
  const old = current();
  text.current = item?.key ?? '';
  if (old && old.turn !== item?.turn) paint(old.turn);
  if (!item) {
    if (!old) return;
    paint(old.turn);
    return;
  }
  paint(item.turn);
  const card = cardOf(item);
  if (focus) card?.querySelector('.card-face').focus({ preventScroll: true });
  if (scroll && card) showElements(item.turn, card);
}

const cardOf = (item) => item.turn.margin.querySelector(`[data-key="${item.key}"]`);

/** Return the item at hand, or else the shortest one at the caret. */
function here() {
  const item = current() ?? (caret.at ? items.at(caret.at.turn.start + caret.at.turn.places.toCodePoint(caret.at.offset))[0] : null);
  if (item && item !== current()) setCurrent(item);
  return item;
}

const hereIs = (kind) => () => here()?.kind === kind;

function showElements(turn, card) {
  const mark = turn.said.querySelector('mark.current') ?? turn.said;
  reveal(mark.getBoundingClientRect());
  reveal(card.getBoundingClientRect());
  // what lies between is laid out only now, and may have moved it
  requestAnimationFrame(() => reveal((turn.said.querySelector('mark.current') ?? turn.said).getBoundingClientRect()));
}

function reveal({ top, bottom }) {
  const room = roomAbove() + 24;
  const free = window.innerHeight - room;
  if (top < room || bottom > window.innerHeight - 24) window.scrollBy(0, top - room - Math.min(free / 4, 160));
}

function step(kind, by) {
  const all = items.all(kind);
  if (!all.length) {
    announce(kind === 'suggestion' ? 'Inga förslag kvar i den här intervjun.' : 'Ingen kodning än i den här intervjun.');
    return;
  }
  if (kind === 'suggestion' && !suggestionsShown()) showSuggestions(true);
  const point = current()?.start ?? (caret.at ? caret.at.turn.start + caret.at.turn.places.toCodePoint(caret.at.offset) : firstSeen());
  const at = all.indexOf(current());
  const next = at >= 0 ? all[(at + by + all.length) % all.length] : by > 0 ? all.find((item) => item.start >= point) ?? all[0] : all.findLast((item) => item.start < point) ?? all.at(-1);
  setCurrent(next, { focus: true, scroll: true });
}

function firstSeen() {
  const turn = items.turns.find(({ element }) => element.getBoundingClientRect().bottom > 120);
  return turn?.start ?? 0;
}

// --- places -------------------------------------------------------------------------------------------

/** Show a place of the transcript (code points) and select it. */
function goTo(turn, start, end) {
  turn.said.scrollIntoView({ block: 'center' });
  const from = turn.places.toOffset(Math.max(0, start - turn.start));
  const to = turn.places.toOffset(Math.min(turn.places.length, end - turn.start));
  if (turn.role === 'respondent') caret.select(turn, from, to);
  const range = rangeOf(turn.said, start, end);
  if (!range) return;
  reveal(range.getBoundingClientRect());
  requestAnimationFrame(() => reveal(range.getBoundingClientRect()));
}

function fromAddress() {
  const [, start, end] = window.location.hash.match(/^#p=(\d{1,9})-(\d{1,9})$/) ?? [];
  if (!start || Number(end) <= Number(start)) return;
  const turn = items.turnAt(Number(start));
  if (!turn || Number(start) >= turn.end) return;
  if (turn.hidden) { // its words stand as the heading before it
    turn.element.previousElementSibling.scrollIntoView({ block: 'center' });
    return;
  }
  turnsBox.focus({ preventScroll: true });
  goTo(turn, Number(start), Number(end));
  const item = items.at(Number(start)).find((one) => one.start === Number(start) && one.end === Number(end));
  if (item) setCurrent(item);
}

/** Return what is selected in the respondent's words; nothing selected: the sentence at the caret. */
function stretches() {
  const codable = new Map(items.turns.filter((turn) => turn.role === 'respondent').map((turn) => [turn.said, turn]));
  const selected = selectedStretches(turnsBox).filter(({ element }) => codable.has(element));
  if (selected.length || !caret.at) return selected;
  const part = caret.sentence();
  if (!part) return [];
  caret.select(caret.at.turn, ...part);
  return selectedStretches(turnsBox).filter(({ element }) => codable.has(element));
}

let selectionSaid = 0;
function selectionMoved() {
  placeButton();
  window.clearTimeout(selectionSaid);
  selectionSaid = window.setTimeout(() => {
    const words = String(getSelection());
    if (words && words.length < 600) tell(`Markerat: ${words}`);
  }, 500);
}

function placeButton() {
  const button = one('#code-here');
  const selection = getSelection();
  const inside = !selection.isCollapsed && selection.rangeCount && turnsBox.contains(selection.focusNode) && !document.querySelector('dialog[open]');
  button.hidden = !inside || !byMouse;
  if (button.hidden) return;
  const box = [...selection.getRangeAt(0).getClientRects()].at(-1);
  if (!box) return;
  const home = one('#interview').getBoundingClientRect();
  const left = Math.min(box.right - home.left + 6, home.width - button.offsetWidth);
  button.style.transform = `translate(${Math.max(0, left)}px, ${box.bottom - home.top + 6}px)`;
}

// --- coding -------------------------------------------------------------------------------------------

function palette(title, place, options) {
  const { codebook } = data;
  const near = place ? items.all('suggestion').filter((item) => item.start < place.end && place.start < item.end) : [];
  const likely = [...new Map(near.sort((a, b) => b.score - a.score).map((item) => [item.code, item])).values()];
  const made = (code, group, more = {}) => ({ id: code, name: names.code(code), group, keywords: '', ...more });
  const seen = new Set();
  const fresh = (item) => names.codes.has(item.id) && !seen.has(item.id) && seen.add(item.id);
  const list = [
    ...likely.map((item) => made(item.code, 'Förslag här', { facets: item.facets, hint: names.beside(item.facets)[0] })),
    ...recent.map((code) => made(code, 'Senast använda')),
    ...codebook.codes.map((code) => made(code.id, code.parent || 'Alla koder', { hint: code.parent })),
  ].filter(fresh);
  const question = place && data.questions[items.turnAt(place.start).question];
  const known = (facet, value) => codebook.facets.find(({ id }) => id === facet)?.values.some(({ id }) => id === value);
  const asked = { valence: question?.asks_for, party: question?.about };
  const defaults = Object.fromEntries(codebook.facets.map(({ id: facet }) => [facet, likely[0]?.facets[facet] ?? (known(facet, asked[facet]) ? asked[facet] : '')]));
  one('#code-here').hidden = true;
  return chooseCode(title, place?.quote ?? '', { items: list, codes: names.codes, facets: codebook.facets, letters, defaults, ...options });
}

function used(code) {
  recent = [code, ...recent.filter((other) => other !== code)].slice(0, 6);
}

function code() {
  if (placing) {
    place();
    return;
  }
  const wanted = stretches();
  if (!wanted.length) {
    announce('Markera först något som den intervjuade säger.');
    return;
  }
  const words = wanted.map(({ quote }) => quote).join(' […] ');
  let last = null;
  palette(wanted.length > 1 ? `Koda ${wanted.length} ställen` : 'Koda', { ...wanted[0], quote: shortened(words) }, {
    chosen: (chosen, facets) => {
      used(chosen);
      setCurrent(null);
      const made = wanted.map((stretch) => items.code(stretch, chosen, facets));
      last = made.at(-1);
      tell(`Kodat: ${names.words(last)}`);
    },
  }).then(() => { if (last) standAfter(last); }); // when it has been seen: to find the caret's place costs a layout
}

/** After a coding the caret stands at its end, so that the next one is near. */
function standAfter({ turn, end }) {
  caret.put(turn, turn.places.toOffset(Math.min(turn.places.length, end - turn.start)));
}

function shortened(words, most = 220) {
  return words.length <= most ? words : `${[...words].slice(0, most - 1).join('').replace(/\s+\S*$/, '')} …`;
}

const quoteOf = (item) => item.turn.places.slice(item.start - item.turn.start, item.end - item.turn.start);

function edit() {
  const item = here();
  if (!item) return;
  const proposed = item.kind === 'suggestion';
  palette(proposed ? 'Godta med ändring' : 'Ändra kodningen', { start: item.start, end: item.end, quote: shortened(quoteOf(item)) }, {
    current: item.code,
    start: item.facets,
    accept: proposed ? 'Godta' : 'Spara',
    chosen: (chosen, facets) => {
      const now = items.byKey.get(item.key);
      if (!now) return;
      used(chosen);
      if (now.kind === 'suggestion') items.accept(now, { code: chosen, facets });
      else items.change(now, { code: chosen, facets });
      tell(`${proposed ? 'Godtaget' : 'Ändrat'}: ${names.words(now)}`);
    },
  });
}

function accept() {
  const item = here();
  used(item.code);
  items.accept(item);
  tell(`Godtaget: ${names.words(item)}`);
}

function takeAway(verb, words) {
  const item = here();
  const all = item.turn.items;
  const next = all[all.indexOf(item) + 1] ?? all[all.indexOf(item) - 1];
  text.current = '';
  items[verb](item);
  tell(`${words}: ${names.words(item)}`);
  if (next && document.activeElement === document.body) turnsBox.focus({ preventScroll: true });
}

/** Select the place of the coding at hand to change it; once more: let it be what is now selected. */
function place() {
  const item = items.byKey.get(placing) ?? here();
  if (!item || item.kind !== 'coding') return;
  if (!placing) {
    placing = item.key;
    turnsBox.focus({ preventScroll: true });
    const from = item.turn.places.toOffset(item.start - item.turn.start);
    caret.select(item.turn, from, item.turn.places.toOffset(item.end - item.turn.start));
    announce('Markera det nya stället, med Skift och pilarna eller med musen, och tryck M igen. Esc avbryter.');
    return;
  }
  placing = '';
  const [stretch] = stretches();
  if (stretch && (stretch.start !== item.start || stretch.end !== item.end)) {
    items.change(item, { start: stretch.start, end: stretch.end });
    announce('Kodningen är flyttad.');
  }
}

function showDefinition() {
  const item = here();
  const known = item && names.codes.get(item.code);
  if (known) openDialog(known.name, definition(known));
  else announce('Ställ dig på en kodning för att se vad koden betyder.');
}

// --- suggestions on and off ---------------------------------------------------------------------------

const suggestionsShown = () => one('#suggestions').getAttribute('aria-pressed') === 'true';

function showSuggestions(on) {
  one('#suggestions').setAttribute('aria-pressed', String(on));
  turnsBox.classList.toggle('without-suggestions', !on);
  margin.all();
  if (!on && current()?.kind === 'suggestion') setCurrent(null);
  tell(on ? 'Förslagen visas.' : 'Förslagen är dolda.');
}

// --- remarks ------------------------------------------------------------------------------------------

function memosOn(item) {
  if (!items || item.kind !== 'coding' || !item.id) return [];
  return items.memos.filter((memo) => memo.target === 'coding' && memo.target_id === String(item.id));
}

function showMemos() {
  const own = items.memos.filter((memo) => memo.target === 'transcript');
  one('#memos').hidden = !own.length;
  fill(one('#memo-list'), own.map((memo) => el('li', {}, memo.quote ? el('p', { class: 'quiet' }, '”', el('bdi', {}, memo.quote), '”') : null, el('p', {}, el('bdi', {}, memo.text)),
    el('p', { class: 'quiet small' }, el('bdi', {}, memo.author), ` · ${clock(memo.at)} `, el('button', { type: 'button', class: 'plain small', onclick: () => write(null, memo) }, 'Ändra')))));
}

/** Write a remark on a coding, or with null on the interview; with `memo` word that one in another way. */
async function write(item, memo = null) {
  const field = newId('memo');
  const area = el('textarea', { id: field, value: memo?.text ?? '' });
  let dialog = null;
  const save = () => {
    if (area.value.trim() || memo) dialog.close('save');
    else area.focus();
  };
  const about = item ? `${names.code(item.code)}: ”${shortened(quoteOf(item), 120)}”` : 'Om hela intervjun';
  dialog = openDialog(memo ? 'Ändra anteckningen' : 'Anteckna', [el('p', { class: 'quiet' }, el('bdi', {}, about)), el('label', { for: field }, 'Anteckning'), area,
    memo ? el('p', { class: 'small quiet' }, 'Lämna fältet tomt för att ta bort anteckningen.') : null],
  { buttons: [el('span', { class: 'small quiet' }, el('kbd', {}, 'Ctrl+Enter'), ' sparar'), el('button', { type: 'button', class: 'primary', onclick: save }, 'Spara')] });
  area.addEventListener('keydown', (event) => { if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) save(); });
  area.focus();
  if ((await dialog.closed) !== 'save') return;
  const said = area.value;
  try {
    const answer = memo
      ? await post(`/api/intervju/${id}/anteckning/${memo.id}`, { text: said, expected: memo.text }, { quiet: true })
      : await post(`/api/intervju/${id}/anteckning`, () => ({ text: said, ...(item ? { coding: items.byKey.get(item.key)?.id ?? item.id } : {}) }), { quiet: true });
    items.memos = answer.memos;
    tell('Anteckningen är sparad.');
  } catch (error) {
    complain(error.problem, `${error.fix} Du skrev: ”${said}”`);
    await items.refresh();
  }
  showMemos();
  const now = item && items.byKey.get(item.key);
  if (now) paint(now.turn);
}

// --- mouse --------------------------------------------------------------------------------------------

let byMouse = false;
let pressed = false; // the mouse is marking words: what it marks must not be drawn anew under it

const released = () => new Promise((resolve) => {
  for (const end of ['pointerup', 'pointercancel']) document.addEventListener(end, resolve, { once: true });
});
turnsBox.addEventListener('pointerdown', () => { byMouse = pressed = true; });
for (const end of ['pointerup', 'pointercancel']) document.addEventListener(end, () => { pressed = false; }, { capture: true });
document.addEventListener('pointerup', (event) => {
  if (!byMouse || event.target.closest?.('#code-here, dialog')) return;
  window.setTimeout(() => { // only now has a click taken away an earlier selection
    if (turnsBox.contains(getSelection().focusNode)) caret?.follow();
    placeButton();
  });
});
document.addEventListener('selectionchange', () => {
  if (getSelection().isCollapsed) one('#code-here').hidden = true;
});
one('#code-here').addEventListener('mousedown', (event) => event.preventDefault());
one('#code-here').addEventListener('click', code);

const ACTS = { accept, reject: () => takeAway('reject', 'Avvisat'), change: edit, define: showDefinition, remove: () => takeAway('remove', 'Borttaget'), place, note: () => write(here()) };

turnsBox.addEventListener('click', (event) => {
  const card = event.target.closest('.card');
  const item = card && items.byKey.get(card.dataset.key);
  if (item) {
    const act = event.target.closest('[data-act]')?.dataset.act;
    const memo = event.target.closest('[data-memo]')?.dataset.memo;
    if (act) ACTS[act]();
    else if (memo) write(item, items.memos.find((one) => one.id === Number(memo)));
    else if (event.target.closest('.card-face')) {
      if (item === current()) setCurrent(null);
      else setCurrent(item, { focus: true });
    }
    return;
  }
  const mark = event.target.closest('mark');
  if (!mark || !getSelection().isCollapsed) {
    if (!mark && current()) setCurrent(null);
    return;
  }
  const keys = mark.dataset.keys.split(' ').map((key) => items.byKey.get(key)).filter((one) => one && (suggestionsShown() || one.kind === 'coding'));
  keys.sort((a, b) => a.end - a.start - (b.end - b.start)); // the narrowest first; clicked again, the one around it
  const now = keys.indexOf(current());
  if (keys.length) setCurrent(keys[(now + 1) % keys.length]);
});

turnsBox.addEventListener('pointerover', (event) => glow(event.target.closest?.('mark, .card')));
turnsBox.addEventListener('pointerleave', () => glow(null));

/** Let marks and cards that belong together be seen together. */
function glow(element) {
  const keys = new Set((element?.dataset.keys ?? element?.dataset.key ?? '').split(' ').filter(Boolean));
  for (const lit of turnsBox.querySelectorAll('.lit')) lit.classList.remove('lit');
  if (!keys.size) return;
  for (const other of element.closest('.turn').querySelectorAll('mark, .card')) {
    if ((other.dataset.keys ?? other.dataset.key).split(' ').some((key) => keys.has(key))) other.classList.add('lit');
  }
}

// --- keys ---------------------------------------------------------------------------------------------

turnsBox.addEventListener('focus', () => {
  if (!caret) return;
  if (!byMouse) caret.begin();
  caret.draw();
});
turnsBox.addEventListener('blur', () => caret?.draw());
turnsBox.addEventListener('keydown', (event) => {
  byMouse = false;
  if (event.metaKey || event.defaultPrevented || event.isComposing || !caret) return;
  const card = event.target.closest('.card');
  if (card) cardKey(event, card);
  else if (event.target === turnsBox) {
    caret.begin();
    if (caret.at && caret.key(event)) {
      event.preventDefault();
      if (current() && !placing) setCurrent(null);
    }
  }
});

function cardKey(event, card) {
  if (event.key === 'Escape') {
    event.preventDefault();
    setCurrent(null);
    turnsBox.focus({ preventScroll: true });
  } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
    event.preventDefault();
    const all = items.all().filter((item) => suggestionsShown() || item.kind === 'coding');
    const at = all.indexOf(items.byKey.get(card.dataset.key));
    const next = all[at + (event.key === 'ArrowDown' ? 1 : -1)];
    if (next) setCurrent(next, { focus: true, scroll: true });
  }
}

/** Begin in the text for keys that need a caret. */
const inText = (act) => () => {
  byMouse = false;
  turnsBox.focus({ preventScroll: true });
  act();
};

function escape() {
  if (placing) {
    placing = '';
    announce('Kodningen är som den var.');
  }
  if (current()) setCurrent(null);
  else if (!caret.empty) caret.put(caret.at.turn, caret.at.offset);
}

const shown = (...keys) => keys.map((key) => ({ key, label: '', run: () => {} }));
const loaded = (shortcuts) => shortcuts.map((one) => ({ ...one, when: () => Boolean(caret) && (!one.when || one.when()) }));
register('Markera', loaded([
  { ...shown('← → ↑ ↓')[0], label: 'Flytta markören i svaren' },
  { ...shown('Ctrl+← →')[0], label: 'Ord för ord, med ↑ ↓ svar för svar' },
  { ...shown('Skift+pil')[0], label: 'Markera' },
  { key: 's', label: 'Markera meningen, och en mening till', run: inText(() => caret.grow('sentence', 1)) },
  { key: 'S', label: 'En mening mindre', run: inText(() => caret.grow('sentence', -1)) },
  { key: 'w', label: 'Markera ordet, och ett ord till', run: inText(() => caret.grow('word', 1)) },
  { key: 'W', label: 'Ett ord mindre', run: inText(() => caret.grow('word', -1)) },
]));
register('Koda', loaded([
  { key: ['Enter', 'k'], label: 'Koda det markerade, eller meningen där markören står', run: code },
  { key: 'j', label: 'Nästa förslag', run: () => step('suggestion', 1) },
  { key: 'J', label: 'Föregående förslag', run: () => step('suggestion', -1) },
  { key: '.', label: 'Nästa kodning', run: () => step('coding', 1) },
  { key: ',', label: 'Föregående kodning', run: () => step('coding', -1) },
  { key: 'g', label: 'Godta förslaget', run: accept, when: hereIs('suggestion') },
  { key: 'x', label: 'Avvisa förslaget', run: ACTS.reject, when: hereIs('suggestion') },
  { key: ['e', 'ä'], label: 'Ändra kod, slag, part eller skede', run: edit, when: () => Boolean(here()) },
  { key: 'm', label: 'Flytta kodningen till ett annat ställe', run: place, when: () => Boolean(placing) || hereIs('coding')() },
  { key: ['Delete', 'Backspace'], label: 'Ta bort kodningen', run: ACTS.remove, when: hereIs('coding') },
  { key: 'd', label: 'Vad koden betyder, med gränser och exempel', run: showDefinition },
  { key: 'a', label: 'Anteckna om kodningen', run: ACTS.note, when: hereIs('coding') },
  { key: 'A', label: 'Anteckna om intervjun', run: () => write(null) },
  { key: 'f', label: 'Visa eller dölj förslagen', run: () => showSuggestions(!suggestionsShown()) },
  { key: '/', label: 'Sök i intervjun', run: () => one('#find').select() },
  { key: 'n', label: 'Nästa träff', run: () => find.step(1) },
  { key: 'N', label: 'Föregående träff', run: () => find.step(-1) },
  { key: 'Escape', label: 'Avbryt', run: escape },
]));

one('#suggestions').addEventListener('click', () => showSuggestions(!suggestionsShown()));
one('#next-suggestion').addEventListener('click', () => { if (caret) step('suggestion', 1); });
one('#note').addEventListener('click', () => { if (caret) write(null); });
window.addEventListener('hashchange', fromAddress);
window.addEventListener('resize', () => caret?.draw());

// --- what others do, and undo -------------------------------------------------------------------------

onChange(async ({ events, foreign }) => {
  if (!caret) return;
  const news = events.filter((event) => foreign.includes(event) || event.kind !== 'do');
  if (!news.some(({ action }) => !ELSEWHERE.test(action))) return;
  if (news.some(({ action }) => !ON_CODINGS.has(action) && !ELSEWHERE.test(action))) {
    await reload();
    return;
  }
  const changed = await items.refresh();
  showMemos();
  for (const turn of items.turns) if (turn.items.some((item) => memosOn(item).length)) paint(turn);
  const others = [...new Set(foreign.map(({ who }) => who).filter((who) => who !== data.coder))];
  if (changed.length && others.length) announce(`${others.join(', ')} har ändrat i den här intervjun.`);
  else if (changed.length) showChanged(changed[0]);
});

function showChanged(item) {
  if (item.gone) reveal(item.turn.said.getBoundingClientRect());
  else setCurrent(item, { scroll: true });
}

/** Fetch all of it anew: the code book or the turns have changed. */
async function reload() {
  const y = window.scrollY;
  show(await get(`/api/intervju/${id}`));
  window.scrollTo(0, y);
}

// the bar stands below the page's own, however many lines that one has
new ResizeObserver(([entry]) => {
  const top = entry.target;
  const stands = getComputedStyle(top).position === 'sticky';
  one('#bar').style.setProperty('--top', stands ? `${top.offsetHeight}px` : '0px'); // on the whole page: styled anew
}).observe(one('.top'));

if (!keysOn()) one('#how').hidden = true;
show(given());
