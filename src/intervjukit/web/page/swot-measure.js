// One measure as a card, and the form that makes one.
import { autosave } from './autosave.js';
import { openDialog } from './dialog.js';
import { el, fill, newId } from './dom.js';

/** Return the card of a measure: { element, item, update(item, board), focusText() }. */
export function measureCard(item, board, act) {
  const card = { item };
  const savers = [];
  const part = (name, label, control, required = '') => {
    const note = el('span', { class: 'note quiet small', role: 'status' });
    savers.push(autosave(control, item, { save: (value, believed) => act.edit(card, name, value, believed), value: (row) => row[name], note, required }));
    const id = newId('measure');
    control.id = id;
    control.value = item[name];
    return el('div', { class: `part part-${name}` }, el('label', { for: id }, label), control, note);
  };
  const text = el('textarea', { rows: 1, lang: 'sv' });
  const cites = el('ul', { class: 'answers' });
  const remove = el('button', { type: 'button', class: 'plain', title: 'Ta bort åtgärden', onclick: () => act.removeMeasure(card).catch(() => {}) }, el('span', { 'aria-hidden': true }, '×'));
  const change = el('button', { type: 'button', class: 'small', 'aria-haspopup': 'dialog', onclick: () => act.citeLines(card).catch(() => {}) }, 'Ändra rader …');
  card.element = el('li', { class: 'measure card', 'data-id': item.id },
    part('text', 'Åtgärd', text, 'En åtgärd kan inte vara tom. Ta bort den i stället.'), remove,
    el('div', { class: 'details' },
      part('party', 'Ansvarig', el('select', {}, board.parties.map((party) => el('option', { value: party.id }, party.name)))),
      part('due', 'När', el('input', { type: 'text', maxlength: 80, autocomplete: 'off', placeholder: 'till exempel 2027-03-01' })),
      part('follow_up', 'Uppföljning', el('textarea', { rows: 1, lang: 'sv', placeholder: 'hur och när det följs upp' }))),
    el('div', { class: 'answer' }, el('span', { class: 'quiet small' }, 'Svarar mot'), cites, change));

  card.update = (fresh, now) => {
    card.item = fresh;
    for (const saver of savers) saver.update(fresh);
    const lines = now.items.filter((line) => fresh.cites.includes(line.id));
    fill(cites, lines.length ? lines.map((line) => el('li', { 'data-field': line.field }, el('bdi', {}, line.text), el('span', { class: 'quiet' }, ` ${line.n}`))) : el('li', { class: 'quiet' }, 'ingen rad'));
    remove.setAttribute('aria-label', `Ta bort: ${fresh.text}`);
    change.setAttribute('aria-label', `Ändra rader som åtgärden svarar mot: ${fresh.text}`);
    card.element.classList.toggle('groundless', !lines.some((line) => line.n));
  };
  card.focusText = () => text.focus();
  card.update(item, board);
  return card;
}

/** Ask for a measure, or with `only: 'cites'` for the lines one answers; resolves to its values, or null. */
export async function measureForm(board, { text = '', party = '', cites = [], only = '' } = {}) {
  const weaknessesFirst = [...board.fields].sort((a, b) => (b.id === 'svaghet') - (a.id === 'svaghet'));
  const boxes = [];
  const box = (line) => {
    const input = el('input', { type: 'checkbox', value: line.id, checked: cites.includes(line.id) });
    boxes.push(input);
    return el('label', { class: 'check line-check' }, input, el('bdi', {}, line.text), el('span', { class: 'quiet' }, String(line.n)));
  };
  const fields = weaknessesFirst.map((field) => [field, board.items.filter((line) => line.field === field.id)]).filter(([, lines]) => lines.length);
  const words = el('textarea', { id: newId('measure'), rows: 2, value: text, lang: 'sv' });
  const who = el('select', { id: newId('party') }, board.parties.map((one) => el('option', { value: one.id }, one.name)));
  if (party) who.value = party;
  const due = el('input', { type: 'text', id: newId('due'), maxlength: 80, autocomplete: 'off' });
  const followUp = el('input', { type: 'text', id: newId('follow'), autocomplete: 'off' });
  const problem = el('p', { class: 'form-problem', role: 'alert' });
  let dialog = null;
  const finish = () => {
    const chosen = boxes.filter((input) => input.checked).map((input) => Number(input.value));
    const missing = !chosen.length ? 'Välj minst en rad som åtgärden svarar mot.' : !only && !words.value.trim() ? 'Skriv vad som ska göras.' : '';
    fill(problem, missing);
    if (!missing) dialog.close({ text: words.value.trim(), party: who.value, due: due.value, follow_up: followUp.value, cites: chosen });
  };
  const labelled = (label, control) => el('p', {}, el('label', { for: control.id }, label), control);
  dialog = openDialog(only ? 'Rader som åtgärden svarar mot' : 'Ny åtgärd', [
    only ? null : el('div', { class: 'measure-form' }, labelled('Vad ska göras?', words), labelled('Ansvarig', who), labelled('När', due), labelled('Uppföljning', followUp)),
    el('fieldset', { class: 'line-choice' }, el('legend', {}, 'Svarar mot'), fields.map(([field, lines]) => [el('p', { class: 'quiet small' }, field.name), lines.map(box)])),
    problem,
  ], { buttons: [el('button', { type: 'button', class: 'primary', onclick: finish }, only ? 'Spara' : 'Lägg till'), el('button', { type: 'button', onclick: () => dialog.close() }, 'Avbryt')], wide: true });
  if (!only) words.focus();
  return (await dialog.closed) || null;
}
