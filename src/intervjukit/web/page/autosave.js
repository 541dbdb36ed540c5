// A field that is saved by itself, and never overwrites what somebody else has written meanwhile.
import { el, fill } from './dom.js';

const PAUSE = 1200;

/**
 * Let a field be saved when one pauses or leaves it. `save(value, believed)` resolves when it is saved and throws an
 * ApiError; 409 shows what it is now beside the field, to choose between. `value(now)` takes the field's own value out
 * of the present state. Returns { update(believed), flush() }: `update` is what the server has, and is kept away from
 * a field that somebody is writing in.
 */
export function autosave(field, believed, { save, value, note, required = '' }) {
  let known = believed;
  let next = null; // news that came while one was writing
  let timer = 0;
  let saving = null;
  const dirty = () => field.value.trim() !== value(known);

  async function flush() {
    window.clearTimeout(timer);
    if (saving) await saving.catch(() => {});
    if (!field.isConnected || !dirty() || note.dataset.conflict) return;
    if (required && !field.value.trim()) {
      if (document.activeElement !== field) field.value = value(known);
      fill(note, required);
      return;
    }
    const sent = field.value.trim();
    note.dataset.state = 'saving';
    saving = save(sent, known);
    try {
      await saving;
      fill(note, 'Sparat');
    } catch (error) {
      if (error.status === 409) conflict(error);
      else fill(note, `Inte sparat. ${error.problem}`);
    } finally {
      saving = null;
      delete note.dataset.state;
    }
  }

  function conflict({ problem, now }) {
    note.dataset.conflict = 'yes';
    const settle = (text) => {
      delete note.dataset.conflict;
      fill(note);
      if (now) known = now;
      field.value = text;
      flush();
      field.focus();
    };
    const mine = field.value;
    fill(note, el('span', {}, problem), now === null ? null : [
      el('span', {}, ' Nu står det: ', el('q', {}, el('bdi', {}, value(now))), ' '),
      el('button', { type: 'button', onclick: () => settle(value(now)) }, 'Behåll det'),
      el('button', { type: 'button', onclick: () => settle(field.value || mine) }, 'Spara mitt'),
    ]);
  }

  field.addEventListener('input', () => {
    fill(note);
    delete note.dataset.conflict;
    window.clearTimeout(timer);
    timer = window.setTimeout(flush, PAUSE);
  });
  field.addEventListener('change', flush);
  field.addEventListener('blur', () => {
    if (next && !dirty()) update(next);
    else flush();
  });

  function update(fresh) {
    const untouched = !dirty() && !note.dataset.conflict;
    if (untouched || value(fresh) === field.value.trim()) {
      known = fresh;
      next = null;
      if (value(fresh) !== field.value.trim()) field.value = value(fresh);
    } else if (value(fresh) === value(known)) known = fresh; // something else about it has changed
    else next = fresh;
  }
  return { update, flush, known: () => known };
}
