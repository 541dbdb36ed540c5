// The SWOT and measures board: cards moved by hand, keys or menu, worded in place and saved by themselves.
import { announce } from './announce.js';
import { get, onChange, post } from './api.js';
import { confirm } from './dialog.js';
import { draggable } from './drag.js';
import { el, fill, number, one } from './dom.js';
import { keep, kept } from './keep.js';
import { register } from './keys.js';
import { choose } from './palette.js';
import { lineCard } from './swot-line.js';
import { measureCard, measureForm } from './swot-measure.js';
import { editFindings, moveMenu, pickDrafts } from './swot-dialogs.js';
import { openQuotes } from './quotes.js';

const MOST_GAPS = 6;
const lines = new Map();
const measures = new Map();
let board = null;
let asked = 0;
let shown = 0;
let queue = Promise.resolve();

// --- asking and being answered ------------------------------------------------------------------------

async function load() {
  const mine = ++asked;
  const found = await get('/api/swot');
  if (mine > shown) apply(found, mine);
}

/** Decide something, after what was decided before it; `data()` is made when its turn comes. Shows the board after. */
function decide(path, data, options = {}) {
  const run = async () => {
    const mine = ++asked;
    try {
      const answer = await post(path, data(), options);
      if (mine > shown) apply(answer.board, mine);
      return answer;
    } catch (error) {
      if (error.status === 409 || error.status === 404) await load();
      throw error;
    }
  };
  const result = queue.then(run);
  queue = result.catch(() => {});
  return result;
}

const act = {
  reword: (card, value, believed) => decide(`/api/swot/rader/${card.item.id}/text`, () => ({ text: value, expected: { ...row(card.item), text: believed.text } }), { quiet: true }),
  edit: (card, name, value, believed) => decide(`/api/atgarder/${card.item.id}/andra`, () => ({ values: { [name]: value }, expected: { ...measureRow(card.item), [name]: believed[name] } }), { quiet: true }),
  quotes: (card) => openQuotes(card.item.text, card.item.cites),
  findings: async (card) => {
    const cites = await editFindings(card.item, board);
    if (!cites) return;
    await decide(`/api/swot/rader/${card.item.id}/fynd`, () => ({ cites, expected: row(card.item) }));
    announce('Fynden bakom raden är ändrade.');
  },
  remove: async (card) => {
    const cited = board.measures.filter((measure) => measure.cites.includes(card.item.id)).length;
    if (cited && !(await confirm('Ta bort raden?', `${number(cited)} ${cited === 1 ? 'åtgärd svarar' : 'åtgärder svarar'} mot den. Åtgärderna blir kvar.`, { yes: 'Ta bort' }))) return;
    const { text, field } = card.item;
    await decide(`/api/swot/rader/${card.item.id}/ta-bort`, () => ({ expected: row(card.item) }));
    announce(`Tog bort ”${text}”. Ångra om det var fel.`);
    one(`[data-field=${field}] .add`).focus();
  },
  menu: async (card) => {
    const chosen = await moveMenu(card.item, board);
    if (chosen) step(card, chosen);
  },
  step,
  move,
  removeMeasure: async (card) => {
    const { text } = card.item;
    await decide(`/api/atgarder/${card.item.id}/ta-bort`, () => ({ expected: measureRow(card.item) }));
    announce(`Tog bort ”${text}”. Ångra om det var fel.`);
    one('#add-measure').focus();
  },
  citeLines: async (card) => {
    const made = await measureForm(board, { ...card.item, only: 'cites' });
    if (made) await decide(`/api/atgarder/${card.item.id}/rader`, () => ({ cites: made.cites, expected: measureRow(card.item) }));
  },
};

const row = ({ field, text, cites }) => ({ field, text, cites });
const measureRow = ({ text, party, due, follow_up: followUp, cites }) => ({ text, party, due, follow_up: followUp, cites });
const inField = (field) => board.items.filter((item) => item.field === field);

// --- moving -------------------------------------------------------------------------------------------

