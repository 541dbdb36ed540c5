// The code book: the codes in a tree, one of them at hand with its quotes, and the ways to change them.
import { announce } from './announce.js';
import { ApiError, get, onChange, post } from './api.js';
import { confirm, openDialog } from './dialog.js';
import { counted, el, fill, newId, number, one } from './dom.js';
import { keyCap, register } from './keys.js';
import { choose } from './palette.js';

const TEXTS = ['name', 'definition', 'when', 'measure', 'limits', 'examples', 'indicators', 'influenceable', 'headings'];
const VALENCES = ['flaskhals', 'framgang', 'onskan'];
const fold = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
const inSwedish = new Intl.Collator('sv');

let codes = [];
let facets = [];
let ownWords = [];
let at = '';
let quotes = [];
let chosen = new Set();

const code = (id) => codes.find((each) => each.id === id);
const nameOf = (id) => code(id)?.name ?? id;
const contentOf = (each) => Object.fromEntries(TEXTS.map((name) => [name, each[name]]));
const valueName = (facet, value) => facets.find(({ id }) => id === facet)?.values.find(({ id }) => id === value)?.name ?? value;

async function load() {
  ({ codes, facets, words: ownWords } = await get('/api/kodbok'));
  if (!code(at)) at = code(fromAddress())?.id ?? codes[0]?.id ?? '';
  drawTree();
  fill(one('#words'), `Ord som läses på ett eget sätt${ownWords.length ? ` (${number(ownWords.length)})` : ''} …`);
  await showCode();
}

