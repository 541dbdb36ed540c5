// Two coders side by side: figures, and the places they do not agree on, each settled by one key.
import { complain } from './announce.js';
import { get, onChange, post } from './api.js';
import { codeItems, valenceTag } from './codes.js';
import { counted, el, fill, number, one } from './dom.js';
import { keyCap, register } from './keys.js';
import { cut, Places } from './offsets.js';
import { choose } from './palette.js';

const MOST = 900; // signs shown on either side of the place
const DID = { one: '{one} gäller', other: '{other} gäller', both: 'Båda gäller', none: 'Ingen gäller', code: 'Ny kod' };

let codebook = { facets: [], codes: [] };
let made = null; // the comparison
let at = 0;
let stack = []; // what was settled here: { row, events }
const texts = new Map();

const stage = one('#stage');
const name = (id) => codebook.codes.find((code) => code.id === id)?.name ?? id;
const owner = (who) => (/[sxz]$/i.test(who) ? `${who} gäller` : `${who}s gäller`);
const say = (words) => fill(one('#spoken'), words);

function text(interview) {
  if (!texts.has(interview)) {
    const asked = get(`/api/granska/intervju/${interview}`);
    texts.set(interview, asked);
    asked.catch(() => texts.delete(interview));
  }
  return texts.get(interview);
}

// --- who is compared ----------------------------------------------------------------------------------

async function begin() {
  const [book, coders] = await Promise.all([get('/api/granska/kodbok'), get('/api/samstammighet/kodare')]);
  codebook = book;
  stage.removeAttribute('aria-busy');
  if (coders.length < 2) {
    fill(stage, el('section', { class: 'empty' }, el('h2', {}, coders.length ? `Bara ${coders[0].name} har kodat än` : 'Ingen har kodat än'),
      el('p', {}, 'När två har kodat samma intervjuer, var för sig, visas här hur lika de har kodat och var de skiljer sig. Byt vem som kodar uppe till höger, eller låt en kollega koda på sin dator.')));
    return;
  }
  const asked = new URLSearchParams(window.location.search);
  for (const [id, place, key] of [['one', 0, 'en'], ['other', 1, 'annan']]) {
    fill(one(`#${id}`), coders.map((coder) => el('option', { value: coder.name }, `${coder.name} (${counted(coder.codings, 'kodning', 'kodningar')})`)));
    one(`#${id}`).value = coders.find((coder) => coder.name === asked.get(key))?.name ?? coders[place].name;
  }
  one('#who').hidden = false;
  await load();
}

async function load({ stay = false } = {}) {
  const pair = new URLSearchParams({ en: one('#one').value, annan: one('#other').value });
  const before = made?.disagreements[at];
  if (!made) fill(stage, el('p', { class: 'quiet' }, 'Jämför kodningarna …'));
  try {
    made = await get(`/api/samstammighet?${pair}`, { quiet: true });
  } catch (error) {
    if (error.problem === undefined) throw error;
    made = null;
    fill(stage, el('section', { class: 'empty' }, el('h2', {}, error.problem), el('p', {}, error.fix)));
    return;
  }
  const same = stay && before ? made.disagreements.findIndex((row) => sign(row) === sign(before)) : -1;
  at = same >= 0 ? same : Math.max(0, Math.min(at, made.disagreements.length - 1));
  await draw();
}

const sign = ({ one: mine, other }) => [...mine, ...other].map(({ id }) => id).join();

// --- the page -----------------------------------------------------------------------------------------