async function move(card, field, before) {
  const order = inField(field).map((item) => item.id);
  const others = order.filter((id) => id !== card.item.id);
  const at = before === null ? others.length : others.indexOf(before);
  if (field === card.item.field && order.indexOf(card.item.id) === at) return;
  await decide(`/api/swot/rader/${card.item.id}/flytta`, () => ({ field, before: before ?? 0, order: inField(field).map((item) => item.id), expected: row(card.item) }));
  const now = inField(field);
  announce(`”${card.item.text}” står nu i ${name(field)}, plats ${now.findIndex((item) => item.id === card.item.id) + 1} av ${now.length}.`);
}

const name = (field) => board.fields.find((one) => one.id === field).name;

/** Move one step: "up", "down", "first", "last", "before" or "after" a field, or to a field by its id. */
async function step(card, way) {
  const { field, id } = card.item;
  const others = inField(field).filter((item) => item.id !== id);
  const at = inField(field).findIndex((item) => item.id === id);
  const fields = board.fields.map((one) => one.id);
  const beside = fields[fields.indexOf(field) + (way === 'after' ? 1 : -1)];
  const goals = {
    up: () => at > 0 && [field, others[at - 1].id],
    down: () => at < others.length && [field, others[at + 1]?.id ?? null],
    first: () => others.length && [field, others[0].id],
    last: () => [field, null],
    before: () => beside && [beside, null],
    after: () => beside && [beside, null],
  };
  const goal = way in goals ? goals[way]() : [way, null];
  if (!goal) {
    announce('Längre går det inte åt det hållet.');
    return;
  }
  try {
    await move(card, ...goal);
  } finally {
    card.focusGrip();
  }
}

// --- drawing ------------------------------------------------------------------------------------------

function apply(fresh, mine) {
  shown = mine;
  board = fresh;
  const kept = keepFocus();
  if (!document.querySelector('#fields .field')) drawFields();
  renew(lines, board.items, (item) => lineCard(item, board, act));
  for (const field of board.fields) {
    const mineNow = inField(field.id);
    arrange(one(`[data-field=${field.id}] .lines`), mineNow.map((item) => lines.get(item.id).element));
    fill(one(`[data-field=${field.id}] .many`), mineNow.length ? number(mineNow.length) : null);
  }
  renew(measures, board.measures, (item) => measureCard(item, board, act));
  drawMeasures();
  drawGaps();
  kept();
}

/** Keep one card per row: made when it is new, told when it is not, taken away when it is gone. */
function renew(cards, items, make) {
  const ids = new Set(items.map((item) => item.id));
  for (const [id, card] of cards) {
    if (ids.has(id)) continue;
    card.element.remove();
    cards.delete(id);
  }
  for (const item of items) {
    const card = cards.get(item.id);
    if (card) card.update(item, board);
    else cards.set(item.id, make(item));
  }
}

/** Put elements in this order without touching those that stand right: a field one writes in keeps its caret. */
function arrange(list, elements) {
  elements.forEach((element, index) => {
    if (list.children[index] !== element) list.insertBefore(element, list.children[index] ?? null);
  });
  while (list.children.length > elements.length) list.lastElementChild.remove();
}

/** Return what gives the focus back to where it is now, if drawing takes it away. */
function keepFocus() {
  const { activeElement } = document;
  return () => { if (activeElement !== document.activeElement && activeElement?.isConnected) activeElement.focus(); };
}

function drawFields() {
  one('#fields').removeAttribute('aria-busy');
  fill(one('#fields'), board.fields.map((field) => el('section', { class: 'field', 'data-field': field.id, 'aria-labelledby': `head-${field.id}` },
    el('h3', { id: `head-${field.id}` }, field.name, el('span', { class: 'many' })), el('p', { class: 'quiet small' }, field.about),
    el('ol', { class: 'lines' }),
    el('button', { type: 'button', class: 'add', onclick: () => addLine(field) }, '+ Lägg till rad', el('span', { class: 'visually-hidden' }, ` i ${field.name}`)))));
}