const fromAddress = () => decodeURIComponent(/^#kod=(.*)$/.exec(window.location.hash)?.[1] ?? '');

// --- the tree -----------------------------------------------------------------------------------------

function drawTree() {
  const sought = fold(one('#find').value.trim());
  const fits = (each) => !sought || fold(`${each.name} ${each.definition} ${each.indicators.join(' ')}`).includes(sought);
  const seen = new Set(codes.filter(fits).flatMap((each) => [each.id, ...above(each)]));
  const nav = one('#codes');
  nav.removeAttribute('aria-busy');
  const held = nav.contains(document.activeElement) ? document.activeElement.dataset.code : '';
  fill(nav, seen.size ? branch(null, seen) : el('p', { class: 'quiet' }, 'Ingen kod passar. Pröva ett annat ord.'));
  if (held) nav.querySelector(`[data-code="${CSS.escape(held)}"]`)?.focus({ preventScroll: true });
  fill(one('#shown'), sought ? `${number(codes.filter(fits).length)} av ${counted(codes.length, 'kod', 'koder')}` : `${counted(codes.length, 'kod', 'koder')}. Siffran är antalet personer.`);
}

const above = (each) => (each.parent && code(each.parent) ? [each.parent, ...above(code(each.parent))] : []);

function branch(parent, seen) {
  const here = codes.filter((each) => each.parent === parent && seen.has(each.id));
  return here.length ? el('ul', { class: 'codes' }, here.map((each) => el('li', {}, row(each), branch(each.id, seen)))) : null;
}

function row(each) {
  const people = each.below.length ? each.respondents_below : each.respondents;
  return el('a', { href: `#kod=${encodeURIComponent(each.id)}`, dataset: { code: each.id }, 'aria-current': each.id === at ? 'true' : null },
    el('bdi', {}, each.name), el('span', { class: 'count' }, number(people), el('span', { class: 'visually-hidden' }, people === 1 ? ' person' : ' personer')));
}

async function pick(id, { focus = false } = {}) {
  at = id;
  chosen = new Set();
  window.history.replaceState(null, '', `#kod=${encodeURIComponent(id)}`);
  drawTree();
  if (focus) document.querySelector(`[data-code="${CSS.escape(id)}"]`)?.focus();
  await showCode();
}

function step(by) {
  const shown = [...document.querySelectorAll('#codes [data-code]')].map((link) => link.dataset.code);
  const next = shown[Math.max(0, Math.min(shown.length - 1, shown.indexOf(at) + by))];
  if (next) pick(next, { focus: true });
}

one('#codes').addEventListener('click', (event) => {
  const link = event.target.closest('[data-code]');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  pick(link.dataset.code, { focus: true });
});

// --- the code at hand ---------------------------------------------------------------------------------

async function showCode() {
  const here = code(at);
  if (!here) {
    fill(one('#code'), el('h2', { id: 'code-name', class: 'quiet' }, 'Välj en kod'));
    return;
  }
  const asked = at;
  const found = await get(`/api/kod/${encodeURIComponent(at)}/kodningar`);
  if (asked !== at) return;
  quotes = found;
  chosen = new Set([...chosen].filter((id) => quotes.some((quote) => quote.id === id)));
  drawCode(here);
}

function drawCode(here) {
  const under = here.parent ? [el('span', {}, 'Under '), link(here.parent)] : [];
  fill(one('#code'),
    under.length ? el('p', { class: 'under quiet' }, under) : null,
    el('h2', { id: 'code-name' }, el('bdi', {}, here.name)),
    el('p', { class: 'definition' }, here.definition),
    use(here), actions(),
    part('När koden används', here.when ? el('p', {}, here.when) : null),
    part('När den inte används', here.limits.length ? el('ul', {}, here.limits.map(({ condition, instead }) => el('li', {}, `${condition}: använd `, link(instead)))) : null),
    part('Exempel', here.examples.length ? el('ul', { class: 'examples' }, here.examples.map(example)) : null),
    part('Ord som pekar på koden', here.indicators.length ? el('ul', { class: 'words' }, here.indicators.map((word) => el('li', {}, word))) : null),
    part('Idé till åtgärd', here.measure ? el('p', {}, here.measure) : null),
    part('Rubriker i fynden', Object.keys(here.headings).length ? el('ul', {}, Object.entries(here.headings).map(([valence, text]) => el('li', {}, chip(valence), ` ${text}`))) : null),
    quoteList(here));
}

const part = (title, content) => (content ? [el('h3', {}, title), content] : null);
const link = (id) => el('a', { href: `#kod=${encodeURIComponent(id)}`, onclick: (event) => { event.preventDefault(); pick(id); one('#code').focus(); } }, nameOf(id));
const chip = (valence) => el('span', { class: 'valence', dataset: { valence } }, valueName('valence', valence));

function use(here) {
  const fact = (term, value) => el('div', {}, el('dt', {}, term), el('dd', {}, value));
  return el('dl', { class: 'facts' },
    fact('Personer', number(here.respondents)), fact('Kodningar', number(here.codings)),
    here.below.length ? fact('Med koderna under', `${counted(here.respondents_below, 'person', 'personer')}, ${counted(here.codings_below, 'kodning', 'kodningar')}`) : null,
    here.influenceable ? null : fact('Kan parterna påverka', 'nej'));
}

/** Run a change; what the server refuses has been told already. */
const tried = (run) => async (...given) => {
  try {
    await run(...given);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
};

const ACTIONS = [
  { key: 'e', name: 'Ändra', label: 'Ändra koden', run: () => edit() },
  { key: 'r', name: 'Byt namn', label: 'Byt namn på koden', run: () => rename() },
  { key: 'f', name: 'Flytta', label: 'Flytta koden i trädet', run: tried(() => move()) },
  { key: 'm', name: 'Slå ihop', label: 'Slå ihop koden med en annan', run: tried(() => merge()) },
  { key: 'd', name: 'Dela', label: 'Dela: valda kodningar till en ny kod', run: () => split() },
  { key: 'x', name: 'Ta bort', label: 'Ta bort koden', run: tried(() => remove()) },
];

function actions() {
  return el('div', { class: 'row actions' }, ACTIONS.map(({ key, name, run }) => el('button', { type: 'button', onclick: run }, name, el('span', { 'aria-hidden': true }, keyCap(key)))));
}

function example({ text, facets: given }) {
  const real = quotes.find((quote) => quote.quote.replace(/\s+/g, ' ').trim() === text);
  return el('li', {}, real ? el('a', { href: place(real), title: `Läs i intervjun med ${real.respondent}` }, el('bdi', {}, text)) : el('bdi', {}, text),
    given.valence ? [' ', chip(given.valence)] : null,
    real ? el('span', { class: 'quiet' }, ` (${real.respondent})`) : null);
}

const place = (quote) => `/intervju/${quote.interview}#p=${quote.start}-${quote.end}`;

function quoteList(here) {
  if (!quotes.length) return [el('h3', {}, 'Kodningar'), el('p', { class: 'quiet' }, 'Ingen kodning har den här koden än.')];
  return [
    el('h3', { id: 'quotes-head' }, `Kodningar (${number(quotes.length)})`),
    el('p', { class: 'quiet small' }, 'Citatet leder till stället i intervjun. Kryssa för dem som ska få en ny kod och välj Dela.'),
    el('ul', { class: 'quotes' }, quotes.map((quote) => quoteRow(here, quote))),
    el('div', { class: 'row chosen', id: 'chosen', hidden: !chosen.size }, chosenRow()),
  ];
}

function quoteRow(here, quote) {
  const id = newId('quote');
  const person = quote.wave > 1 ? `${quote.respondent}, omgång ${quote.wave}` : quote.respondent;
  const used = here.examples.some(({ text }) => text === quote.quote.replace(/\s+/g, ' ').trim());
  const box = el('input', { type: 'checkbox', id, checked: chosen.has(quote.id), 'aria-label': `Välj ${person}: ${quote.quote.slice(0, 60)}`, onchange: () => toggle(quote.id, box.checked) });
  return el('li', {}, box, el('div', {},
    el('a', { href: place(quote) }, el('bdi', {}, quote.quote)),
    el('p', { class: 'about' }, el('bdi', {}, person), quote.facets.valence ? chip(quote.facets.valence) : null,
      quote.facets.party ? el('span', {}, valueName('party', quote.facets.party)) : null, el('span', { class: 'quiet' }, el('bdi', {}, quote.coder)),
      used ? null : el('button', { type: 'button', class: 'plain', 'aria-label': `Använd som exempel: ${quote.quote.slice(0, 60)}`, onclick: tried(() => useAsExample(here, quote)) }, 'Använd som exempel'))));
}

function toggle(id, on) {
  if (on) chosen.add(id);
  else chosen.delete(id);
  const box = one('#chosen');
  box.hidden = !chosen.size;
  fill(box, chosenRow());
}

const chosenRow = () => [el('strong', { role: 'status' }, counted(chosen.size, 'kodning vald', 'kodningar valda')),
  el('button', { type: 'button', class: 'primary', onclick: () => split() }, 'Dela till ny kod …')];

// --- changes ------------------------------------------------------------------------------------------

const address = (id, what = '') => `/api/kod/${encodeURIComponent(id)}${what}`;

async function useAsExample(here, quote) {
  const examples = [...here.examples, { text: quote.quote, facets: quote.facets }];
  await post(address(here.id), { examples, expected: contentOf(here) });
  announce('Citatet är ett exempel nu.');
}

/** A dialog with a form: `save(values)` is tried, and the dialog stays open with the words of a refusal. */
async function ask(title, fields, { label = 'Spara', save, read }) {
  const wrong = el('p', { class: 'wrong', role: 'alert', hidden: true });
  const form = el('form', { class: 'form', novalidate: true }, fields, wrong);
  let dialog = null;
  const submit = async () => {
    try {
      dialog.close((await save(read())) ?? 'yes');
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      fill(wrong, `${error.problem} ${error.fix}`).hidden = false;
      if (error.now) form.dispatchEvent(new CustomEvent('changed-by-others', { detail: error.now }));
    }
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    submit();
  });
  form.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit();
  });
  dialog = openDialog(title, form, { buttons: el('button', { type: 'button', class: 'primary', onclick: submit }, label), wide: true });
  form.querySelector('input, textarea')?.focus();
  return { form, closed: dialog.closed };
}

