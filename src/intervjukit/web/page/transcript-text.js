// Shows the interview: the guide's questions as headings, what was said with its codings as marks, cards beside it.
import { el, fill } from './dom.js';
import { cut, offsetIn, pointAt } from './offsets.js';

const LANES = 3;
const SIGNS = 3; // at most, on a screen, for each pixel of its height
const FRAME = el('div', { class: 'turn' }, el('p', { class: 'who' }, el('bdi')), el('div', { class: 'said', dir: 'auto' }),
  el('ul', { class: 'margin', 'aria-label': 'Kodningar', hidden: true }));
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

  /**
   * Show all turns under their questions: what was said at once, and what is coded in as much as a screen may hold.
   * The other turns are left to be painted; `painted` tells.
   */
  build(turns, questions) {
    const parts = [];
    let room = window.screen.height * SIGNS; // the window's own height would have the page laid out first
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
      if (room > 0) this.paint(turn);
      room -= turn.text.length;
    }
    fill(this.root, parts.length ? parts : el('p', { class: 'quiet' }, 'Intervjun är tom.'));
  }

  frame(turn) {
    turn.element = FRAME.cloneNode(true);
    const [who, said, margin] = turn.element.children;
    Object.assign(turn, { said, margin, painted: false });
    turn.element.classList.add(turn.role);
    turn.element.dataset.seq = turn.seq;
    turn.element.hidden = Boolean(turn.hidden);
    who.firstChild.textContent = turn.label || (turn.role === 'interviewer' ? 'Intervjuaren' : '');
    said.dataset.start = turn.start;
    said.textContent = turn.text;
    return turn.element;
  }

  /** Show one turn anew; what is selected in it stays selected, and the card that had focus keeps it. */
  paint(turn) {
    turn.painted = true;
    const selected = selectionIn(turn.said);
    const focused = document.activeElement;
    const key = turn.margin.contains(focused) ? focused.closest('.card').dataset.key : '';
    patch(turn.said, this.segments(turn));
    patch(turn.margin, turn.items.map((item) => this.card(item)));
    turn.margin.hidden = !turn.items.length;
    if (selected && !selected.nodes.every((node) => node.isConnected && node.nodeType === Node.TEXT_NODE)) {
      getSelection().setBaseAndExtent(...pointAt(turn.said, selected.from), ...pointAt(turn.said, selected.to));
    }
    if (key && !focused.isConnected) (turn.margin.querySelector(`[data-key="${key}"] .card-face`) ?? this.root).focus({ preventScroll: true });
  }

  segments(turn) {
    const lanes = lanesOf(turn.items);
    return cut(turn.text, turn.start, turn.items).map(({ text, marks }) => (marks.length ? this.mark(text, marks, lanes) : document.createTextNode(text)));
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

/** Put nodes in place of what an element holds, but let what stays the same at both ends stay: it is not laid out anew. */
function patch(parent, fresh) {
  const old = [...parent.childNodes];
  const most = Math.min(old.length, fresh.length);
  let first = 0;
  while (first < most && same(old[first], fresh[first])) first++;
  let last = 0;
  while (last < most - first && same(old.at(-1 - last), fresh.at(-1 - last))) last++;
  const after = last ? old.at(-last) : null;
  for (const node of old.slice(first, old.length - last)) node.remove();
  for (const node of fresh.slice(first, fresh.length - last)) parent.insertBefore(node, after);
}

/** Return whether a node shows the same as another; where a card has been placed does not matter. */
function same(node, other) {
  if (node.localName !== 'li') return node.isEqualNode(other);
  return node.className === other.className && node.dataset.key === other.dataset.key && node.dataset.valence === other.dataset.valence
    && node.childNodes.length === other.childNodes.length && [...node.childNodes].every((child, at) => child.isEqualNode(other.childNodes[at]));
}

function selectionIn(element) {
  if (!element.isConnected) return null;
  const { anchorNode, anchorOffset, focusNode, focusOffset } = getSelection();
  if (!anchorNode || !element.contains(anchorNode) || !element.contains(focusNode)) return null;
  return { nodes: [anchorNode, focusNode], from: offsetIn(element, anchorNode, anchorOffset), to: offsetIn(element, focusNode, focusOffset) };
}
