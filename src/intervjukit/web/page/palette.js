// One field to find and choose in: a combobox with a list under it (ARIA pattern), in a dialog.
import { el, fill, newId } from './dom.js';
import { openDialog } from './dialog.js';

const MOST = 60;
const fold = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** Return the items whose words all begin somewhere in the name, best first; without words in their own order. */
export function found(items, written) {
  const words = fold(written).split(/\s+/).filter(Boolean);
  if (!words.length) return items;
  const scored = [];
  for (const item of items) {
    const name = fold(item.name);
    const all = `${name} ${fold(item.keywords ?? '')} ${fold(item.group ?? '')}`;
    if (!words.every((word) => all.includes(word))) continue;
    const at = words.reduce((sum, word) => sum + (name.startsWith(word) ? 0 : new RegExp(`[^\\p{L}]${RegExp.escape?.(word) ?? word.replace(/[^\p{L}\p{N}]/gu, '\\$&')}`, 'u').test(name) ? 1 : name.includes(word) ? 2 : 3), 0);
    scored.push([at, item]);
  }
  return scored.sort((a, b) => a[0] - b[0]).map(([, item]) => item);
}

/**
 * Let a person choose. Resolves to { item, facets } or null.
 *
 * items: [{ id, name, group?, hint?, detail?, keywords? }] in the order to show before anything is written (recent and
 * likely ones first; `group` gives headings as long as nothing is written). `detail` is shown for the item at hand:
 * a code's definition and limits. facets: [{ id, name, values: [{ id, name }], value? }], shown as radio buttons.
 * `current` is the id of the item at hand to begin with.
 */
export async function choose(title, items, { label = 'Sök', facets = [], current = '', accept = 'Välj' } = {}) {
  const list = newId('list');
  const input = el('input', { type: 'text', role: 'combobox', 'aria-expanded': 'true', 'aria-controls': list, 'aria-autocomplete': 'list', autocomplete: 'off', spellcheck: 'false', id: newId('find') });
  const box = el('ul', { role: 'listbox', id: list, class: 'choices', 'aria-label': title });
  const detail = el('div', { class: 'detail', 'aria-live': 'polite' });
  const chosen = Object.fromEntries(facets.map((facet) => [facet.id, facet.value ?? '']));
  let shown = [];
  let at = 0;
  let dialog = null;

  const option = (item, index) => el('li', { role: 'option', id: `${list}-${index}`, 'aria-selected': index === at, onmousedown: (event) => event.preventDefault(), onclick: () => { move(index); finish(); } },
    el('span', { class: 'name' }, item.name), item.hint ? el('span', { class: 'hint' }, item.hint) : null);

  function draw() {
    const rows = [];
    let group = '';
    shown.forEach((item, index) => {
      if (!input.value && item.group && item.group !== group) rows.push(el('li', { role: 'presentation', class: 'choices-head' }, item.group));
      group = item.group ?? '';
      rows.push(option(item, index));
    });
    fill(box, rows.length ? rows : el('li', { role: 'presentation', class: 'choices-head' }, 'Inget passar. Pröva ett annat ord.'));
    move(at);
  }

  function move(to) {
    at = Math.max(0, Math.min(shown.length - 1, to));
    box.querySelector('[aria-selected=true]')?.setAttribute('aria-selected', 'false');
    const row = document.getElementById(`${list}-${at}`);
    if (!row || !shown.length) {
      input.removeAttribute('aria-activedescendant');
      fill(detail);
      return;
    }
    row.setAttribute('aria-selected', 'true');
    row.scrollIntoView({ block: 'nearest' });
    input.setAttribute('aria-activedescendant', row.id);
    fill(detail, shown[at].detail ?? null);
  }

  function search() {
    shown = found(items, input.value).slice(0, MOST);
    at = 0;
    draw();
  }

  function finish() {
    if (shown[at]) dialog.close({ item: shown[at], facets: { ...chosen } });
  }

  input.addEventListener('input', search);
  input.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (!step) return;
    event.preventDefault();
    move(at + step);
  });
  const radios = facets.map((facet) => el('fieldset', { class: 'facet' }, el('legend', {}, facet.name),
    [...facet.values, { id: '', name: 'Inget' }].map((value) => el('label', { class: 'pill' },
      el('input', { type: 'radio', name: `${list}-${facet.id}`, value: value.id, checked: chosen[facet.id] === value.id, onchange: () => { chosen[facet.id] = value.id; } }), value.name))));
  dialog = openDialog(title, [el('label', { for: input.id }, label), input, box, detail, radios],
    { buttons: el('button', { type: 'button', class: 'primary', onclick: finish }, accept), wide: true });
  dialog.element.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.isComposing || event.target.closest('button')) return;
    event.preventDefault();
    finish();
  });
  shown = items.slice(0, Math.max(MOST, items.findIndex((item) => item.id === current) + 1));
  at = Math.max(0, shown.findIndex((item) => item.id === current));
  draw();
  input.focus();
  return (await dialog.closed) || null;
}
