// One line of the SWOT as a card: its handle, its words, and what it rests on.
import { autosave } from './autosave.js';
import { el, fill } from './dom.js';

const ARROWS = { ArrowUp: 'up', ArrowDown: 'down', ArrowLeft: 'before', ArrowRight: 'after' };

/** Return the card of a line: { element, item, update(item, board), focusGrip(), focusText() }. */
export function lineCard(item, board, act) {
  const card = { item };
  const note = el('span', { class: 'note quiet small', role: 'status' });
  const text = el('textarea', { rows: 1, value: item.text, spellcheck: true, lang: 'sv' });
  const grip = el('button', { type: 'button', class: 'grip', 'aria-haspopup': 'dialog', 'aria-describedby': 'swot-help', onclick: () => { if (!grip.dataset.dragged) act.menu(card); } }, el('span', { 'aria-hidden': true }, '⠿'));
  const ground = el('button', { type: 'button', class: 'ground', 'aria-haspopup': 'dialog', onclick: () => act.quotes(card) });
  const rests = el('span', { class: 'rests quiet' });
  const field = el('select', { onchange: () => act.step(card, field.value) });
  const tools = [
    el('button', { type: 'button', class: 'plain only-list', onclick: () => act.step(card, 'up') }, el('span', { 'aria-hidden': true }, '↑')),
    el('button', { type: 'button', class: 'plain only-list', onclick: () => act.step(card, 'down') }, el('span', { 'aria-hidden': true }, '↓')),
    el('button', { type: 'button', class: 'plain', title: 'Ändra fynden bakom raden', 'aria-haspopup': 'dialog', onclick: () => act.findings(card).catch(() => {}) }, el('span', { 'aria-hidden': true }, '✎')),
    el('button', { type: 'button', class: 'plain', title: 'Ta bort raden', onclick: () => act.remove(card).catch(() => {}) }, el('span', { 'aria-hidden': true }, '×')),
  ];
  const named = [[grip, 'Flytta'], [text, 'Raden'], [tools[0], 'Flytta upp'], [tools[1], 'Flytta ner'], [tools[2], 'Ändra fynden bakom'], [tools[3], 'Ta bort'], [field, 'Fält för']];
  card.element = el('li', { class: 'line', 'data-id': item.id }, grip, text,
    el('span', { class: 'foot' }, ground, rests, note), el('span', { class: 'only-list' }, field), el('span', { class: 'line-tools' }, tools));
  const saver = autosave(text, item, { save: (value, believed) => act.reword(card, value, believed), value: (row) => row.text, note, required: 'En rad kan inte vara tom. Ta bort den i stället.' });

  grip.addEventListener('keydown', (event) => {
    const way = ARROWS[event.key];
    if (!way || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    act.step(card, way).catch(() => {});
  });
  text.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault(); // one line is one sentence; Enter means done
    saver.flush();
  });

  card.update = (fresh, now) => {
    card.item = fresh;
    saver.update(fresh);
    for (const [control, what] of named) control.setAttribute('aria-label', `${what}: ${fresh.text}`);
    fill(ground, `${fresh.n} av ${now.people}`);
    ground.setAttribute('aria-label', `${fresh.n} av ${now.people}, läs citaten bakom: ${fresh.text}`);
    const others = fresh.rests.filter((finding) => finding.name !== fresh.text).map((finding) => finding.name);
    fill(rests, others.length ? el('bdi', {}, others.join('; ')) : null);
    card.element.classList.toggle('groundless', fresh.n === 0);
    if (field.options.length !== now.fields.length) fill(field, now.fields.map((one) => el('option', { value: one.id }, one.name)));
    field.value = fresh.field;
  };
  card.focusGrip = () => (grip.checkVisibility() ? grip : field).focus();
  card.focusText = () => {
    text.focus();
    text.select();
  };
  card.update(item, board);
  return card;
}
