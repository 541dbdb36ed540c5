// Selecting by keys: a caret of our own that only stands in what the respondent said, since text that cannot be
// edited has none. The browser's own selection is the selection; the caret is its focus.
import { el } from './dom.js';
import { offsetIn, pointAt, segments } from './offsets.js';

const SIGNS = 'grapheme';
const WORDS = 'word';
const SENTENCES = 'sentence';
const NEAR = 1500; // signs around the caret that are cut into words or sentences: one line may be a million

/** Return how far down the window what stays in place at its top reaches. */
export const roomAbove = () => ['.top', '.bar'].reduce((most, bar) => {
  const element = document.querySelector(bar);
  return getComputedStyle(element).position === 'sticky' ? Math.max(most, element.getBoundingClientRect().bottom) : most;
}, 0);

export class Caret {
  /** `turns()` are the turns to move in, in order; `moved()` is called when the selection has. */
  constructor(root, turns, moved) {
    this.root = root;
    this.turns = turns;
    this.moved = moved;
    this.at = null; // { turn, offset } in UTF-16
    this.anchor = null;
    this.goal = null;
    this.line = el('span', { class: 'caret', 'aria-hidden': true, hidden: true });
    root.after(this.line);
  }

  /** Take over where the mouse or anything else has put the selection. */
  follow() {
    const { anchorNode, anchorOffset, focusNode, focusOffset } = getSelection();
    const place = (node, offset) => {
      const said = (node?.nodeType === Node.TEXT_NODE ? node.parentElement : node)?.closest?.('.said');
      const turn = said && this.turns().find((one) => one.said === said);
      return turn ? { turn, offset: offsetIn(said, node, offset) } : null;
    };
    const at = place(focusNode, focusOffset);
    if (at) [this.at, this.anchor] = [at, place(anchorNode, anchorOffset) ?? at];
    this.goal = null;
    this.draw();
  }

  /** Put the caret at a place, or select from a place to another. */
  put(turn, offset, from = null) {
    this.at = { turn, offset };
    this.anchor = from ?? this.at;
    getSelection().setBaseAndExtent(...this.point(this.anchor), ...this.point(this.at));
    this.draw();
    this.moved();
  }

  /** Select [start, end) in UTF-16 of a turn's text. */
  select(turn, start, end) {
    this.put(turn, end, { turn, offset: start });
  }

  get empty() {
    return !this.at || (this.at.turn === this.anchor.turn && this.at.offset === this.anchor.offset);
  }

  point({ turn, offset }) {
    return pointAt(turn.said, offset);
  }

  /** Begin at the first turn that is seen. */
  begin() {
    if (this.at?.turn.said.isConnected) return;
    const turns = this.turns();
    const seen = turns.find((turn) => turn.element.getBoundingClientRect().bottom > 120) ?? turns[0];
    if (seen) this.put(seen, 0);
  }

  /** Move as a key says; returns whether it was one of the caret's. */
  key(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const far = event.ctrlKey || event.altKey;
    if (step) this.go(this.next(this.at, far ? WORDS : SIGNS, step), event.shiftKey);
    else if (event.key === 'ArrowUp' || event.key === 'ArrowDown') this.upDown(event.key === 'ArrowDown' ? 1 : -1, far, event.shiftKey);
    else if (event.key === 'Home' || event.key === 'End') this.go({ turn: this.at.turn, offset: event.key === 'End' ? this.at.turn.text.length : 0 }, event.shiftKey);
    else return false;
    return true;
  }

  go(place, extend) {
    if (!place) return;
    this.put(place.turn, place.offset, extend ? this.anchor : null);
    this.reveal();
  }

  neighbour(turn, step) {
    const turns = this.turns();
    return turns[turns.indexOf(turn) + step];
  }

  next({ turn, offset }, kind, step) {
    const edges = kind === WORDS ? wordEdges(turn.text, offset) : edgesOf(kind, turn.text, offset);
    const found = step > 0 ? edges.find((edge) => edge > offset) : edges.findLast((edge) => edge < offset);
    if (found !== undefined) return { turn, offset: found };
    const other = this.neighbour(turn, step);
    return other ? { turn: other, offset: step > 0 ? 0 : other.text.length } : { turn, offset: step > 0 ? turn.text.length : 0 };
  }

  upDown(step, far, extend) {
    const { turn } = this.at;
    const turnwise = () => {
      const other = this.neighbour(turn, step);
      return other ? { turn: other, offset: 0 } : null;
    };
    if (far) {
      this.go(turnwise(), extend);
      return;
    }
    const box = this.box();
    this.goal ??= box.left;
    const goal = this.goal;
    const place = this.fromPoint(goal, step > 0 ? box.bottom + box.height * 0.7 : box.top - box.height * 0.7);
    const forward = place && (place.turn !== turn || (step > 0 ? place.offset > this.at.offset : place.offset < this.at.offset));
    const other = this.neighbour(turn, step);
    this.go(forward ? place : other ? { turn: other, offset: step > 0 ? 0 : other.text.length } : null, extend);
    this.goal = goal;
  }

