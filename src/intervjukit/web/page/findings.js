// The findings board: a grid of themes, who says what about whom, agreements, ranking; every number opens its quotes.
import { get, onChange } from './api.js';
import { takeAlong } from './csv.js';
import { counted, el, fill, newId, number, one } from './dom.js';
import { rove } from './grid.js';
import { register } from './keys.js';
import { openQuotes, smallNote, upper } from './quotes.js';

const PARTS = { teman: themes, perspektiv: perspectives, kontraster: contrasts, rangordning: ranking };
const SHOWN = 6;
const inSwedish = new Intl.Collator('sv');
const settings = { columns: 'party', order: 'n', empty: false };
const places = {};
let data = null;
let asked = 0;

const radios = () => [...document.querySelectorAll('[name=slag]')];
const boxes = () => [...document.querySelectorAll('[name=grupp]')];
const groups = () => boxes().filter((box) => box.checked).map((box) => box.value);
const part = () => (window.location.hash.slice(1) in PARTS ? window.location.hash.slice(1) : 'teman');

// --- what is shown ------------------------------------------------------------------------------------

/** Begin as the address says: a page read in again shows the same. */
function recall() {
  const query = new URLSearchParams(window.location.search);
  for (const radio of radios()) radio.checked = query.has('slag') ? radio.value === query.get('slag') : radio.checked;
  if (!radios().some((radio) => radio.checked) && radios().length) radios()[0].checked = true;
  const chosen = (query.get('grupper') ?? '').split(',');
  for (const box of boxes()) box.checked = chosen.includes(box.value);
  one('#everybody').checked = !groups().length;
}

async function load() {
  const valence = radios().find((radio) => radio.checked)?.value;
  if (!valence) {
    fill(one('#part'), el('p', {}, 'Kodboken har inget slag (flaskhals, framgång, önskan), och utan det finns inga fynd.'));
    return;
  }
  const query = new URLSearchParams({ slag: valence, ...(groups().length ? { grupper: groups().join(',') } : {}) });
  window.history.replaceState(null, '', `?${query}${window.location.hash}`);
  const mine = ++asked;
  const found = await get(`/api/fynd?${query}`);
  if (mine !== asked) return; // a later choice is on its way
  data = found;
  draw();
}

function draw() {
  if (!data) return;
  for (const link of document.querySelectorAll('.parts a')) link.toggleAttribute('aria-current', link.hash === `#${part()}`);
  for (const link of document.querySelectorAll('.parts [aria-current]')) link.setAttribute('aria-current', 'true');
  const focused = document.activeElement?.closest?.('#part table') !== null && document.activeElement?.closest?.('#part table') !== undefined;
  fill(one('#note'), smallNote(data.small));
  fill(one('#part'), data.people ? PARTS[part()]() : el('p', { class: 'quiet' }, 'Inga intervjuer än. Lägg till dem på ', el('a', { href: '/' }, 'Start'), '.'));
  if (focused) document.querySelector('#part table [tabindex="0"]')?.focus();
}

const finding = (code, party) => `${data.valence.id}|${code}|${party}`;
const many = () => one('[name=slag]:checked').parentElement.textContent.trim();

// --- a grid of numbers --------------------------------------------------------------------------------

/** Return how dark a cell is, 0 to 5, by its share. */
const heat = ({ n, total }) => (n ? Math.max(1, Math.ceil((5 * n) / total)) : 0);

/**
 * Return a table with numbers to open. rows: [{ id, name, depth?, about? }], columns: [{ id, name, below?, sort? }],
 * cell(row, column) → { n, total, said, title, open, own? } or null.
 */
function grid(name, corner, rows, columns, cell) {
  const strip = el('p', { class: 'strip', 'aria-hidden': true }, 'Välj ett tal för att läsa citaten bakom det.');
  const table = el('table', { class: 'numbers', 'data-valence': data.valence.id },
    el('caption', { class: 'visually-hidden' }, name),
    el('thead', {}, el('tr', {}, el('th', { scope: 'col', class: 'corner', 'aria-sort': corner.sort ? (corner.sorted ? 'ascending' : 'none') : null }, corner.sort ? sorter(corner) : corner.name),
      columns.map((column) => el('th', { scope: 'col', class: column.id === '' && column.whole ? 'whole' : null, 'aria-sort': column.sort ? (column.sorted ? 'descending' : 'none') : null }, column.sort ? sorter(column) : el('bdi', {}, column.name), column.below ? el('span', { class: 'below' }, column.below) : null)))),
    el('tbody', {}, rows.map((row) => el('tr', {},
      el('th', { scope: 'row', 'data-depth': row.depth ?? 0, title: row.about ?? null }, el('bdi', {}, row.name)),
      columns.map((column) => numberCell(row, column, cell(row, column), strip))))));
  places[name] ??= '1 1';
  rove(table, places[name]);
  table.addEventListener('focusin', () => { places[name] = table.dataset.at; });
  return [el('div', { class: 'scroll numbers-frame' }, table), strip];
}

