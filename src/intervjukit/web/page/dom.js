// Builds elements. Text is only ever set as text and attributes as attributes: nothing a person wrote becomes markup.

/**
 * Make an element: el('button', { type: 'button', class: 'primary', onclick: run, 'aria-pressed': true }, 'Spara').
 * An attribute that is null, undefined or false is left out, true gives an empty one, except for aria-* and data-*,
 * which are written as they are. `on…` takes a function, `dataset` an object. Children: nodes, texts, arrays, null.
 */
export function el(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined) continue;
    if (key.startsWith('on')) {
      if (typeof value === 'function') made.addEventListener(key.slice(2), value);
    } else if (key === 'dataset') Object.assign(made.dataset, value);
    else if (key === 'value' || key === 'checked' || key === 'disabled' || key === 'indeterminate') made[key] = value;
    else if (key.startsWith('aria-') || key.startsWith('data-')) made.setAttribute(key, String(value));
    else if (value !== false) made.setAttribute(key, value === true ? '' : String(value));
  }
  add(made, children);
  return made;
}

function add(parent, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    parent.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

/** Put these children in place of whatever an element holds, and return it. */
export function fill(parent, ...children) {
  parent.replaceChildren();
  add(parent, children);
  return parent;
}

/** Return the one element for a selector; an error when the page has none. */
export function one(selector, root = document) {
  const found = root.querySelector(selector);
  if (!found) throw new Error(`no ${selector}`);
  return found;
}

let numbered = 0;
/** Return an id that no other element has. */
export const newId = (start = 'e') => `${start}-${++numbered}`;

/** Return a whole number as it is written in Swedish: 12 345. Not by Intl, which takes long to load. */
export const number = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, '\u00a0');
/** Return a number with its noun: counted(1, 'intervju', 'intervjuer'). */
export const counted = (value, one, many) => `${number(value)} ${value === 1 ? one : many}`;

/** Return a stored time (ISO, UTC) as "14.02" today, otherwise "3 nov. 14.02". */
export function clock(at) {
  const when = new Date(at);
  const time = `${String(when.getHours()).padStart(2, '0')}.${String(when.getMinutes()).padStart(2, '0')}`;
  if (when.toDateString() === new Date().toDateString()) return time;
  return `${when.toLocaleDateString('sv-SE', { day: 'numeric', month: 'short' })} ${time}`;
}
