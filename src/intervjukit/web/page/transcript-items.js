// What stands on the interview as the page believes it: codings and suggestions by turn, and decisions on their way.
//
// A decision is made here first and on the server after; when the server refuses, it is taken back and what is so is
// fetched anew. An item has a `key` of its own that lasts, `saved` as the server last knew it, and `pending` decisions.
import { complain } from './announce.js';
import { get, post } from './api.js';
import { Places } from './offsets.js';

const before = (a, b) => a.start - b.start || b.end - a.end || (a.kind < b.kind ? -1 : 1);
const believed = ({ start, end, code, facets }) => ({ start, end, code, facets });

/** Thrown at its turn by a decision on something that an earlier refused decision was about. */
class Dropped extends Error {}

export class Items {
  /** `data` is what the server gave; `paint(turn)` shows a turn anew, `told()` is called when numbers have changed. */
  constructor(interview, data, { paint, told }) {
    this.interview = interview;
    this.paint = paint;
    this.told = told;
    this.coder = data.coder;
    this.turns = data.turns.map((turn) => {
      const places = new Places(turn.text);
      return { ...turn, places, end: turn.start + places.length, items: [] };
    });
    this.number = 0;
    this.pending = 0;
    this.decisions = 0;
    this.stale = false;
    this.memos = data.memos;
    this.byKey = new Map();
    for (const item of this.rows(data)) this.put(item);
    for (const turn of this.turns) turn.items.sort(before);
  }

  rows({ codings, suggestions }) {
    return [...codings.map((row) => this.made('coding', row)), ...suggestions.map((row) => this.made('suggestion', row))];
  }

  made(kind, row) {
    return { ...row, key: `i${++this.number}`, kind, saved: row.id ? believed(row) : null, pending: 0, version: 0 };
  }

