// What every page that codes shares: the code book as the palette shows it, definitions, valence labels, how sure.
import { el } from './dom.js';

/** Return what a code means, as elements: definition, when, when not, examples. */
export function definition(code) {
  return [
    el('p', {}, code.definition || 'Koden har ingen definition än.'),
    code.when ? [el('h4', {}, 'När'), el('p', {}, code.when)] : null,
    code.limits.length ? [el('h4', {}, 'När inte'), el('ul', {}, code.limits.map(({ condition, instead }) => el('li', {}, condition, ' → ', el('strong', {}, instead))))] : null,
    code.examples.length ? [el('h4', {}, 'Exempel'), el('ul', { class: 'examples' }, code.examples.map(({ text, facets }) => el('li', {}, `”${text}” `, el('span', { class: 'quiet' }, facets.join(', ')))))] : null,
  ];
}

/**
 * Return the code book as items for `choose`: first those `likely` here (ids, the likeliest first), then those they
 * are easily taken for, then `recent` ones, then all. Each code stands once. `hints` may hold a text per id.
 */
export function codeItems(codebook, { likely = [], recent = [], hints = {} } = {}) {
  const codes = new Map(codebook.codes.map((code) => [code.id, code]));
  const byName = new Map(codebook.codes.map((code) => [code.name, code.id]));
  const near = likely.flatMap((id) => (codes.get(id)?.limits ?? []).map(({ instead }) => byName.get(instead)));
  const placed = new Set();
  const part = (group, ids) => ids.flatMap((id) => {
    const code = codes.get(id);
    if (!code || placed.has(id)) return [];
    placed.add(id);
    return [{ id, name: code.name, group, hint: hints[id] ?? code.parent, keywords: code.keywords, detail: definition(code) }];
  });
  return [
    ...part('Troligast här', likely),
    ...part('Ligger nära', near),
    ...part('Senast använda', recent),
    ...part('Samtliga', [...codes.keys()]),
  ];
}

const WORDS = [[0.9, 'mycket säker'], [0.7, 'säker'], [0.5, 'ganska säker'], [0.3, 'osäker'], [0, 'mycket osäker']];

/** Return how sure something is in words and number: "ganska säker, 62 %"; '' when it is not known. */
export function sureness(share) {
  if (share === null || share === undefined) return '';
  return `${WORDS.find(([least]) => share >= least)[1]}, ${Math.round(100 * share)} %`;
}

/** Return a value of the code book's first facet with its colour, shape and word. */
export const valenceTag = (value, name) => el('span', { class: 'valence', dataset: { valence: value } }, name);