async function draw({ focus = false } = {}) {
  const row = made.disagreements[at];
  const shown = row ? await text(row.transcript) : null;
  if (row !== made.disagreements[at]) return;
  fill(stage,
    el('details', { class: 'figures', open: row ? Boolean(one('#stage').querySelector('.figures[open]')) : true }, el('summary', {}, 'Hur lika är kodningarna?'),
      el('ul', {}, made.told.map((line) => el('li', {}, line))),
      el('p', { class: 'quiet' }, 'Siffrorna gäller kodningarna som de är nu. Skriv ner dem innan ni börjar avgöra: det som avgörs blir ju lika.')),
    el('p', { class: 'row' }, el('strong', {}, counted(made.disagreements.length, 'ställe kvar att avgöra', 'ställen kvar att avgöra')), made.settled ? el('span', { class: 'quiet' }, counted(made.settled, 'avgjort', 'avgjorda')) : null),
    row ? card(row, shown) : el('section', { class: 'empty' }, el('h2', {}, 'Inget kvar att avgöra'), el('p', {}, `${made.one} och ${made.other} är överens, eller så är det avgjort.`)));
  if (focus) (document.querySelector('#card') ?? one('#main')).focus({ preventScroll: true });
}

function card(row, shown) {
  const [first] = [...row.one, ...row.other];
  const turn = shown.turns.find(({ end }) => first.start < end);
  const question = shown.questions[turn.question];
  return el('article', { id: 'card', class: 'place', tabindex: -1, 'aria-label': `Ställe ${at + 1} av ${made.disagreements.length}` },
    el('p', { class: 'quiet' }, el('strong', {}, el('bdi', {}, made.names[row.transcript])), ` · ${shown.group_name}`, question ? ` · ${question.section}` : null, row.about.includes('place') ? ' · bara den ena har kodat' : ` · olika ${row.about.map(about).join(', ')}`),
    question ? el('p', { class: 'question' }, question.text) : null,
    el('div', { class: 'sides' }, side(made.one, row.one, turn), side(made.other, row.other, turn)),
    el('div', { class: 'row settle' },
      way('one', '1', owner(made.one)), way('other', '2', owner(made.other)), way('both', 'b', 'Båda'), way('none', 'i', 'Ingen'),
      button('k', 'Ny kod …', newCode, 'code')),
    el('div', { class: 'row' }, button('ArrowLeft', 'Förra', () => step(-1)), button('ArrowRight', 'Nästa', () => step(1)), button('z', 'Ångra', undo), button('o', 'Öppna i intervjun', openInterview)));
}

const about = (kind) => ({ code: 'kod' })[kind] ?? codebook.facets.find(({ id }) => id === kind)?.name.toLowerCase() ?? kind;
const button = (key, words, run, kind = '') => el('button', { type: 'button', class: kind ? null : 'tool', 'aria-keyshortcuts': key.toUpperCase(), onclick: run }, keyCap(key), words);
const way = (choice, key, words) => button(key, words, () => settle(choice), choice);

function side(who, codings, turn) {
  return el('section', { class: codings.length ? 'side' : 'side nothing', 'aria-label': who }, el('h2', {}, el('bdi', {}, who)),
    el('p', { class: 'said', dir: 'auto' }, words(turn, codings)),
    codings.length ? codings.map(coded) : el('p', { class: 'quiet' }, 'Har inte kodat stället.'));
}

function words(turn, codings) {
  const places = new Places(turn.text);
  const spans = codings.map((coding) => [places.toOffset(coding.start - turn.start), places.toOffset(coding.end - turn.start)]);
  const from = spans.length ? Math.max(0, Math.min(...spans.map(([start]) => start)) - MOST) : 0;
  const to = spans.length ? Math.max(...spans.map(([, end]) => end)) + MOST : 2 * MOST;
  const start = from ? turn.text.indexOf(' ', from) + 1 : 0;
  const end = to < turn.text.length ? Math.max(start, turn.text.lastIndexOf(' ', to)) : turn.text.length;
  return [start ? '… ' : null, cut(turn.text.slice(start, end), turn.start + places.toCodePoint(start), codings).map(({ text: part, marks }) => (marks.length ? el('mark', { dataset: { valence: marks[0].facets.valence ?? '' } }, part) : part)), end < turn.text.length ? ' …' : null];
}

