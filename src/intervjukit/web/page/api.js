// Asks the server and tells it what was decided. Errors are shown in the page's one live region.
import { complain } from './announce.js';

/** What the server refused. `status`, `problem`, `fix`; for 409 `now` is how the thing is at present. */
export class ApiError extends Error {
  constructor(status, body) {
    super(body.problem);
    this.status = status;
    this.problem = body.problem;
    this.fix = body.fix ?? '';
    this.now = body.now ?? null;
  }
}

const own = new Set();
let known = 0;

/** Return the revision this page knows of. */
export const revision = () => known;

/** Begin from the revision the page was made at. */
export const beginAt = (number) => { known = number; };

/** Ask: `get('/api/start')`. With `{ quiet: true }` an error is thrown but not shown. */
export const get = (path, options = {}) => ask(path, {}, options);

/** Return what came with the page itself for its script to begin with. It is there once. */
export function given() {
  const element = document.querySelector('#given');
  element.remove();
  return JSON.parse(element.textContent);
}

const MOMENT = 250; // milliseconds
let line = Promise.resolve();
let waiting = 0;

/**
 * Decide: `post('/api/kodare', { coder: 'MK' })`. What is resolved is already saved. Decisions are sent one at a time
 * in the order they are made, so that undo takes the one made last; `path` and `data` may be functions, called when
 * their turn comes. With `{ unhurried: true }` what has changed is asked for a moment later, once for many decisions.
 */
export function post(path, data = {}, options = {}) {
  const sent = line.then(() => decided(typeof path === 'function' ? path() : path, typeof data === 'function' ? data() : data, options));
  line = sent.catch(() => {});
  return sent;
}

async function decided(path, data, options) {
  const request = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(data) };
  const result = await ask(path, request, options);
  window.clearTimeout(waiting);
  if (options.unhurried) waiting = window.setTimeout(check, MOMENT);
  else check();
  return result;
}

/** Send one file; resolves to its key in the server's inbox. */
export const send = (file, options = {}) =>
  ask(`/api/filer?name=${encodeURIComponent(file.name)}`, { method: 'POST', body: file }, options);

async function ask(path, request, { quiet = false } = {}) {
  let error;
  try {
    const response = await fetch(path, { ...request, cache: 'no-store', credentials: 'same-origin' });
    const text = await response.text();
    if (response.ok) {
      noteOwn(response.headers.get('X-Revisions'));
      return JSON.parse(text);
    }
    error = new ApiError(response.status, parsed(text));
  } catch {
    error = new ApiError(0, { problem: 'Servern svarar inte.', fix: 'Se efter att Intervjukit är igång, och öppna adressen som visas där.' });
  }
  if (!quiet) complain(error.problem, error.fix);
  throw error;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return { problem: 'Något gick fel i programmet.', fix: 'Läs in sidan på nytt.' };
  }
}

function noteOwn(revisions) {
  const [before, after] = (revisions ?? '').split(' ').map(Number);
  for (let id = before + 1; id <= after; id++) own.add(id);
}

// --- what others do ---------------------------------------------------------------------------------

const listeners = [];
let checking = null;

/**
 * Call `heard({ events, foreign, undo, redo })` when the study has changed: `events` are all that happened,
 * `foreign` those that this page did not do itself (another tab, another coder, background work).
 */
export const onChange = (heard) => { listeners.push(heard); };

/** Ask now what has changed; the page also does so every few seconds while it is seen, and when it is returned to. */
export async function check() {
  if (checking) {
    await checking.catch(() => {});
    if (checking) return;
  }
  checking = get(`/api/since?revision=${known}`, { quiet: true });
  try {
    const state = await checking;
    known = Math.max(known, state.revision);
    if (state.events.length) tell(state);
  } catch (error) {
    if (error.status === 403 || error.status === 0) complain(error.problem, error.fix);
  } finally {
    checking = null;
  }
}

function tell(state) {
  const foreign = state.events.filter((event) => !own.has(event.id));
  for (const heard of listeners) heard({ ...state, foreign });
}

/** Keep asking, every few seconds while the page is seen. */
export function poll(seconds = 4) {
  window.setInterval(() => { if (!document.hidden) check(); }, seconds * 1000);
  window.addEventListener('focus', check);
}

/** Follow background work to its end: `progressed(job)` is called on the way. Resolves to its result. */
export async function follow(job, progressed = () => {}) {
  for (let now = job; ; now = await get(`/api/jobb?id=${job.id}`)) {
    progressed(now);
    if (now.state === 'done') {
      check();
      return now.result;
    }
    if (now.state === 'failed') {
      complain(now.problem, now.fix);
      throw new ApiError(422, now);
    }
    await new Promise((resolve) => { window.setTimeout(resolve, 150); });
  }
}
