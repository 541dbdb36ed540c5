// The start page: what to do next, the study at a glance, files to read in, and doubts to settle.
import { announce, complain } from './announce.js';
import { follow, get, onChange, post, send } from './api.js';
import { counted, el, fill, newId, number, one } from './dom.js';

const KINDS = ['.docx', '.odt', '.rtf', '.pdf', '.txt', '.md', '.vtt', '.srt', '.json', '.zip'];
let busy = false;

// --- at a glance --------------------------------------------------------------------------------------

async function show() {
  const { steps, doubtful } = await get('/api/start');
  showSteps(steps);
  showDoubtful(doubtful);
  showGlance(await get('/api/start/laget'));
}

function showSteps(steps) {
  const next = one('#next');
  next.removeAttribute('aria-busy');
  fill(next, steps.length ? steps.map(step) : el('li', {}, el('p', { class: 'quiet' }, 'Allt är gjort.')));
}

function step({ text, why, to, act }, index) {
  const kind = index === 0 ? 'button primary' : 'button';
  const way = act
    ? el('button', { type: 'button', class: index === 0 ? 'primary' : null, onclick: suggest }, text)
    : el('a', { class: kind, href: to }, text);
  return el('li', {}, way, el('span', { class: 'quiet' }, why));
}

async function suggest() {
  if (busy) return;
  busy = true;
  const work = one('#work');
  const bar = el('progress', { max: 1, value: 0, 'aria-label': 'Förslag tas fram' });
  const words = el('span', {});
  fill(work, bar, words).hidden = false;
  try {
    const { open, notice } = await follow(await post('/api/forslag'), (job) => {
      bar.max = job.total || 1;
      bar.value = job.done;
      const what = job.what === 'föreslår' ? 'intervjuer' : job.what;
      fill(words, job.total ? `${number(job.done)} av ${number(job.total)} ${what}` : 'Läser in språkstödet …');
    });
    if (notice) announce(notice, { stays: true });
    else announce(`${counted(open, 'förslag', 'förslag')} att granska.`);
  } finally {
    work.hidden = true;
    busy = false;
    show(); // what was heard of while it was busy has not been shown
  }
}

function showGlance({ totals, groups }) {
  const figure = (value, one, many) => el('div', {}, el('dt', {}, value === 1 ? one : many), el('dd', {}, number(value)));
  fill(one('#glance'),
    el('dl', { class: 'figures' },
      figure(totals.respondents, 'intervjuad', 'intervjuade'), figure(totals.words, 'ord', 'ord'),
      figure(totals.codings, 'kodning', 'kodningar'), figure(totals.suggestions, 'förslag kvar', 'förslag kvar')),
    el('div', { class: 'scroll', role: 'region', 'aria-label': 'Grupperna', tabindex: 0 }, el('table', {},
      el('caption', { class: 'visually-hidden' }, 'Intervjuade per grupp och hur långt kodningen har kommit'),
      el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, 'Grupp'), ...['Intervjuade', 'Ord', 'Kodningar', 'Tveksamheter'].map((head) => el('th', { scope: 'col', class: 'n' }, head)), el('th', { scope: 'col' }, 'Kodade intervjuer'))),
      el('tbody', {}, groups.map(groupRow)),
      groups.length > 1 ? el('tfoot', {}, groupRow({ ...totals, name: 'Samtliga' })) : null)));
}

function groupRow(group) {
  const cell = (value) => el('td', { class: value ? 'n' : 'n none' }, number(value));
  const done = `${number(group.coded)} av ${number(group.interviews)}`;
  const met = group.planned == null ? cell(group.respondents) : el('td', { class: 'n' }, `${number(group.respondents)} av ${number(group.planned)}`);
  return el('tr', {}, el('th', { scope: 'row' }, el('bdi', {}, group.name)), met, cell(group.words), cell(group.codings), cell(group.doubts),
    el('td', { class: 'done' }, el('progress', { max: group.interviews || 1, value: group.coded, 'aria-label': `Kodade intervjuer, ${group.name}` }), el('span', {}, done)));
}

