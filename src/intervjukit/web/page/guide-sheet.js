// A guide being filled in during an interview. Every change is saved; another tab's words are never overwritten.
import { complain } from './announce.js';
import { ApiError, get, post } from './api.js';
import { openDialog } from './dialog.js';
import { clock, counted, el, fill, newId, number, one } from './dom.js';
import { curveField } from './guide-curve.js';
import { register } from './keys.js';

const draft = one('#sheet').dataset.draft;
const address = (what = '') => `/api/utkast/${draft}${what}`;
const PAUSE = 500;
const AGAIN = 3000;
const TICK = 15;
const fields = new Map();
let sheet = null;

// --- saving -------------------------------------------------------------------------------------------

/**
 * Keep a field saved: `read()` and `put(value)` are of the control, `wrong` shows a refusal and `mine` a conflict.
 * What was last saved is what the server is told that this page believes.
 */
class Field {
  constructor(name, { read, put, box }) {
    this.name = name;
    this.read = read;
    this.put = put;
    this.saved = sheet.answers[name] ?? '';
    this.timer = 0;
    this.going = false;
    this.refused = null;
    this.note = el('div', { class: 'refusal', hidden: true });
    box.append(this.note);
    if (this.saved) put(this.saved);
    fields.set(name, this);
  }

  get dirty() { return !this.going ? this.read() !== this.saved && this.read() !== this.refused : true; }

  changed(wait = PAUSE) {
    window.clearTimeout(this.timer);
    told('Sparar …');
    this.timer = window.setTimeout(() => this.save(), wait);
  }

  async save() {
    window.clearTimeout(this.timer);
    const value = this.read();
    if (this.going || value === this.refused) return; // what was refused is not sent again by leaving the field
    if (value === this.saved) { this.hush(); settled(); return; }
    this.going = true;
    told('Sparar …');
    try {
      const answer = await post(address('/svar'), { field: this.name, value, expected: this.saved }, { quiet: true });
      this.saved = answer.value;
      this.refused = null;
      this.hush();
      if (this.read() === value && answer.value !== value) this.put(answer.value);
      redraw(this.name);
    } catch (error) {
      this.going = false;
      if (error.status === 409) this.disagree(error);
      else if (error.status === 0 || error.status >= 500) this.later(error);
      else this.refuse(error, value);
      return;
    }
    this.going = false;
    if (this.read() !== this.saved && this.read() !== value) this.changed(0);
    else settled();
  }

  later(error) {
    told('Inte sparat', true);
    complain(error.problem, 'Det du skriver finns kvar här på sidan och sparas när servern svarar.');
    this.timer = window.setTimeout(() => this.save(), AGAIN);
  }

  refuse(error, value) {
    this.refused = value;
    told('Inte sparat', true);
    fill(this.note, el('p', { role: 'alert' }, `${error.problem} ${error.fix}`)).hidden = false;
  }

  disagree(error) {
    told('Inte sparat', true);
    this.refused = this.read();
    const keep = el('button', { type: 'button', onclick: () => { this.saved = error.now; this.refused = null; this.hush(); this.save(); } }, 'Behåll det jag skrev');
    const take = el('button', { type: 'button', onclick: () => { this.take(error.now); settled(); } }, 'Ta det som står där');
    fill(this.note, el('p', { role: 'alert' }, error.problem), el('p', {}, 'Där står nu:'), el('blockquote', {}, el('bdi', {}, error.now || 'ingenting')), el('p', { class: 'row' }, keep, take)).hidden = false;
  }

  take(value) {
    this.saved = value;
    this.refused = null;
    this.put(value);
    this.hush();
    redraw(this.name);
  }

  hush() {
    fill(this.note).hidden = true;
  }
}

const saved = one('#saved');
function told(text, wrong = false) {
  saved.textContent = text;
  saved.classList.toggle('not', wrong);
}
function settled() {
  if ([...fields.values()].some((field) => field.dirty)) return;
  if ([...fields.values()].some((field) => field.refused !== null && field.read() === field.refused)) told('Allt är inte sparat', true);
  else told(`Sparat ${clock(new Date().toISOString())}`);
}

