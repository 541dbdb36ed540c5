// The review queue: suggestions decided on one by one or turn by turn, by single keys, while the suggester learns.
import { announce, complain } from './announce.js';
import { follow, get, onChange, post } from './api.js';
import { codeItems, sureness } from './codes.js';
import { openDialog } from './dialog.js';
import { counted, el, fill, newId, number, one } from './dom.js';
import { register } from './keys.js';
import { choose } from './palette.js';
import { context, proposal } from './review-card.js';
import { Queue } from './review-queue.js';
import { moved } from './spans.js';

const RESERVED = 'gxkszdmohjb';
const DID = { accepted: 'Godtog', changed: 'Godtog med ändring', rejected: 'Avvisade' };
const QUIET_ACTIONS = new Set(['accept', 'reject', 'add_memo']);

let codebook = { facets: [], codes: [] };
let codes = new Map();
let letters = new Map();
let unit = null;
let active = null;
let open = ''; // the facet whose values the digits choose among
let defined = false;
let whole = false;
let learning = null; // the job under way
let fresh = false; // a new order waits for the next card
let spokenFirst = true;
let asked = 0; // times the next card has been asked for: only the latest answer is shown

const queue = new Queue(tell);
const code = (id) => codes.get(id) ?? { id, name: id, definition: '', when: '', limits: [], examples: [] };

// --- the card -----------------------------------------------------------------------------------------

/** Show the next card, or what to do when there is none. */
async function next() {
  open = '';
  whole = false;
  const mine = ++asked;
  const before = unit;
  unit = null;
  active = null;
  const found = await queue.next().catch(() => undefined);
  if (mine !== asked) return;
  if (found === undefined) {
    unit = before;
    fill(one('#stage'), el('p', {}, 'Intervjun gick inte att hämta. ', el('button', { type: 'button', onclick: next }, 'Försök igen')));
    return;
  }
  fresh = false;
  if (found) {
    unit = { ...found, name: queue.info.interviews.find(({ id }) => id === found.first.transcript)?.name ?? '' };
    active = unit.first;
  } else queue.shown = [];
  draw();
  if (!spokenFirst) focusCard();
  spokenFirst = false;
  tell();
}

function focusCard() {
  const card = document.querySelector('#card');
  if (!card) {
    one('#main').focus({ preventScroll: true });
    return;
  }
  card.focus({ preventScroll: true });
  window.scrollTo({ top: 0 });
  const mark = card.querySelector('mark.active');
  const box = mark?.getBoundingClientRect();
  if (box && (box.bottom > window.innerHeight - 40 || box.top < 60)) mark.scrollIntoView({ block: 'center' });
}

function draw() {
  const stage = one('#stage');
  stage.removeAttribute('aria-busy');
  if (!unit) {
    fill(stage, empty());
    return;
  }
  const held = document.activeElement?.closest?.('#card') ? document.activeElement.dataset.focus ?? 'card' : '';
  const drafts = new Map(unit.all.map((each) => [each.id, queue.draft(each)]));
  const label = newId('card');
  const draft = drafts.get(active.id);
  fill(stage, el('article', { id: 'card', class: 'review', tabindex: -1, 'aria-labelledby': label },
    el('p', { id: label, class: 'visually-hidden' }, `Förslag: ${code(draft.code).name}, ${valenceName(draft)}. ${sureness(active.sure.code)}. ${unit.name}.`),
    context({ unit, active, drafts, decisions: queue.decided, whole }, { code, on }),
    proposal({ one: active, draft, letters, open, defined }, { codebook, code, on })));
  if (held) (held === 'card' ? null : stage.querySelector(`[data-focus="${CSS.escape(held)}"]`) ?? one('#card'))?.focus({ preventScroll: true });
  if (held === 'card') one('#card').focus({ preventScroll: true });
}

const valenceName = ({ facets }) => {
  const [facet] = codebook.facets;
  return facet?.values.find(({ id }) => id === facets[facet.id])?.name ?? 'inget slag';
};

