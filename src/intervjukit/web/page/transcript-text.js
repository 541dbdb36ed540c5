// Shows the interview: the guide's questions as headings, what was said with its codings as marks, cards beside it.
import { el, fill } from './dom.js';
import { cut, offsetIn, pointAt } from './offsets.js';

const LANES = 3;
const plain = (text) => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ').trim();

/** The code book's names, for cards, palette and what is said aloud. */
export class Names {
  constructor({ facets, codes }) {
    this.facets = facets;
    this.codes = new Map(codes.map((code) => [code.id, code]));
    this.values = new Map(facets.flatMap((facet) => facet.values.map((value) => [`${facet.id}:${value.id}`, value.name])));
  }

  code(id) {
    return this.codes.get(id)?.name ?? id;
  }

  value(facet, id) {
    return this.values.get(`${facet}:${id}`) ?? id;
  }

  /** Return the names of an item's facet values but the valence, in the code book's order. */
  beside(facets) {
    return this.facets.filter(({ id }) => id !== 'valence' && facets[id]).map(({ id }) => this.value(id, facets[id]));
  }

  /** Return an item in words: "Väntetider, flaskhals, Vården". */
  words({ code, facets }) {
    const valence = facets.valence ? [this.value('valence', facets.valence).toLowerCase()] : [];
    return [this.code(code), ...valence, ...this.beside(facets)].join(', ');
  }
}

/** Shows the turns in `root`; `items` is set before the first paint. `current` is the key of the item at hand. */
export class Text {
  constructor(root, names, memosOn) {
    this.root = root;
    this.names = names;
    this.memosOn = memosOn;
    this.current = '';
  }

  /** Show all turns under their questions. */
  build(turns, questions) {
    const parts = [];
    let section = '';
    let question = '';
    for (const turn of turns) {
      const asked = questions[turn.question];
      if (asked && turn.question !== question) {
        const same = turn.role === 'interviewer' && plain(turn.text) === plain(asked.text);
        parts.push(el('div', { class: 'asked' }, asked.section === section ? null : el('h2', {}, asked.section), el('h3', {}, asked.text)));
        [section, question] = [asked.section, turn.question];
        turn.hidden = same; // the heading says it, word for word
      }
      parts.push(this.frame(turn));
      this.paint(turn);
    }
    this.root.removeAttribute('aria-busy');
    fill(this.root, parts.length ? parts : el('p', { class: 'quiet' }, 'Intervjun är tom.'));
  }

  frame(turn) {
    const said = { class: 'said', dir: 'auto', 'data-start': turn.start };
    turn.said = el('div', said);
    turn.margin = el('ul', { class: 'margin', 'aria-label': 'Kodningar' });
    turn.element = el('div', { class: `turn ${turn.role}`, hidden: Boolean(turn.hidden), 'data-seq': turn.seq },
      el('p', { class: 'who' }, el('bdi', {}, turn.label || (turn.role === 'interviewer' ? 'Intervjuaren' : ''))), turn.said, turn.margin);
    return turn.element;
  }

  /** Show one turn anew; what is selected in it stays selected, and the card that had focus keeps it. */
  paint(turn) {
    const selected = selectionIn(turn.said);
    const focused = document.activeElement?.closest?.('.card');
    const key = focused && turn.margin.contains(focused) ? focused.dataset.key : '';
    turn.said.replaceChildren(...this.segments(turn));
    turn.margin.replaceChildren(...turn.items.map((item) => this.card(item)));
    turn.margin.hidden = !turn.items.length;
    if (selected) getSelection().setBaseAndExtent(...pointAt(turn.said, selected[0]), ...pointAt(turn.said, selected[1]));
    if (key) (turn.margin.querySelector(`[data-key="${key}"] .card-face`) ?? this.root).focus({ preventScroll: true });
  }