/** What another tab has written comes in, but never over what is being written here. */
async function refresh() {
  if (document.hidden || !sheet || sheet.transcript) return;
  let now;
  try {
    now = await get(address('/svar'), { quiet: true });
  } catch { return; }
  if (now.transcript) {
    window.location.reload();
    return;
  }
  for (const [name, field] of fields) {
    const value = now.answers[name] ?? '';
    if (!field.going && value !== field.saved && field.read() === field.saved) field.take(value);
  }
  for (const name of Object.keys(now.answers)) {
    if (name.startsWith(sheet.fields.fact) && !fields.has(name)) factRow(name.slice(sheet.fields.fact.length), now.answers[name]);
  }
  if (!running) seconds = Math.max(seconds, now.seconds);
  showTime();
}

// --- the clock ----------------------------------------------------------------------------------------

const RUNNING = `intervjukit-clock-${draft}`;
let seconds = 0;
let running = false;
let begun = 0;

const elapsed = () => seconds + (running ? (performance.now() - begun) / 1000 : 0);

function showTime() {
  const whole = Math.floor(elapsed());
  const time = one('#time');
  time.textContent = `${Math.floor(whole / 60)}.${String(whole % 60).padStart(2, '0')}`;
  time.dateTime = `PT${whole}S`;
}

function run(on) {
  if (on === running) return;
  seconds = elapsed();
  running = on;
  begun = performance.now();
  sessionStorage.setItem(RUNNING, on ? 'on' : 'off');
  const button = one('#clock');
  button.setAttribute('aria-pressed', String(on));
  button.textContent = on ? 'Pausa klockan' : seconds ? 'Fortsätt klockan' : 'Starta klockan';
  if (!on) keepTime();
  showTime();
}

const keepTime = () => post(address('/tid'), { seconds: Math.floor(elapsed()) }, { quiet: true }).catch(() => {});

// --- the questions ------------------------------------------------------------------------------------

const lists = new Map();

function draw() {
  const box = one('#questions');
  box.removeAttribute('aria-busy');
  fill(box, opening(), background(), sheet.sections.map(section), ending());
  fill(one('#sections'), [{ id: 'bakgrundsfakta', title: 'Bakgrundsfakta' }, ...sheet.sections, { id: 'efterat', title: 'Efteråt' }].map(({ id, title }) => el('li', {}, el('a', { href: `#avsnitt-${id}` }, title, el('span', { class: 'count', dataset: { section: id } })))));
  redraw();
}

function opening() {
  const consent = new Set((sheet.answers[sheet.fields.consent] ?? '').split(',').filter(Boolean));
  const inside = el('div', {});
  const boxes = sheet.consent.map((text, index) => {
    const id = String(index + 1);
    const box = el('input', { type: 'checkbox', checked: consent.has(id), onchange: () => { box.checked ? consent.add(id) : consent.delete(id); field.changed(0); } });
    return [id, box, el('label', { class: 'check' }, box, text)];
  });
  const field = new Field(sheet.fields.consent, {
    box: inside,
    read: () => [...consent].sort((a, b) => a - b).join(','),
    put: (value) => { consent.clear(); for (const id of value.split(',').filter(Boolean)) consent.add(id); for (const [id, box] of boxes) box.checked = consent.has(id); },
  });
  return el('details', { class: 'opening', open: !Object.keys(sheet.answers).length }, el('summary', {}, 'Inledning och samtycke'),
    paragraphs(sheet.introduction), boxes.length ? el('fieldset', { class: 'consent' }, el('legend', {}, 'Samtycke'), boxes.map(([, , label]) => label), inside) : inside);
}

const paragraphs = (text) => text.split(/\n+/).filter(Boolean).map((part) => el('p', {}, part));

let factList = null;
function background() {
  factList = el('div', { class: 'facts' });
  const start = sheet.fields.fact;
  const known = [...new Set([...sheet.facts, ...Object.keys(sheet.answers).filter((name) => name.startsWith(start)).map((name) => name.slice(start.length))])];
  const made = el('section', { 'aria-labelledby': 'avsnitt-bakgrundsfakta' }, el('h2', { id: 'avsnitt-bakgrundsfakta', tabindex: -1 }, 'Bakgrundsfakta'),
    el('p', { class: 'quiet' }, 'Kort om personen. Inget som röjer vem det är.'), factList);
  known.forEach((name) => factRow(name));
  const name = el('input', { type: 'text', maxlength: 60, autocomplete: 'off', id: newId('fact') });
  const add = () => {
    const title = name.value.trim().replace(/\s+/g, ' ');
    if (!title) return name.focus();
    if (!fields.has(start + title)) factRow(title);
    name.value = '';
    return one('input', fields.get(start + title).note.parentElement).focus();
  };
  name.addEventListener('keydown', (event) => { if (event.key === 'Enter') add(); });
  made.append(el('p', { class: 'row' }, el('label', { for: name.id }, 'Lägg till'), name, el('button', { type: 'button', onclick: add }, 'Lägg till fakta')));
  return made;
}