/** What is said when there is nothing to decide on. */
function empty() {
  const { info } = queue;
  const decided = info.accepted + info.changed + info.rejected;
  const say = (head, words, ...ways) => el('section', { class: 'empty', 'aria-labelledby': 'empty-head' }, el('h2', { id: 'empty-head' }, head), el('p', {}, words), el('p', { class: 'row' }, ways));
  const go = (to, words) => el('a', { class: 'button', href: to }, words);
  const run = (words, act, primary = true) => el('button', { type: 'button', class: primary ? 'primary' : null, onclick: act, disabled: Boolean(learning) }, words);
  if (!info.interviews.length) return say('Inga intervjuer än', 'Lägg till utskrifter först. Sedan kan programmet föreslå kodningar i dem.', el('a', { class: 'button primary', href: '/#lagg-till' }, 'Lägg till intervjuer'));
  if (learning && !decided && !info.suggestions.length) return el('div', {}, say('Programmet läser intervjuerna', 'Det tar ett par minuter första gången. Du kan göra annat under tiden.'), bar());
  if (!decided && !info.suggestions.length) return say('Inga förslag än', 'Programmet läser svaren och föreslår koder, med skäl. Du avgör varje förslag; inget räknas förrän du har sagt ja.', run('Ta fram förslag', () => learn({})));
  if (info.suggestions.length && queue.left().length < queue.order.length && !queue.left().length && queue.order.some((each) => queue.free(each))) return say('Inget kvar i urvalet', `${counted(queue.order.filter((each) => queue.free(each)).length, 'förslag är kvar', 'förslag är kvar')} i andra intervjuer eller koder.`, run('Granska alla', clearSelection));
  return say('Alla förslag är avgjorda', `${counted(decided, 'beslut', 'beslut')}. Vill du vara säker på att inget har missats kan programmet leta på nytt, med det du har lärt det.`,
    run('Leta efter fler', () => learn({ mode: 'complete' })), navigates('/fynd') ? go('/fynd', 'Se fynden') : go('/intervjuer', 'Läs intervjuerna'));
}

const navigates = (to) => document.querySelector(`.navigation a[href="${to}"]`) !== null;

// --- deciding -----------------------------------------------------------------------------------------

function decide(kind) {
  if (!unit) return;
  const decision = queue.decide(active, kind);
  trace(`${DID[decision.kind]} ${code(decision.draft.code).name}`);
  say(`${decision.kind === 'rejected' ? 'Avvisat' : 'Godtaget'}: ${code(decision.draft.code).name}.`);
  step();
  due();
}

/** Go to what is left on the card, otherwise to the next card. */
function step() {
  const at = unit.all.indexOf(active);
  const left = (each) => queue.free(each);
  const other = unit.all.slice(at + 1).find(left) ?? unit.all.find(left);
  if (!other || fresh) {
    next();
    return;
  }
  active = other;
  open = '';
  draw();
  focusCard();
  tell();
}

function undo() {
  const decision = queue.undo();
  if (!decision) {
    one('#undo').click();
    return;
  }
  trace('');
  say(`Ångrat: ${code(decision.draft.code).name}.`);
  next();
}

function skip() {
  if (!unit) return;
  queue.skip(unit.all);
  say('Överhoppat.');
  next();
}

function trace(words) {
  const line = one('#trace');
  line.hidden = !words;
  fill(line, words ? ['Senast: ', words, '. ', el('button', { type: 'button', class: 'tool', onclick: undo }, el('kbd', {}, 'Z'), 'Ångra')] : null);
}

const say = (words) => fill(one('#spoken'), words);

function change(values) {
  queue.change(active, values);
  draw();
}