async function addLine(field) {
  const helping = { styrka: ['framgang'], mojlighet: ['framgang', 'onskan'], svaghet: ['flaskhals'], hot: ['flaskhals'] }[field.id];
  const cited = new Set(board.items.flatMap((item) => item.cites));
  const rank = (finding) => (helping.includes(finding.valence) ? 0 : 2) + (cited.has(finding.id) ? 1 : 0);
  const items = [...board.findings].sort((a, b) => rank(a) - rank(b)).map((finding) => ({ ...finding, group: finding.valence_name, keywords: `${finding.code} ${finding.valence_name}`, hint: `${finding.n} av ${board.people}${cited.has(finding.id) ? ' · används' : ''}` }));
  const chosen = await choose(`Ny rad i ${field.name}`, items, { label: 'Vilket fynd bygger raden på?', accept: 'Lägg till' });
  if (!chosen) return;
  const { id } = await decide('/api/swot/rader', () => ({ field: field.id, cites: [chosen.item.id] }));
  announce(`Raden står sist i ${field.name}. Skriv om den som ni vill ha den.`);
  lines.get(id)?.focusText();
}

function drawMeasures() {
  const parties = [...new Set(board.measures.map((measure) => measure.party))];
  const place = one('#measures');
  if (!parties.length) {
    fill(place, el('p', { class: 'card quiet' }, 'Inga åtgärder än. En åtgärd svarar mot minst en rad i SWOT.'));
    return;
  }
  if (!place.querySelector('.party') || place.querySelector(':scope > .card')) fill(place);
  const sections = new Map([...place.querySelectorAll('.party')].map((section) => [section.dataset.party, section]));
  for (const party of parties) {
    if (sections.has(party)) continue;
    const head = `party-${party}`;
    sections.set(party, el('section', { class: 'party', 'data-party': party, 'aria-labelledby': head }, el('h3', { id: head }, board.measures.find((measure) => measure.party === party).party_name), el('ol', { class: 'measures' })));
  }
  arrange(place, parties.map((party) => sections.get(party)));
  for (const party of parties) arrange(one('.measures', sections.get(party)), board.measures.filter((measure) => measure.party === party).map((measure) => measures.get(measure.id).element));
}

// --- what is missing ----------------------------------------------------------------------------------

function drawGaps() {
  const { gaps } = board;
  const line = (id) => board.items.find((item) => item.id === id);
  const answer = (item) => el('button', { type: 'button', class: 'small', onclick: () => addMeasure({ cites: [item.id], party: item.cites[0]?.split('|')[2] }) }, 'Lägg till åtgärd …', el('span', { class: 'visually-hidden' }, ` mot ${item.text}`));
  const meet = (found) => el('button', { type: 'button', class: 'small', onclick: () => asWeakness(found) }, 'Lägg till som svaghet', el('span', { class: 'visually-hidden' }, `: ${found.name}`));
  const quotes = (found) => el('button', { type: 'button', class: 'small', 'aria-haspopup': 'dialog', 'aria-label': `${found.name}: ${found.n} av ${board.people}, läs citaten`, onclick: () => openQuotes(found.name, found.id) }, `${found.n} av ${board.people}`);
  const cited = new Set(board.items.flatMap((item) => item.cites));
  const groups = [
    ['Svagheter som ingen åtgärd svarar mot', gaps.weaknesses.map((id) => [line(id).text, answer(line(id))])],
    [`${board.bottlenecks} som ingen åtgärd möter`, gaps.bottlenecks.filter((found) => !cited.has(found.id)).map((found) => [found.name, quotes(found), meet(found)])],
    ['Rader som inte längre har något fynd bakom sig', gaps.lines.map((id) => [line(id).text])],
    ['Åtgärder utan fynd bakom sig', gaps.measures.map((id) => [board.measures.find((measure) => measure.id === id).text])],
  ].filter(([, rows]) => rows.length);
  const open = [...document.querySelectorAll('#gaps details[open]')].map((details) => details.dataset.of);
  fill(one('#gaps'), groups.length ? groups.map(([head, rows]) => gap(head, rows, open)) : el('p', { class: 'card' }, 'Inga luckor. Varje svaghet har en åtgärd, och varje åtgärd bygger på fynd.'));
}