function sorter(column) {
  return el('button', { type: 'button', class: 'sort', onclick: column.sort }, el('bdi', {}, column.name), column.sorted ? el('span', { 'aria-hidden': true }, column.up ? ' ↑' : ' ↓') : null);
}

function numberCell(row, column, value, strip) {
  if (!value?.n) return el('td', { class: value?.own ? 'cell own' : 'cell' }, el('span', { class: 'zero', 'aria-hidden': true }, '·'), el('span', { class: 'visually-hidden' }, 'ingen'));
  const label = `${value.title}: ${value.said}`;
  const tell = () => { fill(strip, el('strong', {}, value.title), ` ${upper(value.said)}`, value.more ? ` · ${value.more}` : null); };
  return el('td', { class: value.own ? 'cell own' : 'cell', 'data-heat': heat(value) },
    el('button', { type: 'button', 'aria-label': label, 'aria-haspopup': 'dialog', onclick: value.open, onmouseenter: tell, onfocus: tell },
      number(value.n), column.whole ? el('span', { class: 'word' }, value.word) : null));
}

// --- themes by party or group -------------------------------------------------------------------------

function themes() {
  const byParty = settings.columns === 'party';
  const cells = new Map((byParty ? data.by_party : data.by_group).map((cell) => [`${cell.code} ${cell.column}`, cell]));
  const whole = new Map(data.by_code.map((cell) => [cell.code, cell]));
  const columns = byParty ? data.parties : data.groups;
  if (!['n', 'tree'].includes(settings.order) && !columns.some((column) => `c-${column.id}` === settings.order)) settings.order = 'n';
  const rows = sorted(data.codes.filter((code) => settings.empty || whole.has(code.id)), cells, whole);
  const order = (key) => () => { settings.order = key; draw(); };
  const heads = [{ id: '', name: 'Antal', below: `av ${data.people}`, whole: true, sort: order('n'), sorted: settings.order === 'n' },
    ...columns.map((column) => ({ ...column, below: byParty ? null : `av ${column.total}`, sort: order(`c-${column.id}`), sorted: settings.order === `c-${column.id}` }))];
  const value = (row, column) => {
    const found = column.whole ? whole.get(row.id) : cells.get(`${row.id} ${column.id}`);
    if (!found) return null;
    const title = column.whole ? row.name : `${row.name}, ${column.name}`;
    const among = column.whole || byParty ? groups() : [column.id];
    return { ...found, title, open: () => openQuotes(`${data.valence.name}: ${title}`, finding(row.id, byParty && !column.whole ? column.id : '*'), among) };
  };
  const name = `${many()} per tema och ${byParty ? 'part' : 'grupp'}`;
  const tree = { name: 'Tema', sort: order('tree'), sorted: settings.order === 'tree', up: true };
  return el('section', { 'aria-labelledby': 'themes-head' },
    el('div', { class: 'row spread' }, el('h2', { id: 'themes-head' }, name), takeAlong(name, () => themeRows(rows, heads, value))),
    el('p', { class: 'quiet' }, `Antal av ${counted(data.people, 'intervjuad', 'intervjuade')}. Den som säger samma sak flera gånger räknas en gång. Ju mörkare ruta, desto större andel.`),
    themeControls(columns, byParty),
    rows.length ? grid(name, tree, rows, heads, value) : el('p', { class: 'card quiet' }, 'Inget är kodat så än i det som visas.'),
    incomplete());
}

const themeRows = (rows, heads, value) => [['Tema', ...heads.map((head) => (head.below ? `${head.name} ${head.below}` : head.name)), 'Så många'],
  ...rows.map((row) => [row.name, ...heads.map((head) => value(row, head)?.n ?? 0), value(row, heads[0])?.word ?? 'ingen'])];

function sorted(codes, cells, whole) {
  if (settings.order === 'tree') return codes;
  const n = (code) => (settings.order === 'n' ? 0 : cells.get(`${code.id} ${settings.order.slice(2)}`)?.n ?? 0);
  return [...codes].sort((a, b) => n(b) - n(a) || (whole.get(b.id)?.n ?? 0) - (whole.get(a.id)?.n ?? 0) || inSwedish.compare(a.name, b.name)).map((code) => ({ ...code, depth: 0 }));
}