const on = {
  accept: () => decide('accepted'),
  reject: () => decide('rejected'),
  instead: (id) => { change({ code: id }); decide('accepted'); },
  skip,
  undo,
  choose: (each) => { active = each; draw(); },
  whole: () => { whole = true; draw(); },
  define: () => { defined = !defined; draw(); },
  facet: (facet) => { open = open === facet.id ? '' : facet.id; draw(); },
  value: (facet, id) => {
    const now = queue.draft(active).facets;
    open = '';
    change({ facets: { ...now, [facet.id]: id } });
    say(`${facet.name}: ${facet.values.find((value) => value.id === id)?.name ?? 'inget'}.`);
  },
  stretch: (edge, way, far) => {
    const { start, end } = queue.draft(active);
    change(moved({ start, end }, unit.turn, edge, way, far ? 'sentence' : 'word'));
  },
  clause: () => {
    const { start, end } = queue.draft(active);
    const at = active.clauses.findIndex(([from, to]) => from === start && to === end);
    if (active.clauses.length < 2) announce('Stället är en enda sats.');
    else {
      const [from, to] = active.clauses[at + 1] ?? [active.start, active.end];
      change({ start: from, end: to });
    }
  },
  open: () => window.open(`/intervju/${active.transcript}#p=${active.start}-${active.end}`, '_blank', 'noopener'),
  code: async () => {
    const mine = active;
    const here = unit.all.filter((each) => each.start === mine.start && each.end === mine.end);
    const likely = [...new Set([mine, ...here].map((each) => each.code))];
    const hints = Object.fromEntries(here.map((each) => [each.code, sureness(each.sure.code)]));
    const chosen = await choose('Byt kod', codeItems(codebook, { likely, recent: queue.info.recent, hints }), { label: 'Skriv början av en kod', current: queue.draft(mine).code });
    if (!chosen || mine !== active) return;
    queue.info.recent = [chosen.item.id, ...queue.info.recent.filter((id) => id !== chosen.item.id)].slice(0, 6);
    change({ code: chosen.item.id });
    focusCard();
  },
  memo: async () => {
    const mine = active;
    const id = newId('memo');
    const field = el('textarea', { id, value: queue.draft(mine).memo, maxlength: 4000 });
    let dialog = null;
    const keep = () => { // at once: a key pressed before the dialog is gone decides with the remark
      if (mine === active) change({ memo: field.value.trim() });
      dialog.close();
    };
    dialog = openDialog('Anteckning', [el('label', { for: id }, 'Sparas på kodningen när du godtar, på intervjun om du avvisar'), field], { buttons: el('button', { type: 'button', class: 'primary', onclick: keep }, 'Klar') });
    field.focus();
    field.addEventListener('keydown', (event) => { if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) keep(); });
    await dialog.closed;
    focusCard();
  },
  more: async () => {
    const wanted = queue.draft(active).code;
    await learn({ mode: 'complete' });
    one('#code').value = wanted;
    select();
  },
};

// --- keys ---------------------------------------------------------------------------------------------

/** Give facets and the first one's values a letter each: the first of their names that is free. */
function chooseLetters() {
  const taken = new Set(RESERVED);
  letters = new Map();
  const give = (id, name) => {
    const letter = [...name.toLowerCase(), ...'abcdefghijklmnopqrstuvwxyzåäö'].find((sign) => /\p{L}/u.test(sign) && !taken.has(sign));
    taken.add(letter);
    letters.set(id, letter);
  };
  for (const value of codebook.facets[0]?.values ?? []) give(`${codebook.facets[0].id}:${value.id}`, value.name);
  for (const facet of codebook.facets.slice(1)) give(facet.id, facet.name);
}

const both = (letter) => [letter, letter.toUpperCase()];