function gap(head, rows, open) {
  const item = ([text, ...buttons]) => el('li', {}, el('bdi', {}, text), el('span', { class: 'row' }, buttons));
  const rest = rows.slice(MOST_GAPS);
  return el('div', { class: 'gap' }, el('h3', {}, head, el('span', { class: 'many' }, number(rows.length))), el('ul', {}, rows.slice(0, MOST_GAPS).map(item)),
    rest.length ? el('details', { 'data-of': head, open: open.includes(head) }, el('summary', {}, `Visa ${number(rest.length)} till`), el('ul', {}, rest.map(item))) : null);
}

async function asWeakness(found) {
  const { id } = await decide('/api/swot/rader', () => ({ field: 'svaghet', cites: [found.id] }));
  announce(`”${found.name}” står nu sist i Svagheter.`);
  lines.get(id)?.focusText();
}

async function addMeasure(start = {}) {
  if (!board.items.length) {
    announce('Gör SWOT först: en åtgärd svarar mot minst en rad där.');
    return;
  }
  const made = await measureForm(board, start);
  if (!made) return;
  const { id } = await decide('/api/atgarder', () => made);
  announce(`La till åtgärden ”${made.text}”.`);
  measures.get(id)?.focusText();
}

// --- drafts -------------------------------------------------------------------------------------------

async function draftLines() {
  const { lines: proposed } = await get('/api/swot/utkast');
  const only = await pickDrafts('Utkast ur fynden', proposed.map((line) => ({ group: name(line.field), text: line.text, hint: `${line.n} av ${line.total}` })), 'rad', 'rader', 'Varje fynd som minst två personer står bakom och som ingen rad bygger på än. Inget sparas förrän du väljer.');
  if (!only?.length) return;
  const { added } = await decide('/api/swot/utkast', () => ({ only, expected: proposed.map((line) => line.cites[0]) }));
  announce(`${number(added)} ${added === 1 ? 'rad' : 'rader'} lades till. Ångra tar bort dem igen.`);
}

async function draftMeasures() {
  const { measures: proposed } = await get('/api/atgarder/utkast');
  const only = await pickDrafts('Utkast ur svagheterna', proposed.map((draft) => ({ group: draft.party_name, text: draft.text, hint: draft.lines.join('; ') })), 'åtgärd', 'åtgärder', 'En åtgärd för varje svaghet som ingen svarar mot än, ordnad efter den som ansvarar. Inget sparas förrän du väljer.');
  if (!only?.length) return;
  const { added } = await decide('/api/atgarder/utkast', () => ({ only, expected: proposed.map(({ text, party, cites }) => ({ text, party, cites })) }));
  announce(`${number(added)} ${added === 1 ? 'åtgärd' : 'åtgärder'} lades till. Ångra tar bort dem igen.`);
}

// --- beginning ----------------------------------------------------------------------------------------

function view(kind) {
  one('#fields').classList.toggle('as-list', kind === 'list');
  for (const id of ['board', 'list']) one(`#as-${id}`).setAttribute('aria-pressed', String(id === kind));
  keep('swot', kind);
}

for (const kind of ['board', 'list']) one(`#as-${kind}`).addEventListener('click', () => view(kind));
one('#draft-lines').addEventListener('click', draftLines);
one('#draft-measures').addEventListener('click', draftMeasures);
one('#add-measure').addEventListener('click', () => addMeasure());
draggable(one('#fields'), {
  handle: '.grip', card: '.line', list: '.lines',
  landed: (element, list, before) => move(lines.get(Number(element.dataset.id)), list.closest('[data-field]').dataset.field, before ? Number(before.dataset.id) : null).catch(() => {}),
});
register('SWOT', [
  { key: 'l', label: 'Växla mellan tavla och lista', run: () => view(one('#fields').classList.contains('as-list') ? 'board' : 'list') },
  { key: 'p', label: 'Projektor', run: () => window.location.assign('/swot/projektor') },
  { key: 'u', label: 'Utkast ur fynden', run: draftLines },
  { key: 'n', label: 'Ny åtgärd', run: () => addMeasure() },
]);
window.addEventListener('beforeunload', (event) => { if (document.querySelector('[data-state=saving]')) event.preventDefault(); });
onChange(load);
view(kept('swot') === 'list' ? 'list' : 'board');
load();
