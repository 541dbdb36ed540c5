// Says what happened: one polite live region for screen readers, and the same words on the page.
import { el, fill, one } from './dom.js';

let timer = 0;

/** Say that something went well, or is so; it goes away by itself, or with `{ stays: true }` as what went wrong does. */
export function announce(text, { stays = false } = {}) {
  show('notice', [text]);
  if (!stays) timer = window.setTimeout(hush, 8000);
}

/** Say what went wrong and what to do; it stays until it is closed or something else is said. */
export function complain(problem, fix = '') {
  show('notice notice-problem', [el('strong', {}, problem), fix ? ` ${fix}` : null]);
}

/** Take the words away. */
export function hush() {
  window.clearTimeout(timer);
  fill(one('#says'));
}

function show(kind, content) {
  window.clearTimeout(timer);
  const close = el('button', { type: 'button', class: 'plain', 'aria-label': 'Stäng meddelandet', onclick: hush }, '×');
  fill(one('#says'), el('p', { class: kind }, el('span', {}, content), close));
}