// --- reading in files ---------------------------------------------------------------------------------

const drop = one('#drop');
const picker = one('#files');

picker.addEventListener('change', () => {
  add([...picker.files]);
  picker.value = '';
});
for (const kind of ['dragenter', 'dragover']) {
  document.addEventListener(kind, (event) => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    drop.classList.add('over');
  });
}
for (const kind of ['dragleave', 'drop', 'dragend']) {
  document.addEventListener(kind, (event) => {
    if (kind === 'dragleave' && event.relatedTarget) return;
    drop.classList.remove('over');
  });
}
document.addEventListener('drop', (event) => {
  if (!event.dataTransfer?.files.length) return;
  event.preventDefault();
  add([...event.dataTransfer.files]);
});

async function add(files, { replace = false } = {}) {
  if (!files.length) return;
  if (busy) {
    complain('Vänta tills det som pågår är klart.', 'Lägg till filerna sedan.');
    return;
  }
  busy = true;
  one('#adding').hidden = false;
  try {
    const { keys, failed } = await sendAll(files);
    const became = keys.length ? await follow(await post('/api/inlasning', { keys, replace }), reading) : emptyHanded();
    showBecame(became, failed, files);
  } finally {
    one('#adding').hidden = true;
    busy = false;
    show();
  }
}

const emptyHanded = () => ({ added: [], replaced: [], carried: [], known: [], refused: [], doubts: 0 });

async function sendAll(files) {
  const keys = [];
  const failed = [];
  for (const [index, file] of files.entries()) {
    told(index, files.length, `Hämtar ${file.name}`);
    if (!KINDS.some((kind) => file.name.toLowerCase().endsWith(kind))) {
      failed.push({ name: file.name, problem: 'Filen är av en sort som inte kan läsas.', fix: 'Spara den som Word-dokument (.docx) eller text (.txt).' });
      continue;
    }
    try {
      keys.push((await send(file, { quiet: true })).key);
    } catch (error) {
      failed.push({ name: file.name, problem: error.problem, fix: error.fix });
    }
  }
  return { keys, failed };
}

const reading = (job) => told(job.done, job.total, job.what ? `Läser ${job.what}` : 'Läser in');

function told(done, total, what) {
  const bar = one('#added-so-far');
  bar.max = total || 1;
  bar.value = done;
  fill(one('#adding-what'), `${what} (${number(Math.min(done + 1, total || 1))} av ${number(total || 1)})`);
}

function showBecame({ added, known, refused, doubts, replaced, carried }, failed, files) {
  const bad = [...failed, ...refused];
  const sentence = [
    added.length ? `${counted(added.length, 'intervju', 'intervjuer')} lästes in${replaced.length ? `, varav ${number(replaced.length)} ersatte en tidigare` : ''}.` : null,
    doubts ? ` ${counted(doubts, 'tveksamhet', 'tveksamheter')} att avgöra.` : null,
    known.length ? ` Fanns redan: ${known.join(', ')}.` : null,
    bad.length ? ` ${counted(bad.length, 'fil', 'filer')} lästes inte in.` : null,
  ].filter(Boolean).join('');
  fill(one('#became'), el('p', {}, el('strong', {}, sentence)),
    carried.length ? el('ul', {}, carried.map((line) => el('li', {}, line))) : null,
    bad.length ? el('ul', { class: 'refused' }, bad.map((one) => refusedRow(one, files))) : null);
  announce(sentence);
}

function refusedRow({ name, problem, fix, replaceable }, files) {
  const file = files.find((each) => each.name === name);
  return el('li', {}, el('strong', {}, el('bdi', {}, name)), el('p', {}, problem), el('p', { class: 'quiet' }, fix),
    replaceable && file ? el('button', { type: 'button', onclick: () => add([file], { replace: true }) }, 'Ersätt') : null);
}

// --- doubts -------------------------------------------------------------------------------------------