function factRow(name, value = null) {
  const input = el('input', { type: 'text', maxlength: 200, autocomplete: 'off', id: newId('fact') });
  const box = el('p', { class: 'fact' }, el('label', { for: input.id }, name), input);
  const row = el('div', {}, box);
  factList.append(row);
  const field = new Field(sheet.fields.fact + name, { box: row, read: () => input.value.trim().replace(/\s+/g, ' '), put: (now) => { input.value = now; } });
  if (value !== null) field.take(value);
  listen(input, field);
}

function section({ id, title, questions }) {
  const head = `avsnitt-${id}`;
  return el('section', { 'aria-labelledby': head }, el('h2', { id: head, tabindex: -1 }, title), questions.map(question));
}

function question(asked) {
  const head = newId('question');
  const box = el('div', { class: 'question', role: 'group', 'aria-labelledby': head, dataset: { question: asked.id } }, el('h3', { id: head }, asked.text));
  lists.set(asked.id, { asked, box });
  if (asked.aim || asked.variants.length) {
    box.append(el('details', { class: 'more' }, el('summary', {}, 'Syfte och andra sätt att fråga'), asked.aim ? el('p', {}, asked.aim) : null, asked.variants.length ? el('ul', {}, asked.variants.map((text) => el('li', {}, text))) : null));
  }
  (CONTROLS[asked.kind] ?? words)(asked, box, head);
  if (asked.kind !== 'text') said(asked, box);
  if (asked.follow_ups.length) box.append(followUps(asked));
  return box;
}

function listen(control, field) {
  control.addEventListener('input', () => field.changed());
  control.addEventListener('change', () => field.changed(0));
  control.addEventListener('blur', () => { if (field.read() !== field.saved && field.read() !== field.refused) field.save(); });
}

function writing(name, box, label, { rows = 4, labelled = '' } = {}) {
  const area = el('textarea', { rows, id: newId('answer'), 'aria-labelledby': labelled || null });
  if (label) box.append(el('label', { for: area.id }, label));
  box.append(area);
  listen(area, new Field(name, { box, read: () => area.value.replace(/\r\n?/g, '\n').trim(), put: (value) => { if (area.value.trim() !== value) area.value = value; } }));
  return area;
}

const words = (asked, box, head) => writing(asked.id, box, '', { labelled: head });

function typed(asked, box, head, more) {
  const input = el('input', { id: newId('answer'), autocomplete: 'off', 'aria-labelledby': head, ...more });
  const unit = asked.kind === 'percent' ? 'procent' : asked.unit;
  box.append(el('p', { class: 'row' }, input, unit ? el('span', {}, unit) : null));
  listen(input, new Field(asked.id, { box, read: () => input.value.trim(), put: (value) => { input.value = value; } }));
}

function radios(asked, box, head, choices, kind) {
  const name = newId('choice');
  const inputs = choices.map(({ value, label }) => [value, el('input', { type: 'radio', name, value }), label]);
  const none = el('button', { type: 'button', class: 'plain', onclick: () => { for (const [, input] of inputs) input.checked = false; field.changed(0); } }, 'Inget svar');
  const scale = asked.scale && kind === 'scale' ? asked.scale : null;
  if (scale && (scale.low_label || scale.high_label)) box.append(el('p', { class: 'quiet' }, `${scale.low} är ${scale.low_label.toLowerCase()}, ${scale.high} är ${scale.high_label.toLowerCase()}.`));
  box.append(el('div', { class: `choices-row ${kind}`, role: 'radiogroup', 'aria-labelledby': head },
    inputs.map(([, input, label]) => el('label', { class: 'pill' }, input, label)), none));
  const field = new Field(asked.id, { box, read: () => inputs.find(([, input]) => input.checked)?.[0] ?? '', put: (value) => { for (const [own, input] of inputs) input.checked = own === value; } });
  for (const [, input] of inputs) input.addEventListener('change', () => field.changed(0));
}

