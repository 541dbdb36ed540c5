// The SWOT for a meeting: large words, one field at a time or all four, the measures after them, and nothing to edit.
import { beginAt, get, onChange, poll } from './api.js';
import { el, fill, one } from './dom.js';
import { keep, kept } from './keep.js';
import { register } from './keys.js';

const MOST = 5;
const SIZES = [64, 56, 48, 42, 36, 32, 28, 25, 22, 20, 18];
const KEEP = 'projektor';
let board = null;
let screens = [];
let at = Number(new URLSearchParams(window.location.search).get('bild')) || 0;

async function load() {
  board = await get('/api/swot');
  const parties = [...new Set(board.measures.map((measure) => measure.party))];
  screens = [four, ...board.fields.map((field) => () => single(field)), ...parties.map((party) => () => measures(party))];
  show(at);
}

const inField = (field) => board.items.filter((item) => item.field === field.id);
const line = (item) => el('li', { class: 'line' }, el('span', { class: 'count' }, `${item.n}`, el('span', { class: 'visually-hidden' }, ` av ${board.people}: `)), el('bdi', {}, item.text));

function four() {
  const quadrant = (field) => {
    const items = inField(field);
    return el('section', { 'data-field': field.id, 'aria-labelledby': `four-${field.id}` }, el('h2', { id: `four-${field.id}` }, field.name),
      el('ul', {}, items.slice(0, MOST).map(line)), items.length > MOST ? el('p', { class: 'more' }, `och ${items.length - MOST} till`) : items.length ? null : el('p', { class: 'more' }, 'Inget än'));
  };
  return ['SWOT', el('div', { class: 'quadrants' }, board.fields.map(quadrant))];
}

function single(field) {
  const items = inField(field);
  return [field.name, el('section', { 'data-field': field.id, class: 'single' }, el('p', { class: 'about' }, field.about),
    items.length ? el('ul', {}, items.map(line)) : el('p', { class: 'more' }, 'Inget än')), `Talen är hur många av ${board.people} intervjuade som står bakom raden.`];
}

function measures(party) {
  const mine = board.measures.filter((measure) => measure.party === party);
  const text = (id) => board.items.find((item) => item.id === id)?.text;
  return [`Åtgärder: ${mine[0].party_name}`, el('section', { class: 'single' }, el('ul', {}, mine.map((measure) => el('li', {}, el('bdi', {}, measure.text),
    measure.due || measure.follow_up ? el('span', { class: 'due' }, [measure.due, measure.follow_up].filter(Boolean).join(' · ')) : null,
    el('span', { class: 'answers' }, measure.cites.map(text).filter(Boolean).join('; '))))))];
}

/** Show a screen, as large as it fits. */
function show(to) {
  at = Math.max(0, Math.min(screens.length - 1, to));
  const [heading, content, foot = ''] = screens[at]();
  one('#heading').textContent = heading;
  const screen = fill(one('#screen'), content, foot ? el('p', { class: 'note' }, foot) : null);
  fill(one('#place'), `${at + 1} av ${screens.length}`);
  one('#before').setAttribute('aria-disabled', String(at === 0));
  one('#after').setAttribute('aria-disabled', String(at === screens.length - 1));
  one('#four').setAttribute('aria-pressed', String(at === 0));
  window.history.replaceState(null, '', `?bild=${at}`);
  fit(screen);
}

function fit(screen) {
  if (window.matchMedia('(max-width: 40rem)').matches) {
    screen.style.fontSize = '';
    return;
  }
  for (const size of SIZES) {
    screen.style.fontSize = `${size}px`;
    if (screen.scrollHeight <= screen.clientHeight && screen.scrollWidth <= screen.clientWidth) break;
  }
  screen.scrollTop = 0;
}

function paint(scheme) {
  document.documentElement.dataset.scheme = scheme;
  one('#scheme').textContent = scheme === 'dark' ? 'Ljus' : 'Mörk';
  keep(KEEP, scheme);
}

function turn(to) {
  if (!board) return;
  show(to);
  one('#heading').focus();
}

const flip = () => paint(document.documentElement.dataset.scheme === 'dark' ? 'light' : 'dark');
const full = () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()).catch(() => {});
const leave = () => { if (!document.fullscreenElement) window.location.assign('/swot'); };
one('#before').addEventListener('click', () => show(at - 1));
one('#after').addEventListener('click', () => show(at + 1));
one('#four').addEventListener('click', () => show(0));
one('#scheme').addEventListener('click', flip);
one('#full').addEventListener('click', full);
window.addEventListener('resize', () => { if (board) fit(one('#screen')); });
register('Projektor', [
  { key: ['ArrowRight', 'PageDown', ' '], label: 'Nästa', run: () => turn(at + 1) },
  { key: ['ArrowLeft', 'PageUp'], label: 'Föregående', run: () => turn(at - 1) },
  { key: ['0', 'a'], label: 'Alla fyra fälten', run: () => turn(0) },
  ...[1, 2, 3, 4].map((number) => ({ key: String(number), label: `Fält ${number}`, run: () => turn(number) })),
  { key: 'm', label: 'Mörk eller ljus', run: flip },
  { key: 'f', label: 'Helskärm', run: full },
  { key: 'Escape', label: 'Tillbaka till tavlan', run: leave },
]);
const dark = window.matchMedia('(prefers-color-scheme: dark)').matches;
paint(kept(KEEP) || (dark ? 'dark' : 'light'));
beginAt(Number(one('#main').dataset.revision));
onChange(load);
poll();
load();