function field(label, control, hint = '') {
  control.id ||= newId('field');
  const told = hint ? newId('hint') : null;
  if (told) control.setAttribute('aria-describedby', told);
  return el('p', {}, el('label', { for: control.id }, label), control, hint ? el('span', { class: 'quiet small', id: told }, hint) : null);
}

const area = (value) => el('textarea', { rows: 2, value });
const line = (value, more = {}) => el('input', { type: 'text', autocomplete: 'off', value, ...more });
const parents = (self) => [el('option', { value: '' }, 'Överst'), sorted().filter(({ id }) => id !== self?.id && !self?.below.includes(id)).map(({ id, name }) => el('option', { value: id }, name))];
const sorted = () => [...codes].sort((a, b) => inSwedish.compare(a.name, b.name));

async function add() {
  const name = line('', { maxlength: 100 });
  const definition = area('');
  const parent = el('select', {}, parents());
  const words = line('');
  const { closed } = await ask('Ny kod', [
    field('Namn', name), field('Definition', definition, 'Vad hör hit? En mening räcker till att börja med.'),
    field('Ligger under', parent), field('Ord som pekar på koden', words, 'Skilj orden åt med komma. De hjälper programmet att föreslå.')],
  { label: 'Lägg till', read: () => ({ name: name.value, definition: definition.value, parent: parent.value, indicators: commas(words.value) }), save: (values) => post('/api/kodbok/kod', values, { quiet: true }) });
  const made = await closed;
  if (!made) return;
  at = made.id;
  one('#find').value = '';
  await load();
  await pick(made.id, { focus: true });
  announce(`Koden ${made.name} finns nu.`);
}

