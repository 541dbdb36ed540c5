// Native <dialog>: the browser keeps focus inside, Esc closes, and focus goes back to where it was.
import { el, newId } from './dom.js';

/**
 * Open a dialog with a heading and content; returns { element, closed, close, leave }. `closed` resolves to what
 * `close(value)` was called with, '' when it was dismissed. `leave(value)` takes it from sight at once and closes it
 * when that has been drawn: a modal dialog that closes has the whole page styled anew. `buttons` are put last, in a row.
 */
export function openDialog(title, content, { buttons = null, wide = false } = {}) {
  const id = newId('dialog');
  const before = document.activeElement;
  const shut = el('button', { type: 'button', class: 'plain', 'aria-label': 'Stäng' }, '×');
  const element = el('dialog', { 'aria-labelledby': id, class: wide ? 'wide' : null },
    el('header', {}, el('h2', { id }, title), shut),
    el('div', { class: 'dialog-body' }, content),
    buttons ? el('footer', { class: 'row' }, buttons) : null);
  let answer = '';
  let done = null;
  const closed = new Promise((resolve) => { done = resolve; });
  const gone = () => {
    if (!element.isConnected) return;
    element.remove();
    if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    done(answer);
  };
  const close = (value = '') => { // gone at once: the next key is for what comes after
    answer = value;
    element.close();
    gone();
  };
  const leave = (value) => {
    if (element.classList.contains('left')) return;
    element.classList.add('left');
    element.addEventListener('keydown', (event) => { // already meant for the page
      event.preventDefault();
      event.stopImmediatePropagation();
      close(value);
      document.activeElement.dispatchEvent(new KeyboardEvent(event.type, event));
    }, { capture: true, once: true });
    requestAnimationFrame(() => window.setTimeout(() => { if (element.open) close(value); }));
  };
  shut.addEventListener('click', () => close());
  element.addEventListener('close', gone); // by Esc
  document.body.append(element);
  element.showModal();
  return { element, closed, close, leave };
}

/** Ask yes or no; resolves to true or false. `danger` for what is not easily undone. */
export async function confirm(title, text, { yes = 'Ja', no = 'Avbryt', danger = false } = {}) {
  let dialog = null;
  const buttons = [
    el('button', { type: 'button', class: danger ? 'danger' : 'primary', onclick: () => dialog.close('yes') }, yes),
    el('button', { type: 'button', autofocus: danger, onclick: () => dialog.close() }, no),
  ];
  dialog = openDialog(title, el('p', {}, text), { buttons });
  return (await dialog.closed) === 'yes';
}