const CONTROLS = {
  number: (asked, box, head) => typed(asked, box, head, { type: 'text', inputmode: 'decimal', class: 'short' }),
  percent: (asked, box, head) => typed(asked, box, head, { type: 'text', inputmode: 'decimal', class: 'short' }),
  date: (asked, box, head) => typed(asked, box, head, { type: 'date' }),
  choice: (asked, box, head) => radios(asked, box, head, asked.choices.map((value) => ({ value, label: value })), 'choice'),
  scale: (asked, box, head) => {
    const { low, high } = asked.scale ?? { low: 0, high: 10 };
    if (high - low > 20) return typed(asked, box, head, { type: 'text', inputmode: 'numeric', class: 'short' });
    return radios(asked, box, head, Array.from({ length: high - low + 1 }, (_, index) => ({ value: String(low + index), label: String(low + index) })), 'scale');
  },
  drawing: (asked, box, head) => {
    const curve = curveField({ head, highest: sheet.highest, changed: (wait) => field.changed(wait) });
    box.append(curve.element);
    const field = new Field(asked.id, { box, read: curve.read, put: curve.put });
  },
};

function said(asked, box) {
  const name = sheet.fields.said + asked.id;
  const more = el('details', { class: 'more', open: Boolean(sheet.answers[name]) }, el('summary', {}, 'Skriv vad personen säger om det'));
  box.append(more);
  const inside = el('div', {});
  more.append(inside);
  writing(name, inside, 'Med personens ord', { rows: 2 });
}

function followUps(asked) {
  return el('ul', { class: 'follow-ups', 'aria-label': 'Följdfrågor' }, asked.follow_ups.map((text, index) => {
    const name = `${sheet.fields.follow_up}${asked.id}#${index}`;
    const place = el('div', { hidden: !sheet.answers[name] });
    const button = el('button', { type: 'button', class: 'plain', 'aria-expanded': String(!place.hidden), onclick: () => open(place.hidden) }, text);
    const area = writing(name, place, `Svar på följdfrågan: ${text}`, { rows: 2 });
    const open = (on) => {
      place.hidden = !on && !area.value.trim();
      button.setAttribute('aria-expanded', String(!place.hidden));
      if (on) area.focus();
    };
    const field = fields.get(name);
    const put = field.put;
    field.put = (value) => { put(value); if (value) { place.hidden = false; button.setAttribute('aria-expanded', 'true'); } };
    return el('li', {}, button, place);
  }));
}

function ending() {
  const box = el('section', { 'aria-labelledby': 'avsnitt-efterat' }, el('h2', { id: 'avsnitt-efterat', tabindex: -1 }, 'Efteråt'), paragraphs(sheet.closing));
  writing(sheet.fields.note, box, 'Din egen anteckning', { rows: 3 });
  box.append(el('p', { class: 'quiet' }, 'Den följer med utskriften som en anteckning, inte som något personen har sagt.'));
  return box;
}

/** Show the questions whose conditions hold, and how many of each section are answered. */
function redraw() {
  const shown = new Set();
  for (const { asked, box } of lists.values()) {
    const { condition } = asked;
    const on = !condition || (shown.has(condition.question) && (fields.get(condition.question)?.saved ?? '') === condition.answer);
    if (on) shown.add(asked.id);
    box.hidden = !on;
  }
  for (const { id, questions } of sheet.sections) {
    const here = questions.filter((asked) => shown.has(asked.id));
    fill(one(`[data-section="${CSS.escape(id)}"]`), ` ${number(here.filter(answered).length)}/${number(here.length)}`);
  }
  return shown;
}

const names = (asked) => [asked.id, sheet.fields.said + asked.id, ...asked.follow_ups.map((_, index) => `${sheet.fields.follow_up}${asked.id}#${index}`)];
const answered = (asked) => names(asked).some((name) => fields.get(name)?.saved);

// --- done ---------------------------------------------------------------------------------------------