const commas = (text) => text.split(/[,\n]/).map((word) => word.trim()).filter(Boolean);

async function rename() {
  const here = code(at);
  if (!here) return;
  const name = line(here.name, { maxlength: 100 });
  const { closed } = await ask(`Byt namn på ${here.name}`, field('Namn', name, 'Kodningarna följer med.'), { label: 'Byt namn', read: () => ({ name: name.value, expected: contentOf(here) }), save: (values) => post(address(here.id), values, { quiet: true }) });
  name.select();
  const now = await closed;
  if (now) announce(`Koden heter ${now.name}.`);
}

async function edit() {
  const here = code(at);
  if (!here) return;
  let expected = contentOf(here);
  const name = line(here.name, { maxlength: 100 });
  const [definition, when, measure] = [here.definition, here.when, here.measure].map(area);
  const limits = rows(here.limits, limitRow, { condition: '', instead: '' });
  const examples = rows(here.examples, exampleRow, { text: '', facets: {} });
  const words = area(here.indicators.join(', '));
  const can = el('input', { type: 'checkbox', checked: here.influenceable });
  const headings = Object.fromEntries(VALENCES.map((valence) => [valence, line(here.headings[valence] ?? '')]));
  const now = el('div', { class: 'now', hidden: true });
  const { form, closed } = await ask(`Ändra ${here.name}`, [
    now, field('Namn', name), field('Definition', definition), field('När koden används', when),
    group('När den inte används', limits, 'Lägg till villkor'), group('Exempel', examples, 'Lägg till exempel'),
    field('Ord som pekar på koden', words, 'Skilj orden åt med komma.'),
    el('p', {}, el('label', { class: 'check' }, can, 'Parterna kan påverka det här')),
    field('Idé till åtgärd', measure),
    VALENCES.map((valence) => field(`Rubrik i fynden: ${valueName('valence', valence).toLowerCase()}`, headings[valence]))],
  {
    read: () => ({
      name: name.value, definition: definition.value, when: when.value, measure: measure.value, limits: limits.read(), examples: examples.read(),
      indicators: commas(words.value), influenceable: can.checked, headings: Object.fromEntries(Object.entries(headings).map(([valence, input]) => [valence, input.value])), expected,
    }),
    save: (values) => post(address(here.id), values, { quiet: true }),
  });
  form.addEventListener('changed-by-others', ({ detail }) => {
    expected = detail;
    fill(now, el('strong', {}, 'Så här är koden nu:'), el('p', {}, `${detail.name}: ${detail.definition}`), el('p', {}, 'Spara igen om det du har skrivit ska gälla i stället.')).hidden = false;
    now.scrollIntoView({ block: 'nearest' });
  });
  if (await closed) announce('Koden är ändrad.');
}