const openPanels = new Map();

function showDoubtful(interviews) {
  one('#doubtful-part').hidden = !interviews.length;
  const wanted = new Set(interviews.map(({ id }) => id));
  for (const [id, panel] of openPanels) {
    if (!wanted.has(id)) {
      panel.remove();
      openPanels.delete(id);
    }
  }
  let last = null;
  for (const interview of interviews) {
    const panel = openPanels.get(interview.id) ?? doubtPanel(interview);
    openPanels.set(interview.id, panel);
    fill(one('.count', panel), counted(interview.doubts, 'tveksamhet', 'tveksamheter'));
    if (panel.open && panel.dataset.doubts !== String(interview.doubts)) loadDoubts(panel, interview);
    panel.dataset.doubts = String(interview.doubts);
    if (!panel.isConnected) last ? last.after(panel) : one('#doubtful').prepend(panel);
    last = panel;
  }
}

function doubtPanel(interview) {
  const panel = el('details', { class: 'doubts' },
    el('summary', {}, el('strong', {}, el('bdi', {}, interview.name)), el('span', { class: 'count' }), el('bdi', { class: 'quiet' }, interview.source)),
    el('div', { class: 'doubt-list' }));
  panel.addEventListener('toggle', () => { if (panel.open) loadDoubts(panel, interview); });
  return panel;
}

async function loadDoubts(panel, interview) {
  const { doubts, sections } = await get(`/api/intervju/${interview.id}/tveksamheter`);
  const ids = doubts.map(({ id }) => id);
  fill(one('.doubt-list', panel),
    el('p', { class: 'row' },
      el('button', { type: 'button', onclick: () => settle(interview, ids) }, ids.length === 1 ? 'Godta' : `Godta alla ${ids.length} som de står`),
      el('a', { href: `/intervju/${interview.id}` }, 'Läs intervjun')),
    doubts.map((doubt) => doubtRow(interview, doubt, sections)));
}

function doubtRow(interview, doubt, sections) {
  const head = newId('doubt');
  const row = el('section', { class: 'doubt', 'aria-labelledby': head },
    el('p', { id: head }, doubt.message),
    doubt.answer ? el('blockquote', {}, el('bdi', {}, doubt.answer)) : null,
    doubt.question === null ? el('p', { class: 'quiet' }, doubt.fix) : null);
  const accept = el('button', { type: 'button', onclick: () => settle(interview, [doubt.id], chosen()) }, 'Godta');
  let chosen = () => '';
  if (doubt.question !== null) {
    const id = newId('question');
    const select = el('select', { id, onchange: () => fill(accept, select.value === doubt.question ? 'Godta' : 'Spara') }, options(doubt, sections));
    select.value = doubt.question;
    chosen = () => (select.value === doubt.question ? '' : select.value || 'följdfråga');
    row.append(el('p', { class: 'row' }, el('label', { for: id }, 'Fråga'), select, accept));
  } else row.append(el('p', {}, accept));
  return row;
}

function options(doubt, sections) {
  const none = doubt.question ? el('option', { value: 'följdfråga' }, 'Följdfråga, ingen egen fråga i guiden') : el('option', { value: '' }, 'Ingen av guidens frågor');
  return [none, ...sections.map((section) => el('optgroup', { label: section.title }, section.questions.map((question) => el('option', { value: question.id }, question.text))))];
}

async function settle(interview, doubts, question = '') {
  try {
    const { left } = await post(`/api/intervju/${interview.id}/tveksamheter`, { doubts, question, expected: doubts });
    announce(left ? `Avgjort. ${counted(left, 'tveksamhet', 'tveksamheter')} kvar om ${interview.name}.` : `Alla tveksamheter om ${interview.name} är avgjorda.`);
  } finally {
    await show();
    const panel = openPanels.get(interview.id);
    (panel ? one('summary', panel) : one('#main')).focus();
  }
}

onChange(() => { if (!busy) show(); });
show();