function shortcuts() {
  const here = () => unit !== null;
  const plain = (key, label, run) => ({ key: both(key), label, run, when: here });
  const [first, ...others] = codebook.facets;
  const digit = (event) => {
    const facet = codebook.facets.find(({ id }) => id === open);
    const place = Number(event.key) - 1;
    if (!facet && place === 0) on.accept();
    else if (!facet && active.others[place - 1]) on.instead(active.others[place - 1][0]);
    else if (facet && place < 0) on.value(facet, '');
    else if (facet?.values[place]) on.value(facet, facet.values[place].id);
  };
  const move = (edge, way) => (event) => on.stretch(edge, way, event.shiftKey);
  const among = (way) => () => {
    const left = unit.all.filter((each) => queue.free(each));
    on.choose(left[(left.indexOf(active) + way + left.length) % left.length]);
  };
  const several = () => here() && unit.all.filter((each) => queue.free(each)).length > 1;
  register('Granska', [
    { key: ['Enter', ...both('g')], label: 'Godta', run: on.accept, when: here },
    plain('x', 'Avvisa', on.reject),
    plain('s', 'Hoppa över, det kommer tillbaka sist', on.skip),
    { key: both('z'), label: 'Ångra det senaste beslutet', run: undo },
    plain('k', 'Byt kod', on.code),
    { key: '123456789'.slice(0, Math.max(3, ...codebook.facets.map(({ values }) => values.length))).split('').concat('0'), label: 'Godta med den av koderna, eller välj värdet i den rad som är öppen', run: digit, when: here },
    ...(first?.values ?? []).map((value) => plain(letters.get(`${first.id}:${value.id}`), value.name, () => on.value(first, value.id))),
    ...others.map((facet) => plain(letters.get(facet.id), `${facet.name}: öppna och välj med siffra`, () => on.facet(facet))),
    { key: 'Escape', label: 'Stäng raden', run: () => { open = ''; draw(); }, when: () => here() && open !== '' },
    { key: ['ArrowRight', ']', '}'], label: 'Sluta ett ord senare (Skift: en mening)', run: move('end', 1), when: here },
    { key: ['ArrowLeft', '[', '{'], label: 'Sluta ett ord tidigare (Skift: en mening)', run: move('end', -1), when: here },
    { key: [',', ';', '<'], label: 'Börja ett ord tidigare (Skift: en mening)', run: move('start', -1), when: here },
    { key: ['.', ':', '>'], label: 'Börja ett ord senare (Skift: en mening)', run: move('start', 1), when: here },
    plain('b', 'Bara en sats av stället, sedan nästa, sedan hela igen', on.clause),
    { key: 'ArrowDown', label: 'Nästa förslag på kortet', run: among(1), when: several },
    { key: 'ArrowUp', label: 'Förra förslaget på kortet', run: among(-1), when: several },
    plain('d', 'Vad koden betyder', on.define),
    plain('m', 'Anteckning', on.memo),
    plain('o', 'Öppna i intervjun, i en ny flik', on.open),
    plain('h', 'Hitta fler av koden', on.more),
  ]);
}

// --- learning -----------------------------------------------------------------------------------------

/** After each batch of decisions the suggester learns; what is on the screen stays, the new order comes with the next. */
function due() {
  if (!learning && queue.info.since >= queue.info.batch) learn({}, { quiet: true });
}

async function learn({ mode = '' }, { quiet = false } = {}) {
  if (learning) {
    if (!quiet) announce('Förslagen görs redan om. Vänta tills det är klart.');
    return;
  }
  learning = { done: 0, total: 0, what: '' };
  tell();
  if (!unit) draw();
  try {
    const data = () => ({ tab: queue.tab, held: queue.held(), ...(mode ? { mode } : {}) });
    const { notice } = await watch(await post('/api/granska/lar', data, { quiet: true }));
    if (notice && !quiet) announce(notice, { stays: true });
  } catch (error) {
    if (!quiet && error.problem !== undefined) complain(error.problem, error.fix);
    if (error.problem === undefined) throw error;
  } finally {
    learning = null;
    tell();
    if (!unit) await next();
  }
}

/** Follow the work; then fetch the new order, in force from the next card on. Resolves to the work's result. */
async function watch(job) {
  const before = queue.order.length;
  learning = job;
  const result = await follow(job, (now) => {
    learning = now;
    tell();
    if (!unit) draw();
  });
  await queue.load();
  fillSelection();
  fresh = unit !== null && before > 0;
  return result;
}

