// The report: choose profile, parts and template, look at its tables, make the Word file and save it.
import { announce } from './announce.js';
import { follow, get, onChange, post, send } from './api.js';
import { el, fill, number, one } from './dom.js';

let boxes = [];
const parts = () => boxes.filter((box) => box.checked).map((box) => box.value);
const nameOf = (part) => boxes.find((box) => box.value === part).parentElement.textContent.trim();
let tables = [];
let busy = false;

/** Show the parts of the chosen profile, all of them ticked. */
function choose() {
  const { about, parts: held } = one('#profile').selectedOptions[0].dataset;
  fill(one('#about'), about);
  fill(one('#boxes'), JSON.parse(held).map(({ id, name }) =>
    el('label', { class: 'check' }, el('input', { type: 'checkbox', name: 'del', value: id, checked: true }), name)));
  boxes = [...document.querySelectorAll('[name=del]')];
}

const template = () => one('[name=mall]:checked').value;

function chooseTemplate() {
  one('#pick').hidden = template() !== 'fil';
  draw();
}

/** Return what to send for the template, after sending the file itself. */
async function sentTemplate() {
  const [file] = one('#template').files;
  return template() === 'fil' ? (await send(file)).key : template();
}

async function load() {
  ({ tables } = await get('/api/rapport'));
  draw();
}

function draw() {
  const chosen = parts();
  one('#tables').removeAttribute('aria-busy');
  const open = new Set([...document.querySelectorAll('#tables details')].filter((details) => details.open).map((details) => details.dataset.part));
  const first = !document.querySelector('#tables details');
  const shown = chosen.filter((part) => tables.some((table) => table.part === part));
  fill(one('#tables'), shown.length
    ? shown.map((part, index) => el('details', { 'data-part': part, open: first ? index === 0 : open.has(part) }, el('summary', {}, nameOf(part)), tables.filter((table) => table.part === part).map(drawn)))
    : el('p', { class: 'quiet' }, 'De valda delarna har inga tabeller.'));
  one('#all').checked = chosen.length === boxes.length;
  one('#all').indeterminate = chosen.length > 0 && chosen.length < boxes.length;
  one('#go').disabled = !chosen.length || busy || (template() === 'fil' && !one('#template').files.length);
}

function drawn({ title, heads, rows, numbers }) {
  const kind = (index) => (numbers.includes(index) ? 'n' : null);
  return el('div', { class: 'scroll', role: 'region', tabindex: 0, 'aria-label': title }, el('table', {}, el('caption', {}, title),
    el('thead', {}, el('tr', {}, heads.map((head, index) => el('th', { scope: 'col', class: kind(index) }, head)))),
    el('tbody', {}, rows.map((row) => el('tr', {}, row.map((cell, index) => el('td', { class: kind(index) }, el('bdi', {}, cell))))))));
}

async function make(event) {
  event.preventDefault();
  if (busy || !parts().length) return;
  busy = true;
  draw();
  fill(one('#made'));
  one('#work').hidden = false;
  try {
    const wanted = { title: one('#title').value, profile: one('#profile').value, parts: parts(), template: await sentTemplate() };
    const made = await follow(await post('/api/rapport', wanted), (job) => {
      one('#work-bar').max = job.total || 1;
      one('#work-bar').value = job.done;
      fill(one('#work-what'), job.total ? `${job.what} (${number(job.done + 1)} av ${number(job.total)})` : 'Ritar diagrammen …');
    });
    const link = el('a', { class: 'button primary', href: `/api/rapport/fil?nyckel=${encodeURIComponent(made.key)}`, download: made.name }, 'Hämta rapporten');
    fill(one('#made'), el('p', {}, el('strong', {}, 'Rapporten är klar. '), el('bdi', {}, made.name), `, ${number(Math.ceil(made.bytes / 1024))} kB`), el('p', {}, link));
    announce('Rapporten är klar.');
    link.focus();
  } finally {
    one('#work').hidden = true;
    busy = false;
    draw();
  }
}

one('#make').addEventListener('submit', make);
one('#parts').addEventListener('change', (event) => {
  if (event.target.id === 'all') for (const box of boxes) box.checked = event.target.checked;
  draw();
});
one('#profile').addEventListener('change', () => { choose(); draw(); });
one('#templates').addEventListener('change', chooseTemplate);
onChange(load);
choose();
chooseTemplate();
load();
