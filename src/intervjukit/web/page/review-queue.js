// What is left to decide on and what has been decided, as the page believes it. A decision is made here first and on
// the server after; when the server refuses, it is taken back here and what is so is fetched anew.
import { complain } from './announce.js';
import { get, post } from './api.js';

const AHEAD = 5; // places whose texts are fetched, and that are held, before they are shown
const inside = (one, { start, end }) => start <= one.start && one.start < end;

export class Queue {
  /** `told()` is called when anything has changed that the page shows beside the card. */
  constructor(told) {
    this.told = told;
    this.tab = Array.from(crypto.getRandomValues(new Uint32Array(3)), (part) => part.toString(36)).join('');
    this.info = null;
    this.order = [];
    this.filter = {};
    this.turnwise = false;
    this.decided = new Map(); // id → decision made here
    this.stack = []; // the same, in order, for undo
    this.gone = new Set(); // decided by somebody else
    this.skipped = new Set();
    this.front = []; // what was taken back is shown first
    this.drafts = new Map();
    this.texts = new Map();
    this.shown = []; // what is on the screen
    this.pending = 0;
    this.made = 0;
    this.loading = null;
  }

  // --- what there is ----------------------------------------------------------------------------------

  /** Fetch what is so. What is on the screen stays; resolves when the new order is in force. */
  load() {
    this.loading ??= this.fetch().finally(() => { this.loading = null; });
    return this.loading;
  }

  async fetch() {
    for (;;) {
      while (this.pending) await this.last.catch(() => {});
      const { made } = this;
      const info = await get('/api/granska', { quiet: this.info !== null });
      if (made !== this.made) continue; // decided meanwhile: what came may be older than that
      this.take(info);
      return;
    }
  }

  take(info) {
    this.info = info;
    this.order = info.suggestions;
    const open = new Set(this.order.map(({ id }) => id));
    for (const id of this.decided.keys()) if (open.has(id)) this.decided.delete(id); // taken back elsewhere
    this.stack = this.stack.filter(({ one }) => this.decided.has(one.id));
    this.front = this.front.filter(({ id }) => open.has(id));
    this.gone.clear();
    this.told();
  }

  free(one) {
    return !this.decided.has(one.id) && !this.gone.has(one.id);
  }

  matches(one) {
    const { interview, group, code, valence } = this.filter;
    return (!interview || one.transcript === interview) && (!code || one.code === code)
      && (!valence || (one.facets[valence.facet] ?? '') === valence.value)
      && (!group || this.groupOf(one.transcript) === group);
  }

  groupOf(transcript) {
    this.groups ??= new Map();
    if (!this.groups.has(transcript)) for (const row of this.info.interviews) this.groups.set(row.id, row.group);
    return this.groups.get(transcript);
  }

  /** Return what is left in the selection, in order. */
  left() {
    return this.order.filter((one) => this.free(one) && this.matches(one));
  }

  /** Return how many have been decided and how many there are, in the selection's interviews. */
  sofar() {
    const { interview, group } = this.filter;
    const rows = this.info.interviews.filter((row) => (!interview || row.id === interview) && (!group || row.group === group));
    const decided = rows.reduce((sum, row) => sum + row.decided, 0);
    return { decided, all: decided + rows.reduce((sum, row) => sum + row.open, 0) };
  }

  // --- what is shown ----------------------------------------------------------------------------------

  /** Return an interview's turns and questions, fetched once. */
  text(interview) {
    if (!this.texts.has(interview)) {
      const asked = get(`/api/granska/intervju/${interview}`);
      this.texts.set(interview, asked);
      asked.catch(() => this.texts.delete(interview));
    }
    return this.texts.get(interview);
  }

  /**
   * Return what to show next: { first, all, turn, text }, the suggestions on one place or, turn by turn, in one turn;
   * null when nothing is left. What was skipped comes last, once more.
   */
  async next() {
    const left = this.left();
    const back = this.front.find((one) => this.free(one));
    let first = back ?? left.find(({ id }) => !this.skipped.has(id));
    if (!first && left.length) {
      this.skipped.clear();
      [first] = left;
    }
    if (!first) return null;
    const text = await this.text(first.transcript);
    const turn = text.turns.find((one) => inside(first, one));
    const together = (one) => one.transcript === first.transcript && (this.turnwise ? inside(one, turn) : one.start === first.start && one.end === first.end);
    const all = [first, ...left.filter((one) => one.id !== first.id && together(one))].sort((a, b) => a.start - b.start || b.score - a.score);
    this.shown = all.map(({ id }) => id);
    for (const one of this.ahead()) this.text(one.transcript).catch(() => {});
    return { first, all, turn, text };
  }