  fromPoint(x, y) {
    const found = document.caretPositionFromPoint?.(x, y);
    const range = found ? null : document.caretRangeFromPoint?.(x, y);
    const [node, offset] = found ? [found.offsetNode, found.offset] : [range?.startContainer, range?.startOffset];
    return this.at.turn.said.contains(node) ? { turn: this.at.turn, offset: offsetIn(this.at.turn.said, node, offset) } : null;
  }

  /** Select the sentence (or word) at the caret; when something is selected, take one more or, with step -1, one less. */
  grow(kind, step) {
    this.begin();
    if (!this.at) return;
    const { turn, offset } = this.at;
    const parts = partsOf(kind === 'word' ? WORDS : SENTENCES, turn.text, offset);
    if (this.empty) {
      const part = parts.find(([, end]) => end > offset) ?? parts.at(-1);
      if (part) this.select(turn, ...part);
    } else if (this.anchor.turn !== turn) return;
    else {
      const [from, to] = [Math.min(this.anchor.offset, offset), Math.max(this.anchor.offset, offset)];
      const found = step > 0 ? parts.find(([, end]) => end > to) : parts.findLast(([, end]) => end < to && end > from);
      const other = !found && step > 0 ? this.neighbour(turn, 1) : null;
      if (found) this.select(turn, from, found[1]);
      else if (other) this.select(other, ...(partsOf(SENTENCES, other.text, 0)[0] ?? [0, 0]));
      else if (step < 0) this.put(turn, from);
    }
    this.reveal();
  }

  /** Return [start, end] of the sentence at the caret. */
  sentence() {
    if (!this.at) return null;
    const parts = partsOf(SENTENCES, this.at.turn.text, this.at.offset);
    return parts.find(([, end]) => end > this.at.offset) ?? parts.at(-1) ?? null;
  }

  box() {
    const range = document.createRange();
    const [node, offset] = this.point(this.at);
    range.setStart(node, offset);
    range.collapse(true);
    return [...range.getClientRects()].at(-1) ?? this.at.turn.said.getBoundingClientRect();
  }

  draw() {
    const shown = Boolean(this.at) && document.activeElement === this.root;
    this.line.hidden = !shown;
    if (!shown) return;
    const box = this.box();
    const home = this.line.offsetParent.getBoundingClientRect();
    this.line.style.transform = `translate(${box.left - home.left}px, ${box.top - home.top}px)`;
    this.line.style.height = `${box.height || 22}px`;
  }

  /** Scroll so that the caret is seen, and no more than that. */
  reveal() {
    if (!this.at) return;
    const { top, bottom } = this.box();
    const room = roomAbove() + 40;
    if (top < room) window.scrollBy(0, top - room - 60);
    else if (bottom > window.innerHeight - 60) window.scrollBy(0, bottom - window.innerHeight + 120);
    this.draw();
  }
}

function near(text, offset) {
  const from = Math.max(0, offset - NEAR);
  return [from, text.slice(from, offset + NEAR)];
}

function edgesOf(kind, text, offset) {
  const [from, part] = kind === SIGNS && text.length > 400 ? [Math.max(0, offset - 60), text.slice(Math.max(0, offset - 60), offset + 60)] : near(text, offset);
  return [...[...segments(kind, part)].map(({ index }) => from + index), from + part.length];
}

/** Return where words begin and end, for going from word to word: to the next word's end, to the one before's start. */
function wordEdges(text, offset) {
  const [from, part] = near(text, offset);
  const words = [...segments(WORDS, part)].filter(({ isWordLike }) => isWordLike);
  const edges = new Set([from, from + part.length]);
  for (const { index, segment } of words) {
    if (from + index < offset) edges.add(from + index);
    if (from + index + segment.length > offset) edges.add(from + index + segment.length);
  }
  return [...edges].sort((a, b) => a - b);
}

/** Return the words or sentences around a place as [start, end] without blanks at the ends. */
function partsOf(kind, text, offset) {
  const [from, part] = near(text, offset);
  const parts = [];
  for (const { index, segment, isWordLike } of segments(kind, part)) {
    if (kind === WORDS && !isWordLike) continue;
    const body = segment.trimEnd();
    const start = from + index + (segment.length - segment.trimStart().length);
    const last = parts.at(-1);
    // "t.ex. så" is no new sentence
    if (kind === SENTENCES && last && /^\p{Ll}/u.test(segment) && !/[!?…]["”’]?$/.test(text.slice(last[0], last[1]))) last[1] = from + index + body.length;
    else if (body.trim()) parts.push([start, from + index + body.length]);
  }
  return parts;
}
