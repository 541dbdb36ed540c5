// Makes a stretch of a turn longer or shorter, by whole words or whole sentences.
import { Places, segments } from './offsets.js';

const NEAR = 3000; // signs around the edge that are cut into words or sentences: one line may be a million
const hasWord = (text) => /[\p{L}\p{N}]/u.test(text);

/** Return [from, to] for every word (with the signs that stick to it) or sentence near a place, in UTF-16. */
function pieces(text, at, unit) {
  const base = Math.max(0, text.lastIndexOf(' ', at - NEAR));
  const part = text.slice(base, at + NEAR);
  const found = unit === 'word' ? Array.from(part.matchAll(/\S+/g), (one) => [one.index, one[0]]) : Array.from(segments('sentence', part), (one) => [one.index, one.segment]);
  return found
    .map(([from, piece]) => [base + from + (piece.length - piece.trimStart().length), base + from + piece.trimEnd().length])
    .filter(([from, to]) => to > from && hasWord(text.slice(from, to)));
}

/**
 * Move the 'start' or 'end' of a stretch { start, end } a 'word' or 'sentence', `way` 1 forward or -1 back, within a
 * turn { text, start } (code points of the whole transcript). Returns the new stretch, or the same when it cannot:
 * at least one word always remains, and it never leaves the turn.
 */
export function moved(stretch, turn, edge, way, unit) {
  const places = new Places(turn.text);
  const from = places.toOffset(stretch.start - turn.start);
  const to = places.toOffset(stretch.end - turn.start);
  const near = pieces(turn.text, edge === 'start' ? from : to, unit);
  let at;
  if (edge === 'end') at = way > 0 ? near.find(([, end]) => end > to)?.[1] : near.findLast(([, end]) => end < to)?.[1];
  else at = way > 0 ? near.find(([start]) => start > from)?.[0] : near.findLast(([start]) => start < from)?.[0];
  if (at === undefined) return stretch;
  const [first, last] = edge === 'start' ? [at, to] : [from, at];
  if (last <= first || !hasWord(turn.text.slice(first, last))) return stretch;
  return { start: turn.start + places.toCodePoint(first), end: turn.start + places.toCodePoint(last) };
}
