// The one palette for coding: find the code by beginning to write, then valence, party and phase by single letters.
import { definition } from './codes.js';
import { openDialog } from './dialog.js';
import { el, fill, newId } from './dom.js';
import { found } from './palette.js';

const MOST = 60;

/** Give every value of the facets a key: the first free letter of its name, or digits for the third facet and on. */
export function lettersOf(facets) {
  const taken = new Set();
  const letters = new Map();
  facets.forEach((facet, place) => {
    facet.values.forEach((value, index) => {
      const digits = place >= 2 && facet.values.length < 10 && !taken.has(String(index + 1));
      const letter = digits ? String(index + 1) : [...value.name.toLowerCase(), ...'abcdefghijklmnopqrstuvwxyzåäö'].find((sign) => /\p{L}/u.test(sign) && !taken.has(sign));
      taken.add(letter);
      letters.set(`${facet.id}:${value.id}`, letter);
    });
  });
  return letters;
}

/**
 * Open the palette. items: [{ id, name, group, hint?, facets? }], the likely first; `facets` of an item are what its
 * suggestion says. `chosen(code, facets)` is called at once when it is decided. `current` and `start` are the code and
 * facets to begin with when something is changed.
 */
export function chooseCode(title, quote, { items, codes, facets, letters, defaults = {}, current = '', start = null, accept = 'Koda', chosen }) {
  const list = newId('codes');
  const input = el('input', { type: 'text', id: newId('code'), role: 'combobox', 'aria-expanded': 'true', 'aria-controls': list, 'aria-autocomplete': 'list', autocomplete: 'off', spellcheck: 'false', placeholder: 'Skriv början av en kod' });
  const box = el('ul', { role: 'listbox', id: list, class: 'choices', 'aria-label': 'Koder' });
  const about = el('div', { class: 'detail', tabindex: 0, role: 'region', 'aria-label': 'Om koden' });
  const values = {};
  const touched = new Set(start ? facets.map(({ id }) => id) : []);
  let shown = [];
  let at = 0;
  let dialog = null;

  const radio = new Map();
  const pill = (facet, value, name, letter) => {
    const field = el('input', { type: 'radio', name: `${list}-${facet.id}`, value, onchange: () => set(facet.id, value) });
    radio.set(`${facet.id}:${value}`, field);
    return el('label', { class: 'pill', 'data-valence': facet.id === 'valence' ? value : null }, field, letter ? el('kbd', { 'aria-hidden': true }, letter.toUpperCase()) : null, name);
  };
  const sets = el('div', { class: 'facets-step' }, facets.map((facet) => el('fieldset', { class: 'facet' }, el('legend', {}, facet.name),
    facet.values.map((value) => pill(facet, value.id, value.name, letters.get(`${facet.id}:${value.id}`))), pill(facet, '', 'Inget', '0'))));

  function set(facet, value) {
    values[facet] = value;
    touched.add(facet);
  }

  function pick(facet, field) {
    field.checked = true;
    field.focus();
    set(facet, field.value);
  }

  function proposeFacets() {
    for (const { id } of facets) {
      if (!touched.has(id)) values[id] = shown[at]?.facets?.[id] ?? defaults[id] ?? '';
      const field = radio.get(`${id}:${values[id]}`) ?? radio.get(`${id}:`);
      field.checked = true;
    }
  }

  const option = (item, index) => el('li', { role: 'option', id: `${list}-${index}`, 'aria-selected': index === at, onmousedown: (event) => event.preventDefault(), onclick: () => { move(index); toFacets(); }, ondblclick: finish },
    el('span', { class: 'name' }, item.name), item.hint ? el('span', { class: 'hint' }, item.hint) : null);

  function draw() {
    const rows = [];
    let group = '';
    shown.forEach((item, index) => {
      if (!input.value && item.group !== group) rows.push(el('li', { role: 'presentation', class: 'choices-head' }, item.group));
      group = item.group;
      rows.push(option(item, index));
    });
    fill(box, rows.length ? rows : el('li', { role: 'presentation', class: 'choices-head' }, 'Ingen kod passar. Pröva ett annat ord.'));
    move(at);
  }

  function move(to) {
    at = Math.max(0, Math.min(shown.length - 1, to));
    box.querySelector('[aria-selected=true]')?.setAttribute('aria-selected', 'false');
    const row = document.getElementById(`${list}-${at}`);
    if (row && shown.length) {
      row.setAttribute('aria-selected', 'true');
      row.scrollIntoView({ block: 'nearest' });
      if (!at) box.scrollTop = 0;
      input.setAttribute('aria-activedescendant', row.id);
    } else input.removeAttribute('aria-activedescendant');
    const code = shown[at] && codes.get(shown[at].id);
    fill(about, code ? [el('h3', {}, code.name), definition(code)] : null).scrollTop = 0;
    proposeFacets();
  }

  function search() {
    const seen = new Set();
    shown = found(items, input.value).filter(({ id }) => !seen.has(id) && seen.add(id)).slice(0, MOST);
    at = 0;
    draw();
  }

  function toFacets() {
    if (!shown[at]) return;
    if (!facets.length) finish();
    else sets.querySelector('input:checked').focus();
  }

  function finish() {
    if (!shown[at]) return;
    chosen(shown[at].id, Object.fromEntries(Object.entries(values).filter(([, value]) => value)));
    dialog.leave('done');
  }

  input.addEventListener('input', search);
  input.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 6, PageUp: -6 }[event.key];
    if (!step) return;
    event.preventDefault();
    move(at + step);
  });
  sets.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.toLowerCase();
    const named = [...letters].find(([, letter]) => letter === key)?.[0];
    if (named && radio.has(named)) {
      event.preventDefault();
      pick(named.slice(0, named.indexOf(':')), radio.get(named));
    } else if (event.key === '0' || event.key === 'Delete') {
      event.preventDefault();
      const facet = facets.find(({ id }) => event.target.name === `${list}-${id}`);
      if (facet) pick(facet.id, radio.get(`${facet.id}:`));
    } else if (event.key === 'Backspace') {
      event.preventDefault();
      input.focus();
      input.select();
    }
  });
  const hint = el('p', { class: 'small quiet hint-keys' }, el('kbd', {}, 'Enter'), ' tar koden, sedan ', el('kbd', {}, 'Enter'), ' igen sparar · ', el('kbd', {}, 'Ctrl+Enter'), ' sparar direkt');
  dialog = openDialog(title, [
    quote ? el('blockquote', { class: 'small' }, el('bdi', {}, quote)) : null,
    el('label', { for: input.id, class: 'visually-hidden' }, 'Kod'), input,
    el('div', { class: 'find-code' }, box, about),
    sets,
  ], { buttons: [hint, el('button', { type: 'button', class: 'primary', onclick: finish }, accept)], wide: true });
  dialog.element.classList.add('coding');
  dialog.element.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.isComposing || event.target.closest('button')) return;
    event.preventDefault();
    if (event.target === input && !event.ctrlKey && !event.metaKey) toFacets();
    else finish();
  });
  if (start) Object.assign(values, Object.fromEntries(facets.map(({ id }) => [id, start[id] ?? ''])));
  search();
  const first = shown.findIndex(({ id }) => id === current);
  if (first >= 0) move(first);
  input.focus();
  return dialog.closed;
}