  segments(turn) {
    if (!turn.items.length) return [turn.text];
    const lanes = lanesOf(turn.items);
    return cut(turn.text, turn.start, turn.items).map(({ text, marks }) => (marks.length ? this.mark(text, marks, lanes) : text));
  }

  mark(text, items, lanes) {
    const mark = document.createElement('mark');
    mark.textContent = text;
    const decided = items.filter((item) => item.kind === 'coding');
    const proposed = items.filter((item) => item.kind === 'suggestion');
    mark.dataset.keys = items.map((item) => item.key).join(' ');
    for (const item of decided) mark.dataset[`lane${Math.min(lanes.get(item), LANES - 1)}`] = item.facets.valence || 'none';
    const top = decided.at(-1) ?? proposed.at(-1);
    mark.dataset.valence = top.facets.valence || 'none';
    if (proposed.length) mark.dataset.proposed = proposed.at(-1).facets.valence || 'none';
    if (!decided.length) mark.className = 'suggestion';
    if (items.some((item) => item.key === this.current)) mark.classList.add('current');
    return mark;
  }

  card(item) {
    const { names } = this;
    const proposed = item.kind === 'suggestion';
    const here = item.key === this.current;
    const memos = this.memosOn(item);
    const valence = item.facets.valence;
    const beside = names.beside(item.facets);
    return el('li', { class: `card ${item.kind}${here ? ' current' : ''}`, 'data-key': item.key, 'data-valence': valence || 'none' },
      el('button', { type: 'button', class: 'card-face', tabindex: here ? 0 : -1, 'aria-expanded': here },
        proposed ? el('span', { class: 'proposal' }, 'Förslag') : null,
        el('span', { class: 'code' }, names.code(item.code)),
        valence ? el('span', { class: 'valence', 'data-valence': valence }, names.value('valence', valence)) : null,
          beside.length ? el('span', { class: 'beside' }, beside.join(' · ')) : null,
        item.kind === 'coding' && item.coder !== this.coder ? el('bdi', { class: 'by' }, item.coder) : null,
        memos.length ? el('span', { class: 'noted' }, memos.length === 1 ? '1 anteckning' : `${memos.length} anteckningar`) : null),
      here ? this.more(item, memos) : null);
  }

  more(item, memos) {
    const act = (verb, key, words) => el('button', { type: 'button', class: 'small', 'data-act': verb }, words, ' ', el('kbd', { 'aria-hidden': true }, key));
    const acts = item.kind === 'suggestion'
      ? [act('accept', 'G', 'Godta'), act('reject', 'X', 'Avvisa'), act('change', 'E', 'Ändra'), act('define', 'D', 'Koden')]
      : [act('change', 'E', 'Ändra'), act('place', 'M', 'Flytta'), act('note', 'A', 'Anteckna'), act('define', 'D', 'Koden'), act('remove', 'Delete', 'Ta bort')];
    return el('div', { class: 'more' },
      item.reason ? el('p', { class: 'small quiet' }, item.reason) : null,
      memos.map((memo) => el('button', { type: 'button', class: 'memo', 'data-memo': memo.id }, el('bdi', {}, memo.text), el('span', { class: 'quiet' }, memo.author))),
      el('div', { class: 'row acts' }, acts));
  }
}

/** Give each coding a line of its own where they overlap: the lowest that is free all along it. */
function lanesOf(items) {
  const lanes = new Map();
  const ends = [];
  for (const item of items) {
    if (item.kind !== 'coding') continue;
    let lane = ends.findIndex((end) => end <= item.start);
    if (lane < 0) lane = ends.length;
    ends[lane] = item.end;
    lanes.set(item, lane);
  }
  return lanes;
}

function selectionIn(element) {
  const selection = getSelection();
  if (!selection.rangeCount || !element.contains(selection.anchorNode) || !element.contains(selection.focusNode)) return null;
  return [offsetIn(element, selection.anchorNode, selection.anchorOffset), offsetIn(element, selection.focusNode, selection.focusOffset)];
}