function themeControls(columns, byParty) {
  const order = newId('order');
  const choice = el('select', { id: order, onchange: (event) => { settings.order = event.target.value; draw(); document.getElementById(event.target.id)?.focus(); } },
    el('option', { value: 'n' }, 'Flest personer'), el('option', { value: 'tree' }, 'Kodbokens ordning'),
    columns.map((column) => el('option', { value: `c-${column.id}` }, `Flest ${byParty ? 'om' : 'i'} ${column.name}`)));
  choice.value = settings.order;
  const across = (key, text) => el('button', { type: 'button', 'aria-pressed': settings.columns === key, onclick: () => { settings.columns = key; draw(); one(`[data-across=${key}]`).focus(); }, 'data-across': key }, text);
  return el('div', { class: 'row controls no-print' },
    el('span', { class: 'row', role: 'group', 'aria-label': 'Kolumner' }, across('party', 'Per part'), across('group', 'Per grupp')),
    el('span', { class: 'row' }, el('label', { for: order }, 'Ordning'), choice),
    el('label', { class: 'check' }, el('input', { type: 'checkbox', checked: settings.empty, id: 'empty', onchange: (event) => { settings.empty = event.target.checked; draw(); one('#empty').focus(); } }), 'Visa även tomma rader'));
}

function incomplete() {
  const { valence, party } = data.incomplete;
  const told = [valence ? `${counted(valence, 'kodning', 'kodningar')} saknar slag och räknas inte här.` : '', party ? `${counted(party, 'kodning', 'kodningar')} saknar part.` : ''].filter(Boolean).join(' ');
  return told ? el('p', { class: 'quiet small' }, told) : null;
}

// --- who says what about whom ---------------------------------------------------------------------------

function perspectives() {
  const name = `${many()}: vem säger vad om vem`;
  const cells = new Map(data.views.map((view) => [`${view.group} ${view.party}`, view]));
  const parties = data.parties.filter((party) => party.id);
  const value = (row, column) => {
    const found = cells.get(`${row.id} ${column.id}`);
    const own = row.own === column.id;
    const title = `${row.name} om ${column.name}`;
    return found ? { ...found, own, title: own ? `${title} (egen part)` : title, more: found.codes.slice(0, 4).join(', '), open: () => openQuotes(`${data.valence.name}: ${title}`, finding('*', column.id), [row.id]) } : { n: 0, own };
  };
  const rows = data.groups.map((group) => ({ ...group, about: `${group.total} intervjuade` }));
  const heads = parties.map(({ id, name: shown }) => ({ id, name: shown }));
  return el('section', { 'aria-labelledby': 'views-head' },
    el('div', { class: 'row spread' }, el('h2', { id: 'views-head' }, name), takeAlong(name, () => [['Grupp', 'Intervjuade', ...heads.map((head) => head.name)], ...rows.map((row) => [row.name, row.total, ...heads.map((head) => value(row, head).n)])])),
    el('p', { class: 'quiet' }, 'En rad per grupp, en kolumn per part som gruppen talar om. Talet är hur många i gruppen som säger det minst en gång. Ramen visar gruppens egen part.'),
    grid(name, { name: 'Grupp' }, rows.map((row) => ({ ...row, name: `${row.name} (${row.total})` })), heads, (row, column) => value(rows.find((group) => group.id === row.id), column)));
}

// --- agreements and contradictions ------------------------------------------------------------------------

function contrasts() {
  const kinds = data.contrasts.filter((kind) => kind.rows.length);
  return el('section', { 'aria-labelledby': 'contrasts-head' },
    el('div', { class: 'row spread' }, el('h2', { id: 'contrasts-head' }, 'Överens och oense'), takeAlong('Överens och oense', contrastRows)),
    el('p', { class: 'quiet' }, 'Här hålls gruppernas bilder mot varandra. Det som hindrar och det som hjälper vägs ihop, så valet av slag ovan påverkar inte.'),
    kinds.length ? kinds.map(contrastKind) : el('p', { class: 'card quiet' }, 'Inga tydliga likheter eller skillnader mellan grupperna i det som visas.'));
}

const contrastRows = () => [['Sort', 'Tema', 'Part', 'Grupp', 'Säger', 'Antal', 'Av'],
  ...data.contrasts.flatMap((kind) => kind.rows.flatMap((row) => row.sides.map((side) => [kind.name, row.code, side.about, side.name, side.valence_name, side.n, side.total])))];

