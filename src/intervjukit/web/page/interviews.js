// The list of interviews: found, narrowed and sorted without asking the server again.
import { get, onChange } from './api.js';
import { counted, el, fill, number, one } from './dom.js';

const COLUMNS = [
  { key: 'respondent', name: 'Person' },
  { key: 'group_name', name: 'Grupp' },
  { key: 'date', name: 'Datum' },
  { key: 'words', name: 'Ord', n: true },
  { key: 'codings', name: 'Kodningar', n: true },
  { key: 'suggestions', name: 'Förslag kvar', n: true },
  { key: 'doubts', name: 'Tveksamheter', n: true },
];
const LEFT = { uncoded: (row) => !row.codings, suggestions: (row) => row.suggestions, doubts: (row) => row.doubts };
const inSwedish = new Intl.Collator('sv', { numeric: true });

let interviews = [];
let sort = { key: 'respondent', down: false };

async function load() {
  const list = await get('/api/intervjuer');
  interviews = list.interviews;
  const group = one('#group');
  const before = group.value;
  fill(group, el('option', { value: '' }, 'Alla grupper'), list.groups.map(({ id, name }) => el('option', { value: id }, name)));
  group.value = before;
  draw();
}

function wanted() {
  const find = one('#find').value.trim().toLowerCase();
  const group = one('#group').value;
  const left = LEFT[one('#left').value] ?? (() => true);
  const rows = interviews.filter((row) => row.respondent.toLowerCase().includes(find) && (!group || row.group === group) && left(row));
  const way = sort.down ? -1 : 1;
  return rows.sort((a, b) => way * compare(a[sort.key], b[sort.key]) || inSwedish.compare(a.respondent, b.respondent) || a.wave - b.wave);
}

const compare = (a, b) => (typeof a === 'number' ? a - b : inSwedish.compare(a, b));

function draw() {
  const rows = wanted();
  fill(one('#number'), rows.length === interviews.length ? counted(rows.length, 'intervju', 'intervjuer') : `${number(rows.length)} av ${counted(interviews.length, 'intervju', 'intervjuer')}`);
  fill(one('#list'), rows.length
    ? el('table', {}, el('caption', { class: 'visually-hidden' }, 'Intervjuer'), el('thead', {}, el('tr', {}, COLUMNS.map(head))), el('tbody', {}, rows.map(line)))
    : el('p', { class: 'quiet' }, interviews.length ? 'Ingen intervju passar. Ändra vad som visas.' : ['Inga intervjuer än. ', el('a', { href: '/#lagg-till' }, 'Lägg till på Start')]));
}

function head({ key, name, n }) {
  const here = sort.key === key;
  return el('th', { scope: 'col', class: n ? 'n' : null, 'aria-sort': here ? (sort.down ? 'descending' : 'ascending') : 'none' },
    el('button', { type: 'button', class: 'sort', dataset: { key }, onclick: () => order(key, n) }, name, here ? el('span', { 'aria-hidden': true }, sort.down ? '↓' : '↑') : null));
}

function order(key, numbers) {
  sort = { key, down: sort.key === key ? !sort.down : Boolean(numbers) };
  draw();
  one(`[data-key=${key}]`).focus();
}

function line(row) {
  const cell = (value) => el('td', { class: value ? 'n' : 'n none' }, number(value));
  const name = row.wave > 1 ? `${row.respondent}, omgång ${row.wave}` : row.respondent;
  return el('tr', {}, el('th', { scope: 'row' }, el('a', { href: `/intervju/${row.id}` }, el('bdi', {}, name))), el('td', {}, el('bdi', {}, row.group_name)),
    el('td', { class: 'date' }, row.day || 'saknas'), cell(row.words), cell(row.codings), cell(row.suggestions), cell(row.doubts));
}

one('.filter').addEventListener('submit', (event) => event.preventDefault());
for (const id of ['#find', '#group', '#left']) one(id).addEventListener('input', draw);
onChange(load);
load();
