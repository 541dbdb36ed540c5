// Single-key shortcuts: registered with Swedish words, all shown by "?", never heard while somebody writes,
// and switched off altogether by who wants to (WCAG 2.1.4). Undo and redo with Ctrl always work.
import { announce } from './announce.js';
import { openDialog } from './dialog.js';
import { el } from './dom.js';
import { keep, kept } from './keep.js';

const KEEP = 'tangenter';
const sections = new Map();
const NAMES = { ArrowUp: '↑', ArrowDown: '↓', ArrowLeft: '←', ArrowRight: '→', Enter: 'Enter', Escape: 'Esc', Delete: 'Delete', ' ': 'Mellanslag' };

/**
 * Add shortcuts: register('Granska', [{ key: 'g', label: 'Godta förslaget', run, when }]).
 * `key` is KeyboardEvent.key ('g', 'G' with shift, 'ArrowDown', '?'), a list for several. `when()` says whether it
 * applies just now. A section registered again is replaced. Returns a function that takes them away.
 */
export function register(section, shortcuts) {
  sections.set(section, shortcuts.map((one) => ({ ...one, keys: [one.key].flat() })));
  return () => sections.delete(section);
}

/** Return whether single keys are heard. */
export const keysOn = () => kept(KEEP) !== 'av';

/** Switch single keys on or off, in this browser and until it is changed. */
export function switchKeys(on) {
  keep(KEEP, on ? 'pa' : 'av');
  announce(on ? 'Kortkommandon är på.' : 'Kortkommandon är av.');
}

/** Return whether an event belongs to somebody writing or choosing in a field. */
export function writing(event) {
  const target = event.composedPath()[0];
  return target instanceof HTMLElement && (target.isContentEditable || target.matches('input:not([type=checkbox], [type=radio], [type=button]), textarea, select, [role=combobox], [role=listbox] *'));
}

/** Return whether a key is held together with Ctrl, Alt or Cmd. A sign written with AltGr is not: Windows calls that both. */
function withOthers(event) {
  if (event.getModifierState('AltGraph')) return /^[\p{L}\p{N}]$/u.test(event.key);
  return event.ctrlKey || event.metaKey || event.altKey;
}

function hear(event) {
  if (event.defaultPrevented || event.isComposing || withOthers(event)) return;
  if (writing(event) || document.querySelector('dialog[open]')) return;
  if (event.key === '?') {
    event.preventDefault();
    showKeys();
    return;
  }
  if (!keysOn()) return;
  if ((event.key === 'Enter' || event.key === ' ') && event.target.closest?.('button, a, summary, input')) return;
  for (const shortcut of [...sections.values()].reverse().flat()) { // the page's own before those of every page
    if (shortcut.keys.includes(event.key) && (!shortcut.when || shortcut.when())) {
      event.preventDefault();
      shortcut.run(event);
      return;
    }
  }
}

/** Show every shortcut of the page, with the switch. */
export function showKeys() {
  const lists = [...sections].map(([name, shortcuts]) => [
    el('h3', {}, name),
    el('dl', { class: 'keys' }, shortcuts.map((one) => el('div', {}, el('dt', {}, one.keys.map((key) => keyCap(key))), el('dd', {}, one.label)))),
  ]);
  const box = el('input', { type: 'checkbox', checked: keysOn(), onchange: () => switchKeys(box.checked) });
  openDialog('Kortkommandon', [
    lists,
    el('p', {}, el('label', { class: 'check' }, box, 'Lyssna på enkla tangenter')),
    el('p', { class: 'quiet' }, 'De gäller aldrig när du skriver i ett fält. Ctrl+Z ångrar och Ctrl+Skift+Z gör om, alltid.'),
  ]);
}

/** Return a key as it is shown beside what it does. */
export const keyCap = (key) => el('kbd', {}, NAMES[key] ?? (key.length > 1 ? key : key !== key.toLowerCase() ? `Skift+${key}` : key.toUpperCase()));

document.addEventListener('keydown', hear);