function bar() {
  const { done, total } = learning;
  return el('p', { class: 'row' }, el('progress', { max: total || 1, value: done, 'aria-label': 'Förslag tas fram' }), el('span', { class: 'quiet' }, total ? `${number(done)} av ${counted(total, 'intervju', 'intervjuer')}` : 'Läser in språkstödet …'));
}

// --- how far ------------------------------------------------------------------------------------------

let painting = 0;

/** Show how far the work has come; once per frame however often it is told. */
function tell() {
  if (!queue.info || painting) return;
  painting = requestAnimationFrame(() => {
    painting = 0;
    progress();
    if (one('#by').open) byTable();
  });
}

function progress() {
  const { info } = queue;
  const { decided, all } = queue.sofar();
  const yes = info.accepted + info.changed;
  const told = yes + info.rejected;
  one('#by').hidden = !all;
  fill(one('#progress'), all ? [
    el('progress', { max: all, value: decided, 'aria-label': 'Avgjorda förslag' }),
    el('span', {}, el('strong', {}, number(decided)), ` av ${number(all)} avgjorda`),
    told ? el('span', { class: 'quiet' }, `${Math.round((100 * yes) / told)} % godtagna`, info.changed ? `, ${number(info.changed)} ändrade` : null) : null,
    el('span', { class: 'quiet learning', dataset: { state: learning ? 'busy' : '' } }, state()),
    info.mode === 'complete' ? el('button', { type: 'button', class: 'tool', disabled: Boolean(learning), onclick: () => learn({ mode: 'economical' }) }, 'Visa bara troliga förslag') : null,
  ] : null);
}

function state() {
  if (queue.pending > 3) return 'Sparar …';
  if (learning) return learning.total && learning.what !== 'föreslår' ? `Lär sig: ${number(learning.done)} av ${number(learning.total)} ${learning.what}` : 'Lär sig av dina beslut …';
  if (fresh) return 'Har lärt sig. Ny ordning från nästa.';
  const left = queue.info.batch - queue.info.since;
  return left > 0 ? `Lär sig om ${number(left)} beslut` : '';
}

function byTable() {
  const row = (name, rows, head = false) => {
    const decided = rows.reduce((sum, each) => sum + each.decided, 0);
    const all = decided + rows.reduce((sum, each) => sum + each.open, 0);
    return el('tr', { class: head ? 'group-head' : null }, el('th', { scope: 'row' }, el('bdi', {}, name)), el('td', { class: 'n' }, number(decided)), el('td', { class: 'n' }, number(all - decided)),
      el('td', {}, all ? el('progress', { max: all, value: decided, 'aria-label': `Avgjort, ${name}` }) : el('span', { class: 'quiet' }, 'inga förslag')));
  };
  const { interviews, groups } = queue.info;
  fill(one('#by-table'), el('table', {}, el('caption', { class: 'visually-hidden' }, 'Avgjorda förslag per grupp och intervju'),
    el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, 'Grupp och intervju'), el('th', { scope: 'col', class: 'n' }, 'Avgjorda'), el('th', { scope: 'col', class: 'n' }, 'Kvar'), el('th', { scope: 'col' }, 'Hur långt'))),
    groups.map(({ id, name }) => {
      const rows = interviews.filter((each) => each.group === id);
      return rows.length ? el('tbody', {}, row(name, rows, true), rows.map((each) => row(each.name, [each]))) : null;
    })));
}

// --- what is reviewed ---------------------------------------------------------------------------------

const SELECTS = ['interview', 'group', 'code', 'valence'];

