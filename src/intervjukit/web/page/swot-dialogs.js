// What the SWOT board asks: where to move a line, what it rests on, and which drafts to keep.
import { openDialog } from './dialog.js';
import { counted, el, fill } from './dom.js';
import { choose } from './palette.js';
import { openQuotes } from './quotes.js';

/** Ask where a line is to go; resolves to "up", "down", "first", "last", the id of a field, or ''. */
export async function moveMenu(item, board) {
  let dialog = null;
  const mine = board.items.filter((one) => one.field === item.field);
  const at = mine.findIndex((one) => one.id === item.id);
  const way = (value, text) => el('button', { type: 'button', onclick: () => dialog.close(value) }, text);
  dialog = openDialog('Flytta raden', [
    el('p', {}, el('bdi', {}, item.text)),
    el('div', { class: 'ways', role: 'group', 'aria-label': 'Inom fältet' }, at > 0 ? [way('up', '↑ Upp'), way('first', 'Överst')] : null, at < mine.length - 1 ? [way('down', '↓ Ner'), way('last', 'Nederst')] : null),
    el('div', { class: 'ways', role: 'group', 'aria-label': 'Till ett annat fält' }, board.fields.filter((field) => field.id !== item.field).map((field) => way(field.id, `Till ${field.name}`))),
  ]);
  return dialog.closed;
}

/** Let a person change which findings a line rests on; resolves to their ids, or null when nothing is changed. */
export async function editFindings(item, board) {
  let cites = [...item.cites];
  const known = new Map([...item.rests, ...board.findings].map((finding) => [finding.id, finding]));
  for (;;) {
    let dialog = null;
    const list = el('ul', { class: 'cited' });
    const draw = () => fill(list, cites.map((id) => {
      const { name, n } = known.get(id);
      return el('li', {}, el('bdi', {}, name), el('span', { class: 'row' },
        el('button', { type: 'button', class: 'small', 'aria-label': `${n} av ${board.people}, läs citaten: ${name}`, onclick: () => openQuotes(name, id) }, `${n} av ${board.people}`),
        cites.length > 1 ? el('button', { type: 'button', class: 'small', 'aria-label': `Ta bort: ${name}`, onclick: () => { cites = cites.filter((other) => other !== id); draw(); } }, 'Ta bort') : null));
    }));
    draw();
    dialog = openDialog('Fynden bakom raden', [el('p', {}, el('bdi', {}, item.text)), list,
      el('p', {}, el('button', { type: 'button', onclick: () => dialog.close('more') }, 'Lägg till fynd …')),
      el('p', { class: 'quiet small' }, 'En rad bygger på minst ett fynd. Antalet bakom raden är alla som står bakom något av dem.')],
    { buttons: [el('button', { type: 'button', class: 'primary', onclick: () => dialog.close('save') }, 'Spara'), el('button', { type: 'button', onclick: () => dialog.close() }, 'Avbryt')], wide: true });
    const answer = await dialog.closed;
    if (answer === 'save') return cites.join() === item.cites.join() ? null : cites;
    if (answer !== 'more') return null;
    const chosen = await choose('Lägg till fynd', board.findings.filter((finding) => !cites.includes(finding.id)).map((finding) => ({ ...finding, group: '', keywords: `${finding.code} ${finding.valence_name}`, hint: `${finding.n} av ${board.people}` })), { label: 'Sök fynd', accept: 'Lägg till' });
    if (chosen) cites = [...cites, chosen.item.id];
  }
}

/** Show drafts before anything is saved; resolves to the places of those to keep, or null. */
export async function pickDrafts(title, drafts, single, plural, about) {
  let dialog = null;
  if (!drafts.length) {
    dialog = openDialog(title, el('p', {}, 'Det finns inget att föreslå just nu. Allt som går att bygga på används redan.'), { buttons: [el('button', { type: 'button', class: 'primary', onclick: () => dialog.close() }, 'Stäng')] });
    await dialog.closed;
    return null;
  }
  const boxes = drafts.map(() => el('input', { type: 'checkbox', checked: true }));
  const keep = el('button', { type: 'button', class: 'primary', onclick: () => dialog.close(chosen()) });
  const chosen = () => boxes.flatMap((box, index) => (box.checked ? [index] : []));
  const told = () => {
    const n = chosen().length;
    fill(keep, n ? `Lägg till ${counted(n, single, plural)}` : 'Inget valt');
    keep.disabled = !n;
  };
  const all = el('input', { type: 'checkbox', checked: true, onchange: () => { for (const box of boxes) box.checked = all.checked; told(); } });
  const groups = [...new Set(drafts.map((draft) => draft.group))];
  const content = groups.map((group) => el('fieldset', { class: 'drafts' }, el('legend', {}, group), drafts.map((draft, index) => (draft.group === group
    ? el('label', { class: 'draft' }, boxes[index], el('span', {}, el('bdi', {}, draft.text)), el('span', { class: 'quiet small' }, draft.hint)) : null))));
  dialog = openDialog(title, [el('p', { class: 'quiet' }, about), el('label', { class: 'check' }, all, 'Alla'), content], { buttons: [keep, el('button', { type: 'button', onclick: () => dialog.close() }, 'Avbryt')], wide: true });
  dialog.element.addEventListener('change', told);
  told();
  return (await dialog.closed) || null;
}