async function done() {
  run(false);
  await Promise.all([...fields.values()].map((field) => field.save()));
  await keepTime();
  const wrong = [...fields.values()].find((field) => field.read() !== field.saved);
  if (wrong) {
    complain('Ett svar är inte sparat.', 'Rätta det, eller välj vad som ska gälla.');
    wrong.note.parentElement.querySelector('input, textarea, button')?.focus();
    return;
  }
  const shown = redraw();
  const left = [...lists.values()].filter(({ asked }) => shown.has(asked.id) && !answered(asked));
  const consent = (sheet.consent.length && fields.get(sheet.fields.consent).saved.split(',').filter(Boolean).length < sheet.consent.length);
  const minutes = el('input', { type: 'number', min: 0, max: 1440, id: newId('minutes'), value: String(Math.round(elapsed() / 60)) });
  const date = el('input', { type: 'date', id: newId('date'), value: sheet.date });
  const wrongly = el('p', { class: 'refusal', role: 'alert', hidden: true });
  let dialog = null;
  const finish = async () => {
    let interview = 0;
    try {
      await post(address('/uppgifter'), { minutes: Math.round(Number(minutes.value) || 0), date: date.value }, { quiet: true });
      ({ interview } = await post(address('/klar'), {}, { quiet: true }));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      fill(wrongly, `${error.problem} ${error.fix}`).hidden = false;
      return;
    }
    sessionStorage.removeItem(RUNNING);
    window.removeEventListener('beforeunload', hold);
    dialog.close('yes');
    window.location.assign(`/intervju/${interview}`);
  };
  dialog = openDialog('Gör till en intervju', [
    el('p', {}, `Svaren blir en utskrift för ${sheet.respondent}, med varje svar under sin fråga. Sedan kan den kodas.`),
    consent ? el('p', { class: 'refusal' }, el('strong', {}, 'Samtycket är inte ikryssat i alla delar.')) : null,
    left.length ? el('details', {}, el('summary', {}, `${counted(left.length, 'fråga', 'frågor')} utan svar`), el('ul', {}, left.map(({ asked }) => el('li', {}, asked.text)))) : el('p', {}, 'Alla frågor har svar.'),
    el('p', { class: 'row' }, el('label', { for: minutes.id }, 'Längd i minuter'), minutes),
    el('p', { class: 'row' }, el('label', { for: date.id }, 'Datum'), date), wrongly,
  ], { buttons: [el('button', { type: 'button', onclick: () => dialog.close() }, 'Fortsätt fylla i'), el('button', { type: 'button', class: 'primary', onclick: finish }, 'Gör till intervju')] });
}

function finished() {
  fill(one('#questions'), el('p', {}, 'Den här guiden är ifylld och har blivit en intervju.'), el('p', {}, el('a', { class: 'button primary', href: `/intervju/${sheet.transcript}` }, 'Läs intervjun')));
  one('#questions').removeAttribute('aria-busy');
  for (const id of ['#clock', '#done', '#saved']) one(id).hidden = true;
}

function hold(event) {
  if ([...fields.values()].some((field) => field.dirty)) event.preventDefault();
}

/** Ctrl+Enter goes on to the next question, also while writing. */
function onward(event) {
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || document.querySelector('dialog[open]')) return;
  const here = [...document.querySelectorAll('#questions .question:not([hidden])')];
  const at = here.findIndex((box) => box.contains(document.activeElement));
  const next = here[at + 1];
  if (!next) return;
  event.preventDefault();
  next.scrollIntoView({ block: 'center' });
  next.querySelector(':scope > textarea, :scope > p input, :scope .choices-row input, :scope canvas ~ * input, :scope button, :scope textarea')?.focus();
}

async function begin() {
  sheet = await get(address());
  seconds = sheet.seconds;
  showTime();
  if (sheet.transcript) return finished();
  draw();
  one('#clock').addEventListener('click', () => run(!running));
  one('#done').addEventListener('click', done);
  if (seconds) one('#clock').textContent = 'Fortsätt klockan';
  if (sessionStorage.getItem(RUNNING) === 'on') run(true);
  window.setInterval(() => { if (running) showTime(); }, 1000);
  window.setInterval(() => { if (running) keepTime(); }, TICK * 1000);
  window.setInterval(refresh, 4000);
  window.addEventListener('focus', refresh);
  window.addEventListener('beforeunload', hold);
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) for (const field of fields.values()) if (field.read() !== field.saved && field.read() !== field.refused) field.save();
  });
  document.addEventListener('keydown', onward);
  register('Guide', [
    { key: 'k', label: 'Starta eller pausa klockan', run: () => run(!running) },
    { key: 'n', label: 'Nästa fråga (Ctrl+Enter medan du skriver)', run: () => onward(new KeyboardEvent('keydown', { key: 'Enter', ctrlKey: true })) },
  ]);
  return undefined;
}

begin();