  /** Return the turn that holds a code point of the transcript, or the nearest before it. */
  turnAt(point) {
    let low = 0;
    let high = this.turns.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.turns[middle].start <= point) low = middle;
      else high = middle - 1;
    }
    return this.turns[low];
  }

  put(item) {
    item.turn = this.turnAt(item.start);
    item.turn.items.push(item);
    this.byKey.set(item.key, item);
  }

  take(item) {
    item.turn.items = item.turn.items.filter((other) => other !== item);
    this.byKey.delete(item.key);
  }

  /** Return all items in the order of the text; those of one kind when it is given. */
  all(kind = '') {
    const all = this.turns.flatMap((turn) => turn.items);
    return kind ? all.filter((item) => item.kind === kind) : all;
  }

  /** Return the items that cover a code point, the shortest first. */
  at(point) {
    return this.turnAt(point).items.filter((item) => item.start <= point && point < item.end).sort((a, b) => a.end - a.start - (b.end - b.start));
  }

  // --- decisions --------------------------------------------------------------------------------------

  /** Code a stretch { start, end, quote }; returns the new item, already shown. */
  code(stretch, code, facets) {
    const item = this.made('coding', { id: 0, start: stretch.start, end: stretch.end, code, facets, coder: this.coder, at: '', suggestion: null });
    this.show(item, () => this.put(item));
    this.send(item, () => this.drop(item), () => `/api/intervju/${this.interview}/koda`, () => ({ span: [stretch.start, stretch.end], quote: stretch.quote, code, facets }));
    return item;
  }

  /** Change a coding's code, facets or place: change(item, { code, facets }) or change(item, { start, end }). */
  change(item, values) {
    const was = believed(item);
    this.move(item, values);
    const data = { ...('code' in values ? { code: values.code, facets: values.facets } : {}), ...('start' in values ? { span: [values.start, values.end] } : {}) };
    this.send(item, () => this.move(item, was), () => `/api/kodning/${item.id}/andra`, () => ({ ...data, expected: item.saved }));
  }

  /** Take a coding away. */
  remove(item) {
    this.show(item, () => this.take(item));
    this.send(item, () => this.show(item, () => this.put(item)), () => `/api/kodning/${item.id}/ta-bort`, () => ({ expected: item.saved }));
  }

  /** Make a suggestion a coding, as it is or with { code, facets }. */
  accept(item, values = {}) {
    const was = { ...believed(item), kind: 'suggestion', suggestion: undefined };
    const given = Object.keys(values).length ? { code: values.code, facets: this.emptied(item.facets, values.facets) } : {};
    const suggestion = item.id;
    this.move(item, { ...values, kind: 'coding', coder: this.coder, suggestion });
    this.send(item, () => this.move(item, { ...was, id: suggestion }), () => `/api/forslag/${suggestion}/godta`, () => given);
  }

  /** Turn a suggestion down. */
  reject(item) {
    this.show(item, () => this.take(item));
    this.send(item, () => this.show(item, () => this.put(item)), () => `/api/forslag/${item.id}/avvisa`, () => ({}));
  }

  emptied(old, facets) {
    return { ...Object.fromEntries(Object.keys(old).map((facet) => [facet, ''])), ...facets };
  }

  move(item, values) {
    const from = item.turn;
    this.show(item, () => {
      this.take(item);
      Object.assign(item, values);
      this.put(item);
    });
    if (from !== item.turn) this.paint(from);
  }

  drop(item) {
    this.show(item, () => this.take(item));
  }

  show(item, change) {
    change();
    item.turn.items.sort(before);
    this.paint(item.turn);
    this.told();
  }

  /** Send a decision in its turn; on refusal take it and what was built on it back, and say why. */
  async send(item, back, path, data) {
    const { version } = item;
    const still = (make) => () => {
      if (item.version !== version) throw new Dropped();
      return make();
    };
    item.pending++;
    this.pending++;
    this.decisions++;
    this.told();
    try {
      const row = await post(still(path), still(data), { quiet: true, unhurried: true });
      if (row.id) {
        Object.assign(item, { id: row.id, at: row.at, coder: row.coder });
        item.saved = believed(row);
      }
    } catch (error) {
      if (!(error instanceof Dropped)) {
        item.version++;
        back();
        if (error.problem === undefined) throw error;
        complain(error.problem, error.fix || 'Ditt val är inte sparat.');
        this.stale ||= error.status !== 0;
      }
    } finally {
      item.pending--;
      this.pending--;
      this.told();
      if (!this.pending && this.stale) this.refresh();
    }
  }

  // --- what is so -------------------------------------------------------------------------------------

  /** Fetch what is so and show the turns where it differs; resolves to the items that are new or changed. */
  async refresh() {
    if (this.pending) {
      this.stale = true;
      return [];
    }
    this.stale = false;
    const { decisions } = this;
    const data = await get(`/api/intervju/${this.interview}/kodningar`, { quiet: true });
    if (this.decisions !== decisions) return this.refresh(); // decided meanwhile: what came may be older than that
    this.memos = data.memos;
    const changed = this.merge(this.rows(data));
    this.told();
    return changed;
  }

  merge(fresh) {
    const sign = ({ kind, id, start, end, code, facets, coder }) => JSON.stringify([kind, id, start, end, code, Object.entries(facets).sort(), coder]);
    const known = new Map(this.all().map((item) => [`${item.kind}${item.id}`, item]));
    const changed = [];
    const touched = new Set();
    for (const row of fresh) {
      const old = known.get(`${row.kind}${row.id}`);
      known.delete(`${row.kind}${row.id}`);
      if (old && sign(old) === sign(row)) {
        Object.assign(old, { saved: row.saved, at: row.at });
        continue;
      }
      if (old) {
        touched.add(old.turn);
        this.take(old);
        row.key = old.key;
      }
      this.put(row);
      changed.push(row);
      touched.add(row.turn);
    }
    for (const gone of known.values()) {
      this.take(gone);
      touched.add(gone.turn);
      changed.push({ ...gone, gone: true });
    }
    for (const turn of touched) {
      turn.items.sort(before);
      this.paint(turn);
    }
    return changed;
  }
}