  ahead() {
    return this.left().filter(({ id }) => !this.skipped.has(id) && !this.shown.includes(id)).slice(0, AHEAD);
  }

  /** Return what the suggester must leave as it is: what is on the screen and next to come. */
  held() {
    return [...this.shown, ...this.ahead().map(({ id }) => id)];
  }

  /** Return a suggestion as the person has changed it so far. */
  draft(one) {
    return this.drafts.get(one.id) ?? { code: one.code, facets: { ...one.facets }, start: one.start, end: one.end, memo: '' };
  }

  change(one, values) {
    this.drafts.set(one.id, { ...this.draft(one), ...values });
  }

  skip(all) {
    this.front = this.front.filter((one) => !all.includes(one));
    for (const { id } of all) this.skipped.add(id);
  }

  // --- decisions --------------------------------------------------------------------------------------

  /** Decide: 'accepted' (as the draft says) or 'rejected'. Shown at once, saved in the background. */
  decide(one, kind) {
    const draft = this.draft(one);
    const changed = draft.code !== one.code || draft.start !== one.start || draft.end !== one.end || Object.keys({ ...one.facets, ...draft.facets }).some((facet) => (one.facets[facet] ?? '') !== (draft.facets[facet] ?? ''));
    const decision = { one, draft, kind: kind === 'accepted' && changed ? 'changed' : kind, events: [] };
    this.decided.set(one.id, decision);
    this.stack.push(decision);
    this.front = this.front.filter(({ id }) => id !== one.id);
    this.tally(decision, 1);
    this.send(() => `/api/granska/${one.id}/${kind === 'accepted' ? 'godta' : 'avvisa'}`, () => this.body(decision), (answer) => { decision.events = answer.events; }, (error) => this.refused(decision, error));
    return decision;
  }

  body({ one, draft, kind }) {
    const expected = { transcript: one.transcript, start: one.start, end: one.end, code: one.code };
    const made = kind === 'rejected' ? {} : { code: draft.code, span: [draft.start, draft.end], facets: { ...Object.fromEntries(Object.keys(one.facets).map((facet) => [facet, ''])), ...draft.facets } };
    return { expected, memo: draft.memo, tab: this.tab, held: this.held(), ...made };
  }

  /** Take back the latest decision made here; returns it, null when there is none. */
  undo() {
    const decision = this.stack.pop();
    if (!decision) return null;
    const { one, draft } = decision;
    this.decided.delete(one.id);
    this.drafts.set(one.id, draft);
    this.front.unshift(one);
    this.tally(decision, -1);
    this.send(() => '/api/granska/angra', () => ({ events: decision.events }), () => {}, (error) => {
      complain(error.problem, error.fix);
      this.load();
    });
    return decision;
  }

  send(path, data, done, failed) {
    this.made++;
    this.pending++;
    this.last = post(path, data, { quiet: true, unhurried: true }).then(done, (error) => {
      if (error.problem === undefined) throw error;
      failed(error);
    }).finally(() => {
      this.pending--;
      this.made++;
      this.told();
    });
  }

  /** The server refused: take the decision back here; what somebody else has decided on is not shown again. */
  refused(decision, error) {
    const { one } = decision;
    this.decided.delete(one.id);
    this.stack = this.stack.filter((other) => other !== decision);
    this.tally(decision, -1);
    if (error.status === 409 || error.status === 404) {
      this.gone.add(one.id);
      complain(error.problem, error.fix);
      window.setTimeout(() => this.load());
    } else {
      this.front.push(one);
      complain(error.problem, `${error.fix} Beslutet är inte sparat: förslaget kommer tillbaka.`);
    }
  }

  tally({ one, kind }, way) {
    this.info[kind] += way;
    this.info.since += way;
    const row = this.info.interviews.find(({ id }) => id === one.transcript);
    if (row) {
      row.decided += way;
      row.open -= way;
    }
  }
}
