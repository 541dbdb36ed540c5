// Puts each card in the margin beside the line it is about, as far as there is room within its turn.
//
// Only turns near the screen are measured, all of them before any is moved, once for each frame: a decision costs no
// layout of its own. The turn never grows for it, so nothing that is read moves away.
const GAP = 5.6; // as in the style sheet: 0.35rem
const narrow = window.matchMedia('(max-width: 58rem)');

export class Margin {
  /** Watch the turns of an interview; `current()` is the item at hand, `paint(turn)` shows a turn not painted yet. */
  constructor(turns, current, paint) {
    this.current = current;
    this.paint = paint;
    this.near = new Set();
    this.waiting = new Set();
    const turnOf = new Map(turns.map((turn) => [turn.element, turn]));
    this.watch = new IntersectionObserver((seen) => {
      for (const { target, isIntersecting } of seen) this.seen(turnOf.get(target), isIntersecting);
    }, { rootMargin: '300px' });
    for (const turn of turns) this.watch.observe(turn.element);
    this.wide = new ResizeObserver(() => this.all());
    this.wide.observe(document.documentElement);
  }

  /** Stop watching: the interview is shown anew by another. */
  end() {
    this.watch.disconnect();
    this.wide.disconnect();
  }

  seen(turn, near) {
    if (!near) this.near.delete(turn);
    else {
      this.near.add(turn);
      if (turn.painted) this.later(turn);
      else this.paint(turn);
    }
  }

  /** A turn was shown anew: put its cards in place before the next frame. */
  later(turn) {
    if (!this.near.has(turn) || !turn.painted) return;
    if (!this.waiting.size) requestAnimationFrame(() => this.place());
    this.waiting.add(turn);
  }

  all() {
    for (const turn of this.near) this.later(turn);
  }

  place() {
    const turns = [...this.waiting].filter((turn) => turn.items.length);
    this.waiting.clear();
    const placed = narrow.matches ? [] : turns.map((turn) => this.measured(turn));
    if (narrow.matches) for (const turn of turns) for (const card of turn.margin.children) card.style.marginTop = '';
    for (const rows of placed) for (const { card, above } of rows) card.style.marginTop = above > 0.5 ? `${above}px` : '';
  }

  /** Return the cards of a turn that are seen, with the room above each. */
  measured(turn) {
    const home = turn.said.getBoundingClientRect();
    const first = new Map();
    for (const mark of turn.said.querySelectorAll('mark')) {
      for (const key of mark.dataset.keys.split(' ')) if (!first.has(key)) first.set(key, mark);
    }
    const rows = [];
    for (const [at, item] of turn.items.entries()) {
      const card = turn.margin.children[at];
      const height = card.offsetHeight;
      if (height) rows.push({ card, item, height, wanted: (first.get(item.key)?.getClientRects()[0]?.top ?? home.top) - home.top });
    }
    return spread(rows, home.height, this.current());
  }
}

function spread(rows, room, current) {
  let under = 0;
  let total = -GAP;
  for (const row of rows) {
    row.top = Math.max(row.wanted, under);
    under = row.top + row.height + GAP;
    total += row.height + GAP;
  }
  const open = rows.findIndex(({ item }) => item === current);
  let bottom = Math.max(room, total);
  // the card at hand opens downwards and stays where it was
  if (open >= 0) bottom = Math.max(bottom, (current.cardTop ?? 0) + rows.slice(open).reduce((sum, row) => sum + row.height + GAP, -GAP));
  for (const row of rows.toReversed()) {
    row.top = Math.max(0, Math.min(row.top, bottom - row.height));
    bottom = row.top - GAP;
  }
  under = 0;
  for (const row of rows) {
    row.above = row.top - under;
    row.item.cardTop = row.top;
    under = row.top + row.height + GAP;
  }
  return rows;
}