function contrastKind(kind) {
  const rest = kind.rows.slice(SHOWN);
  const head = newId('kind');
  return el('section', { class: 'kind', 'aria-labelledby': head },
    el('h3', { id: head }, kind.name, el('span', { class: 'quiet' }, ` ${number(kind.rows.length)}`)), el('p', { class: 'quiet' }, kind.about),
    el('ul', { class: 'contrasts' }, kind.rows.slice(0, SHOWN).map(contrast)),
    rest.length ? el('details', {}, el('summary', {}, `Visa ${number(rest.length)} till`), el('ul', { class: 'contrasts' }, rest.map(contrast))) : null);
}

function contrast(row) {
  const kinds = [...new Set(row.sides.map((side) => side.valence))];
  return el('li', { class: 'card' },
    el('p', { class: 'topic' }, el('strong', {}, row.code), el('span', { class: 'quiet' }, ` ${row.parties.join(' och ')}`)),
    kinds.map((valence) => {
      const sides = row.sides.filter((side) => side.valence === valence);
      return el('p', { class: 'sides' }, el('span', { class: 'valence', 'data-valence': valence }, sides[0].valence_name),
        sides.map((side) => el('button', { type: 'button', class: 'side', 'aria-haspopup': 'dialog', 'aria-label': `${side.name} om ${side.about}, ${side.valence_name}: ${side.said}`, onclick: () => openQuotes(`${side.valence_name}: ${row.code}, ${side.name} om ${side.about}`, side.finding, [side.group]) },
          el('bdi', {}, side.name), el('span', { class: 'of' }, `${side.n} av ${side.total}`))));
    }));
}

// --- ranking ------------------------------------------------------------------------------------------

function ranking() {
  const name = `${many()} i rangordning`;
  const heads = ['Plats', 'Tema', `Antal av ${data.people}`, 'Så många', 'Grupper som tar upp det'];
  const row = (one) => el('tr', {},
    el('td', { class: 'n' }, one.place), el('th', { scope: 'row' }, one.name),
    el('td', { class: 'bar' }, el('button', { type: 'button', class: 'of', 'aria-haspopup': 'dialog', 'aria-label': `${one.name}: ${one.said}`, onclick: () => openQuotes(`${data.valence.name}: ${one.name}`, finding(one.code, '*'), groups()) }, number(one.n)),
      el('progress', { max: one.total, value: one.n, 'aria-hidden': true, 'data-valence': data.valence.id })),
    el('td', {}, upper(one.word)), el('td', { class: 'who' }, one.groups.join(', ')));
  return el('section', { 'aria-labelledby': 'ranking-head' },
    el('div', { class: 'row spread' }, el('h2', { id: 'ranking-head' }, name), takeAlong(name, () => [['Plats', 'Tema', 'Antal', 'Av', 'Så många', 'Grupper'], ...data.ranking.map((one) => [one.place, one.name, one.n, one.total, one.word, one.groups.join(', ')])])),
    el('p', { class: 'quiet' }, 'Efter hur många som tar upp saken, oavsett grupp och part. Delad plats markeras med =. Antalet säger inget om hur allvarlig saken är.'),
    data.ranking.length ? el('div', { class: 'scroll', role: 'region', 'aria-label': `Tabell: ${name}`, tabindex: 0 }, el('table', { class: 'ranking' }, el('caption', { class: 'visually-hidden' }, name),
      el('thead', {}, el('tr', {}, heads.map((head, index) => el('th', { scope: 'col', class: index === 0 ? 'n' : null }, head)))), el('tbody', {}, data.ranking.map(row)))) : el('p', { class: 'card quiet' }, 'Inget är kodat så än i det som visas.'));
}

// --- beginning ----------------------------------------------------------------------------------------

one('.findings-filter').addEventListener('submit', (event) => event.preventDefault());
one('.findings-filter').addEventListener('change', (event) => {
  if (event.target.id === 'everybody') for (const box of boxes()) box.checked = false;
  one('#everybody').checked = !groups().length;
  load();
});
window.addEventListener('hashchange', draw);
register('Fynd', [
  ...radios().slice(0, 9).map((radio, index) => ({ key: String(index + 1), label: `Visa ${radio.parentElement.textContent.trim().toLowerCase()}`, run: () => radio.click() })),
  { key: 't', label: 'Teman', run: () => { window.location.hash = 'teman'; } },
  { key: 'v', label: 'Vem säger vad om vem', run: () => { window.location.hash = 'perspektiv'; } },
  { key: 'o', label: 'Överens och oense', run: () => { window.location.hash = 'kontraster'; } },
  { key: 'r', label: 'Rangordning', run: () => { window.location.hash = 'rangordning'; } },
]);
onChange(load);
recall();
load();
