// Searching in all interviews: hits as they are written, each leading to its place.
import { get } from './api.js';
import { counted, el, fill, number, one } from './dom.js';

const PAUSE = 180;
const fields = { q: one('#q'), grupp: one('#group') };
let timer = 0;
let asked = 0;

async function search() {
  const words = fields.q.value.trim();
  const query = new URLSearchParams({ q: words, ...(fields.grupp.value ? { grupp: fields.grupp.value } : {}), ...(one('#own').checked ? { egna: '1' } : { egna: '0' }) });
  window.history.replaceState(null, '', words ? `/sok?${query}` : '/sok');
  const turn = ++asked;
  if (words.length < 2) {
    fill(one('#number'), words ? 'Skriv minst två tecken.' : '');
    fill(one('#found'));
    return;
  }
  const found = await get(`/api/sok?${query}`);
  if (turn === asked) show(found); // what was written since is asked for anew
}

function show({ interviews, all }) {
  const hits = interviews.reduce((sum, { places }) => sum + places.length, 0);
  const more = all ? '' : ' Alla visas inte; sök efter fler ord för att få färre.';
  fill(one('#number'), hits ? `${counted(hits, 'träff', 'träffar')} i ${counted(interviews.length, 'intervju', 'intervjuer')}.${more}` : 'Inga träffar.');
  fill(one('#found'), interviews.map(block));
}

function block({ id, respondent, wave, group_name: group, places, hits }) {
  const name = wave > 1 ? `${respondent}, omgång ${wave}` : respondent;
  return el('section', { class: 'one', 'aria-label': name },
    el('h2', {}, el('bdi', {}, name), ' ', el('span', { class: 'quiet' }, `${group} · ${counted(hits, 'träff', 'träffar')}${hits > places.length ? `, de första ${number(places.length)} visas` : ''}`)),
    el('ul', { class: 'hits' }, places.map((place, at) => hit(id, place, places[at - 1]))));
}

function hit(id, place, before) {
  const question = place.question && place.question !== before?.question ? el('span', { class: 'question' }, place.question) : null;
  return el('li', {}, el('a', { class: `hit ${place.role}`, href: `/intervju/${id}#p=${place.start}-${place.end}` }, question,
    el('bdi', {}, place.before, el('mark', {}, place.hit), place.after)));
}

function soon() {
  window.clearTimeout(timer);
  timer = window.setTimeout(search, PAUSE);
}

const given = new URLSearchParams(window.location.search);
fields.q.value = given.get('q') ?? '';
fields.grupp.value = given.get('grupp') ?? '';
one('#own').checked = given.get('egna') !== '0';
fields.q.addEventListener('input', soon);
for (const field of [fields.grupp, one('#own')]) field.addEventListener('change', search);
one('#search-form').addEventListener('submit', (event) => {
  event.preventDefault();
  window.clearTimeout(timer);
  search();
});
fields.q.focus();
search();
