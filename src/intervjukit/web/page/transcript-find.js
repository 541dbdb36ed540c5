// Finding words in the interview: every hit is marked without touching the text, and gone to one after the other.
import { fill, number, one } from './dom.js';
import { rangeOf, rangesOf } from './offsets.js';

const MOST = 5000;

export class Find {
  /** `goTo(turn, start, end)` shows a place (code points) that was found. */
  constructor(goTo) {
    this.turns = [];
    this.goTo = goTo;
    this.hits = [];
    this.at = -1;
    this.field = one('#find');
    this.field.addEventListener('input', () => this.search());
    this.field.addEventListener('keydown', (event) => this.key(event));
    one('#find-form').addEventListener('submit', (event) => event.preventDefault());
    one('#hit-after').addEventListener('click', () => this.step(1));
    one('#hit-before').addEventListener('click', () => this.step(-1));
  }

  /** Search in these turns, shown by now. */
  begin(turns) {
    this.turns = turns;
    this.search();
  }

  key(event) {
    if (event.key === 'Enter' && !event.isComposing) {
      event.preventDefault();
      this.step(event.shiftKey ? -1 : 1);
    } else if (event.key === 'Escape' && (this.field.value || this.hits.length)) {
      event.preventDefault();
      this.field.value = '';
      this.search();
    } else if (event.key === 'Escape') one('#turns').focus({ preventScroll: true });
  }

  /** Mark every hit of what is written. */
  search() {
    const words = this.field.value.trim().split(/\s+/).filter(Boolean);
    this.hits = [];
    this.at = -1;
    if (words.join('').length > 1) {
      const wanted = new RegExp(words.map((word) => word.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')).join('\\s+'), 'giu');
      for (const turn of this.turns) {
        if (turn.hidden || this.hits.length > MOST) continue;
        for (const hit of turn.text.matchAll(wanted)) {
          const start = turn.start + turn.places.toCodePoint(hit.index);
          this.hits.push({ turn, start, end: turn.start + turn.places.toCodePoint(hit.index + hit[0].length) });
        }
      }
    }
    this.mark();
    this.tell(words.length);
    one('#everywhere').href = words.length ? `/sok?q=${encodeURIComponent(words.join(' '))}` : '/sok';
  }

  /** Mark the hits anew, all or those of a turn that was just painted. */
  mark(painted = null) {
    if (!globalThis.CSS?.highlights || (painted && !this.hits.some(({ turn }) => turn === painted))) return;
    const ranges = [...Map.groupBy(this.hits, ({ turn }) => turn)].flatMap(([turn, hits]) => rangesOf(turn.said, hits));
    if (ranges.length) CSS.highlights.set('search', new Highlight(...ranges));
    else CSS.highlights.delete('search');
    const here = this.hits[this.at];
    const range = here && rangeOf(here.turn.said, here.start, here.end);
    if (range) {
      const highlight = new Highlight(range);
      highlight.priority = 1;
      CSS.highlights.set('search-here', highlight);
    } else CSS.highlights.delete('search-here');
  }

  /** Go to the next hit, or with -1 the one before. */
  step(by) {
    if (!this.hits.length) return;
    this.at = this.at < 0 && by < 0 ? this.hits.length - 1 : (this.at + by + this.hits.length) % this.hits.length;
    const { turn, start, end } = this.hits[this.at];
    this.mark();
    this.tell(1);
    this.goTo(turn, start, end);
  }

  tell(written) {
    const n = this.hits.length;
    for (const id of ['#hit-before', '#hit-after']) one(id).hidden = !n;
    fill(one('#hits'), !written || this.field.value.trim().length < 2 ? '' : !n ? 'Inga träffar' : this.at < 0 ? `${number(n)} ${n === 1 ? 'träff' : 'träffar'}` : `${number(this.at + 1)} av ${number(n)}`);
  }
}