function rows(values, make, empty) {
  const box = el('div', {});
  const made = [];
  const put = (value, focus = false) => {
    const made1 = make(value, () => {
      made.splice(made.indexOf(made1), 1);
      made1.element.remove();
      box.parentElement.querySelector('.more')?.focus();
    });
    made.push(made1);
    box.append(made1.element);
    if (focus) made1.element.querySelector('input, textarea').focus();
  };
  values.forEach((value) => put(value));
  return { box, more: () => put(empty, true), read: () => made.map((one1) => one1.read()) };
}

const group = (title, list, more) => el('fieldset', {}, el('legend', {}, title), list.box, el('button', { type: 'button', class: 'more', onclick: list.more }, more));
const away = (what, run) => el('button', { type: 'button', class: 'plain', 'aria-label': `Ta bort ${what}`, onclick: run }, '×');

function limitRow({ condition, instead }, drop) {
  const text = el('textarea', { rows: 1, value: condition, 'aria-label': 'Villkor' });
  const other = el('select', { 'aria-label': 'Använd i stället' }, el('option', { value: '' }, 'Använd i stället …'), sorted().filter(({ id }) => id !== at).map(({ id, name }) => el('option', { value: id }, name)));
  other.value = instead;
  return { element: el('div', { class: 'parts' }, text, other, away('villkoret', drop)), read: () => ({ condition: text.value, instead: other.value }) };
}

function exampleRow({ text, facets: given }, drop) {
  const words = el('textarea', { rows: 1, value: text, 'aria-label': 'Exempel' });
  const picks = facets.map((facet) => {
    const select = el('select', { 'aria-label': facet.name }, el('option', { value: '' }, `${facet.name} …`), facet.values.map(({ id, name }) => el('option', { value: id }, name)));
    select.value = given[facet.id] ?? '';
    return [facet.id, select];
  });
  return {
    element: el('div', { class: 'parts example' }, words, away('exemplet', drop), el('div', { class: 'row' }, picks.map(([, select]) => select))),
    read: () => ({ text: words.value, facets: Object.fromEntries(picks.map(([id, select]) => [id, select.value]).filter(([, value]) => value)) }),
  };
}

async function move() {
  const here = code(at);
  if (!here) return;
  const top = { id: '', name: 'Överst', detail: 'Koden ligger inte under någon annan.' };
  const others = sorted().filter(({ id }) => id !== here.id && !here.below.includes(id));
  const found = await choose(`Lägg ${here.name} under`, [top, ...others.map(item)], { label: 'Sök överordnad kod', current: here.parent ?? '', accept: 'Flytta' });
  if (!found) return;
  await post(address(here.id, '/flytta'), { parent: found.item.id, expected: here.parent });
  announce(found.item.id ? `${here.name} ligger under ${found.item.name}.` : `${here.name} ligger överst.`);
  await focusOn(here.id);
}

const item = (each) => ({ id: each.id, name: each.name, hint: counted(each.codings, 'kodning', 'kodningar'), detail: each.definition, keywords: each.indicators.join(' ') });

async function merge() {
  const here = code(at);
  if (!here) return;
  const found = await choose(`Slå ihop ${here.name} med`, sorted().filter(({ id }) => id !== here.id).map(item), { label: 'Sök kod som ska vara kvar', accept: 'Slå ihop' });
  if (!found) return;
  const sure = await confirm(`Slå ihop ${here.name} med ${found.item.name}?`,
    `${counted(here.codings, 'kodning', 'kodningar')} får koden ${found.item.name}. Förslag, rader i SWOT, exempel och ord följer med. Definitionen av ${found.item.name} gäller. Det går att ångra.`, { yes: 'Slå ihop' });
  if (!sure) return;
  const { into, codings } = await post(address(here.id, '/slaihop'), { into: found.item.id, expected: contentOf(here) });
  await focusOn(into);
  announce(`${here.name} är en del av ${found.item.name} nu. ${counted(codings, 'kodning', 'kodningar')} följde med.`);
}