function coded({ code, facets }) {
  const [first, ...others] = codebook.facets;
  const value = (facet) => facet.values.find(({ id }) => id === facets[facet.id])?.name;
  return el('div', { class: 'coded' }, el('strong', {}, name(code)),
    first && value(first) ? valenceTag(facets[first.id], value(first)) : null,
    others.filter(value).map((facet) => el('span', { class: 'quiet' }, value(facet))));
}

// --- settling -----------------------------------------------------------------------------------------

/** Settle the place at hand: the next is shown at once, and the decision saved in the background. */
function settle(choice, code = '') {
  const row = made?.disagreements[at];
  if (!row) return;
  const decision = { row, place: at, events: [] };
  made.disagreements.splice(at, 1);
  made.settled += 1;
  at = Math.min(at, Math.max(0, made.disagreements.length - 1));
  stack.push(decision);
  say(`${DID[choice].replace('{one}', made.one).replace('{other}', made.other)}.`);
  draw({ focus: true });
  const data = { en: made.one, annan: made.other, expected: { one: row.one, other: row.other }, choice, ...(code ? { code } : {}) };
  post('/api/samstammighet/avgor', data, { quiet: true }).then(({ events }) => { decision.events = events; }, (error) => refused(decision, error));
}

function refused(decision, error) {
  if (error.problem === undefined) throw error;
  stack = stack.filter((each) => each !== decision);
  complain(error.problem, error.fix);
  load();
}

async function newCode() {
  const row = made?.disagreements[at];
  if (!row) return;
  const likely = [...row.one, ...row.other].map(({ code }) => code);
  const chosen = await choose('Ny kod för stället', codeItems(codebook, { likely: [...new Set(likely)] }), { label: 'Skriv början av en kod' });
  if (chosen && made.disagreements[at] === row) settle('code', chosen.item.id);
}

function undo() {
  const decision = stack.pop();
  if (!decision) {
    one('#undo').click();
    return;
  }
  made.disagreements.splice(decision.place, 0, decision.row);
  made.settled -= 1;
  at = decision.place;
  say('Ångrat.');
  draw({ focus: true });
  post('/api/granska/angra', () => ({ events: decision.events }), { quiet: true }).catch((error) => refused(decision, error));
}

function step(by) {
  if (!made?.disagreements.length) return;
  at = (at + by + made.disagreements.length) % made.disagreements.length;
  draw({ focus: true });
}

function openInterview() {
  const row = made?.disagreements[at];
  const [first] = row ? [...row.one, ...row.other] : [];
  if (first) window.open(`/intervju/${row.transcript}#p=${first.start}-${first.end}`, '_blank', 'noopener');
}

const here = () => Boolean(made?.disagreements.length);
const key = (letters, label, run, when = here) => ({ key: letters, label, run, when });
register('Samstämmighet', [
  key(['1'], 'Den förstas kodning gäller', () => settle('one')),
  key(['2'], 'Den andras kodning gäller', () => settle('other')),
  key(['b', 'B'], 'Båda gäller', () => settle('both')),
  key(['i', 'I'], 'Ingen gäller', () => settle('none')),
  key(['k', 'K'], 'Ny kod', newCode),
  key(['ArrowRight'], 'Nästa ställe', () => step(1)),
  key(['ArrowLeft'], 'Förra stället', () => step(-1)),
  key(['z', 'Z'], 'Ångra', undo, () => made !== null),
  key(['o', 'O'], 'Öppna i intervjun, i en ny flik', openInterview),
]);

for (const id of ['#one', '#other']) one(id).addEventListener('change', () => { stack = []; at = 0; load(); });
one('#who').addEventListener('submit', (event) => event.preventDefault());
onChange(({ events, foreign }) => {
  if (made && (foreign.length || events.some(({ kind }) => kind !== 'do'))) load({ stay: true });
});
begin();
