// The one place where the browser's UTF-16 offsets and the study's code points meet.
//
// An element that shows a stretch of a transcript has data-start, the code point in the whole transcript where it
// begins, and its textContent is exactly that stretch, whatever <mark> elements are inside.

const cutters = new Map();

/** Cut a text into each 'grapheme', 'word' or 'sentence'; the first time takes long, so it is not done at the start. */
export function segments(granularity, text) {
  if (!cutters.has(granularity)) cutters.set(granularity, new Intl.Segmenter('sv', { granularity }));
  return cutters.get(granularity).segment(text);
}

/** Converts places in one text. Code points above U+FFFF are found once; then each conversion is a binary search. */
export class Places {
  constructor(text) {
    this.text = text;
    this.wide = []; // UTF-16 offset of each pair
    if (/[\ud800-\udbff]/.test(text)) {
      for (let i = 0; i < text.length; i++) if (text.codePointAt(i) > 0xffff) this.wide.push(i++);
    }
    this.length = text.length - this.wide.length;
  }

  /** Return the code point at a UTF-16 offset (inside a pair: the pair's own). */
  toCodePoint(offset) {
    let low = 0;
    let high = this.wide.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.wide[middle] + 1 < offset) low = middle + 1;
      else high = middle;
    }
    const inside = low < this.wide.length && this.wide[low] + 1 === offset ? 1 : 0;
    return offset - low - inside;
  }

  /** Return the UTF-16 offset of a code point. */
  toOffset(point) {
    let low = 0;
    let high = this.wide.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.wide[middle] - middle < point) low = middle + 1;
      else high = middle;
    }
    return point + low;
  }

  /** Return the text between two code points. */
  slice(start, end) {
    return this.text.slice(this.toOffset(start), this.toOffset(end));
  }
}

/**
 * Widen a stretch (UTF-16 offsets) so that it cuts no visible sign (emoji with skin tone, letter with accent),
 * and leave out blanks at its ends, whole signs at a time: an accent on a blank is a sign that is no blank.
 * Returns [start, end]; start === end when nothing is left.
 */
export function snap(text, start, end) {
  const signs = segments('grapheme', text);
  const blank = (sign) => !sign.segment.trim();
  for (let sign = signs.containing(start); sign; sign = signs.containing(start)) {
    start = sign.index;
    if (start >= end || !blank(sign)) break;
    start += sign.segment.length;
  }
  for (let sign = signs.containing(end - 1); sign && end > start; sign = signs.containing(end - 1)) {
    end = sign.index + sign.segment.length;
    if (!blank(sign)) break;
    end = sign.index;
  }
  return start < end ? [start, end] : [start, start];
}

/** Return the UTF-16 offset of a place in the DOM within an element's text. */
export function offsetIn(element, node, offset) {
  const range = document.createRange();
  range.selectNodeContents(element);
  range.setEnd(node, offset);
  return range.toString().length;
}

/** Return the place in the DOM, [node, offset], of a UTF-16 offset within an element's text. */
export function pointAt(element, offset) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let node = walker.nextNode();
  for (let next = node && walker.nextNode(); next && offset > node.length; next = walker.nextNode()) {
    offset -= node.length;
    node = next;
  }
  return node ? [node, Math.min(offset, node.length)] : [element, 0];
}

/**
 * Return what is selected, one stretch per element with data-start that it touches:
 * [{ element, start, end, quote }], in code points of the whole transcript.
 */
export function selectedStretches(root = document.body, selection = getSelection()) {
  if (!selection.rangeCount || selection.isCollapsed) return [];
  const range = selection.getRangeAt(0);
  const found = [];
  for (const element of root.querySelectorAll('[data-start]')) {
    if (!range.intersectsNode(element)) continue;
    const text = element.textContent;
    const from = element.contains(range.startContainer) ? offsetIn(element, range.startContainer, range.startOffset) : 0;
    const to = element.contains(range.endContainer) ? offsetIn(element, range.endContainer, range.endOffset) : text.length;
    const [start, end] = snap(text, from, to);
    if (end <= start) continue;
    const places = new Places(text);
    const base = Number(element.dataset.start);
    found.push({
      element,
      start: base + places.toCodePoint(start),
      end: base + places.toCodePoint(end),
      quote: text.slice(start, end),
    });
  }
  return found;
}

/**
 * Return the DOM Range of a stretch [start, end) of the transcript within an element with data-start, clipped to it;
 * null when they do not meet. For selecting, scrolling to, or highlighting.
 */
export function rangeOf(element, start, end) {
  const places = new Places(element.textContent);
  const base = Number(element.dataset.start);
  const from = places.toOffset(Math.max(0, start - base));
  const to = places.toOffset(Math.min(places.length, end - base));
  if (from >= to) return null;
  const range = document.createRange();
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let seen = 0;
  let begun = false;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const next = seen + node.length;
    if (!begun && from < next) {
      range.setStart(node, from - seen);
      begun = true;
    }
    if (to <= next) {
      range.setEnd(node, to - seen);
      return range;
    }
    seen = next;
  }
  return null;
}

/**
 * Return the DOM Ranges of many stretches { start, end } within one element, in one pass. The stretches are in order,
 * do not overlap and lie inside the element's text.
 */
export function rangesOf(element, stretches) {
  const places = new Places(element.textContent);
  const base = Number(element.dataset.start);
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let node = walker.nextNode();
  let seen = 0;
  const find = (offset, last) => {
    while (node && (last ? offset > seen + node.length : offset >= seen + node.length)) {
      seen += node.length;
      node = walker.nextNode();
    }
    return node && [node, offset - seen];
  };
  return stretches.map(({ start, end }) => {
    const range = document.createRange();
    const from = find(places.toOffset(start - base), false);
    if (!from) return null;
    range.setStart(...from);
    range.setEnd(...find(places.toOffset(end - base), true));
    return range;
  }).filter(Boolean);
}

/**
 * Cut a text where marks begin and end: returns [{ text, marks }] that joined give the text. `base` is the code
 * point where the text begins; marks are { start, end, … } in code points of the whole transcript.
 */
export function cut(text, base, marks) {
  const places = new Places(text);
  const spans = marks.map((mark) => [
    places.toOffset(Math.min(places.length, Math.max(0, mark.start - base))),
    places.toOffset(Math.min(places.length, Math.max(0, mark.end - base))),
    mark,
  ]);
  const edges = [...new Set([0, text.length, ...spans.flatMap(([start, end]) => [start, end])])].sort((a, b) => a - b);
  const parts = [];
  for (let i = 0; i + 1 < edges.length; i++) {
    const here = spans.filter(([start, end]) => start <= edges[i] && edges[i + 1] <= end).map(([, , mark]) => mark);
    parts.push({ text: text.slice(edges[i], edges[i + 1]), marks: here });
  }
  return parts;
}