function fillSelection() {
  const { info } = queue;
  const [facet] = codebook.facets;
  const used = new Set(queue.order.map((each) => each.code));
  const options = {
    interview: ['Alla intervjuer', info.interviews.filter((row) => row.open).map(({ id, name }) => [id, name])],
    group: ['Alla grupper', info.groups.map(({ id, name }) => [id, name])],
    code: ['Alla koder', codebook.codes.filter(({ id }) => used.has(id)).map(({ id, name }) => [id, name])],
    valence: ['Alla slag', (facet?.values ?? []).map(({ id, name }) => [id, name])],
  };
  fill(one('#valence-name'), facet?.name ?? 'Slag');
  for (const name of SELECTS) {
    const field = one(`#${name}`);
    const before = field.value || new URLSearchParams(window.location.search).get(name) || '';
    fill(field, el('option', { value: '' }, options[name][0]), options[name][1].map(([id, text]) => el('option', { value: id }, text)));
    field.value = before;
    if (field.selectedIndex < 0) field.value = '';
  }
  readSelection();
}

function readSelection() {
  const value = (name) => one(`#${name}`).value;
  const [facet] = codebook.facets;
  queue.filter = { interview: Number(value('interview')), group: value('group'), code: value('code'), valence: value('valence') ? { facet: facet.id, value: value('valence') } : null };
  queue.turnwise = value('way') === 'turn';
  const chosen = SELECTS.filter((name) => value(name)).map((name) => one(`#${name}`).selectedOptions[0].textContent);
  fill(one('#selected'), chosen.length ? chosen.join(', ') : 'alla förslag', queue.turnwise ? ', en replik i taget' : null);
}

function select() {
  readSelection();
  const url = new URL(window.location.href);
  for (const name of SELECTS) {
    const { value } = one(`#${name}`);
    if (value) url.searchParams.set(name, value);
    else url.searchParams.delete(name);
  }
  history.replaceState(null, '', url);
  queue.front = [];
  spokenFirst = true; // the fields keep the focus
  next();
}

function clearSelection() {
  for (const name of SELECTS) one(`#${name}`).value = '';
  select();
}

// --- news from elsewhere ------------------------------------------------------------------------------

let reloading = null;

function heard({ events, foreign }) {
  const news = foreign.length > 0 || events.some((event) => event.kind !== 'do' || !QUIET_ACTIONS.has(event.action));
  if (!news || learning || reloading) return;
  reloading = (async () => {
    const undone = queue.stack.at(-1)?.one;
    if (events.some((event) => /code/.test(event.action) && event.action !== 'code')) await readCodebook();
    await queue.load();
    fillSelection();
    const back = undone && !queue.decided.has(undone.id) && queue.order.find(({ id }) => id === undone.id);
    if (back && !queue.front.includes(back)) { // taken back by the button or Ctrl+Z
      queue.front.unshift(back);
      trace('');
      await next();
    } else if (!unit) await next();
    else if (unit.all.some(({ id }) => !queue.decided.has(id) && !queue.order.some((each) => each.id === id))) await elsewhere();
  })().finally(() => { reloading = null; });
}

/** Something on the card was decided on or withdrawn elsewhere: the card goes on with what is left. */
async function elsewhere() {
  for (const each of unit.all) if (!queue.order.some(({ id }) => id === each.id)) queue.gone.add(each.id);
  if (queue.free(active)) {
    draw();
    return;
  }
  announce('Förslaget på skärmen är avgjort av någon annan eller draget tillbaka. Här är nästa.');
  await next();
}

async function readCodebook() {
  codebook = await get('/api/granska/kodbok');
  codes = new Map(codebook.codes.map((each) => [each.id, each]));
  chooseLetters();
  shortcuts();
}

async function begin() {
  await Promise.all([readCodebook(), queue.load()]);
  fillSelection();
  if (queue.info.job) {
    learning = queue.info.job;
    watch(queue.info.job).finally(() => {
      learning = null;
      tell();
      if (!unit) next();
    });
  }
  await next();
  due();
}

one('#selection form').addEventListener('submit', (event) => event.preventDefault());
for (const name of [...SELECTS, 'way']) one(`#${name}`).addEventListener('change', select);
one('#by').addEventListener('toggle', tell);
window.addEventListener('beforeunload', (event) => { if (queue.pending) event.preventDefault(); });
onChange(heard);
begin();