async function split() {
  const here = code(at);
  if (!here) return;
  if (!chosen.size) {
    announce(quotes.length ? 'Kryssa först för de kodningar som ska få den nya koden.' : 'Koden har inga kodningar att dela.');
    document.querySelector('.quotes input')?.focus();
    return;
  }
  const name = line('', { maxlength: 100 });
  const definition = area('');
  const { closed } = await ask(`Dela ${here.name}`, [
    el('p', {}, `${counted(chosen.size, 'kodning', 'kodningar')} av ${number(quotes.length)} får den nya koden.`), field('Den nya kodens namn', name), field('Definition', definition, 'Vad skiljer den från den gamla?')],
  { label: 'Dela', read: () => ({ codings: [...chosen], name: name.value, definition: definition.value }), save: (values) => post(address(here.id, '/dela'), values, { quiet: true }) });
  const made = await closed;
  if (!made) return;
  chosen = new Set();
  await focusOn(made.id);
  announce(`${counted(made.codings, 'kodning', 'kodningar')} har den nya koden.`);
}

async function remove() {
  const here = code(at);
  if (!here) return;
  if (!(await confirm(`Ta bort ${here.name}?`, 'Bara en kod som inte används kan tas bort. Det går att ångra.', { yes: 'Ta bort', danger: true }))) return;
  const index = codes.indexOf(here);
  await post(address(here.id, '/tabort'), { expected: contentOf(here) });
  await focusOn((codes[index + 1] ?? codes[index - 1])?.id ?? '');
  announce(`${here.name} är borttagen.`);
}

/** How words are made where the program reads them wrongly, one to a line. */
async function readWords() {
  let expected = ownWords;
  const lines = el('textarea', { rows: 8, value: ownWords.join('\n'), spellcheck: false });
  const now = el('p', { class: 'now', hidden: true });
  const { form, closed } = await ask('Ord som läses på ett eget sätt', [
    el('p', {}, 'Programmet delar sammansatta ord för att förstå dem. Delar det ett ord fel säger du här hur det ska läsas. Det gäller ordets alla former.'),
    now, field('Ett ord på varje rad', lines, 'Med + där ordet ska delas (vård + kö), utan + om det ska hållas helt (förväntan).')],
  { read: () => ({ words: lines.value.split('\n').map((each) => each.trim()).filter(Boolean), expected }), save: (values) => post('/api/kodbok/ord', values, { quiet: true }) });
  form.addEventListener('changed-by-others', ({ detail }) => {
    expected = detail;
    fill(now, el('strong', {}, 'Så här är det sagt nu: '), detail.join(', ') || 'inget', '. Spara igen om det du har skrivit ska gälla i stället.').hidden = false;
  });
  if (await closed) announce('Nästa gång förslag görs läses orden så.');
}

async function focusOn(id) {
  at = id;
  await load();
  await pick(at, { focus: true });
}

register('Kodbok', [
  { key: ['j', 'ArrowDown'], label: 'Nästa kod', run: () => step(1), when: () => !inQuotes() },
  { key: ['k', 'ArrowUp'], label: 'Förra koden', run: () => step(-1), when: () => !inQuotes() },
  { key: 'n', label: 'Ny kod', run: () => add() },
  { key: 'o', label: 'Ord som läses på ett eget sätt', run: () => readWords() },
  { key: '/', label: 'Sök kod', run: () => one('#find').focus() },
  ...ACTIONS.map(({ key, label, run }) => ({ key, label, run })),
]);
const inQuotes = () => Boolean(document.activeElement?.closest('#code'));

one('#new').addEventListener('click', add);
one('#words').addEventListener('click', readWords);
one('#filter').addEventListener('submit', (event) => event.preventDefault());
one('#find').addEventListener('input', drawTree);
one('#find').addEventListener('keydown', (event) => {
  if (event.key !== 'ArrowDown' && event.key !== 'Enter') return;
  const first = document.querySelector('#codes [data-code]');
  if (!first) return;
  event.preventDefault();
  pick(first.dataset.code, { focus: true });
});
window.addEventListener('hashchange', () => { if (code(fromAddress())) pick(fromAddress()); });
onChange(load);
load();
