// A field to draw how something has been over time: by pen or mouse on the picture, or point by point in the table.
// The value is a line for each point, "x y remark": x from 0 (the beginning) to 100 (the end), y from 0 to the highest.
import { el, fill, newId } from './dom.js';

const WIDTH = 720;
const HEIGHT = 260;
const EDGE = 28;
const MOST = 60;
const FROM_ONE_STROKE = 24;
const round = (value) => Math.round(value * 10) / 10;
const written = (value) => String(round(value)).replace('.', ',');

/** Return { element, read, put } of a field in a question whose heading has the id `head`. */
export function curveField({ head, highest, changed }) {
  let points = [];
  let stroke = null;
  const canvas = el('canvas', { width: WIDTH, height: HEIGHT, class: 'curve', role: 'img', 'aria-labelledby': head });
  const table = el('div', { class: 'points' });
  const hint = el('p', { class: 'quiet' }, 'Rita med mus, penna eller finger från vänster till höger. Eller skriv punkterna här under: tid 0 är början och 100 slutet, höjden går från 0 till ', String(highest), '.');
  const add = el('button', { type: 'button', onclick: () => { put([...points, next()]); changed(0); table.querySelector('.point:last-child input')?.focus(); } }, 'Lägg till punkt');
  const clear = el('button', { type: 'button', onclick: () => { put([]); changed(0); } }, 'Sudda kurvan');
  const element = el('div', { class: 'curve-field' }, hint, el('div', { class: 'paper' }, canvas), el('details', { class: 'more' }, el('summary', {}, 'Punkterna'), table, el('p', { class: 'row' }, add)), el('p', { class: 'row' }, clear));

  const next = () => ({ x: points.length ? Math.min(100, Math.max(...points.map(({ x }) => x)) + 10) : 0, y: points.at(-1)?.y ?? highest / 2, text: '' });
  const toX = (x) => EDGE + (x / 100) * (WIDTH - 2 * EDGE);
  const toY = (y) => HEIGHT - EDGE - (y / highest) * (HEIGHT - 2 * EDGE);

  function where(event) {
    const box = canvas.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * WIDTH;
    const y = ((event.clientY - box.top) / box.height) * HEIGHT;
    return { x: within(((x - EDGE) / (WIDTH - 2 * EDGE)) * 100, 100), y: within(((HEIGHT - EDGE - y) / (HEIGHT - 2 * EDGE)) * highest, highest), text: '' };
  }

  function put(now) {
    points = [...now].sort((a, b) => a.x - b.x).slice(0, MOST);
    rows();
    draw();
  }

  function rows() {
    fill(table, points.length ? points.map(row) : el('p', { class: 'quiet' }, 'Inga punkter än.'));
    add.disabled = points.length >= MOST;
  }

  function row(point, index) {
    const control = (label, key, most, more) => {
      const id = newId('point');
      const input = el('input', { id, type: key === 'text' ? 'text' : 'number', value: key === 'text' ? point.text : String(point[key]), autocomplete: 'off', ...more });
      input.addEventListener('input', () => {
        if (key === 'text') point.text = input.value.replace(/\s+/g, ' ').trim().slice(0, 80);
        else if (input.value !== '' && Number.isFinite(Number(input.value))) point[key] = round(within(Number(input.value), most));
        draw();
        changed();
      });
      input.addEventListener('change', () => changed(0));
      return el('span', {}, el('label', { for: id }, label), input);
    };
    return el('div', { class: 'point', role: 'group', 'aria-label': `Punkt ${index + 1}` },
      control('Tid', 'x', 100, { min: 0, max: 100, step: 'any' }), control('Höjd', 'y', highest, { min: 0, max: highest, step: 'any' }), control('Vad hände', 'text', 0, { maxlength: 80 }),
      el('button', { type: 'button', class: 'plain', 'aria-label': `Ta bort punkt ${index + 1}`, onclick: () => { put(points.filter((each) => each !== point)); changed(0); add.focus(); } }, '×'));
  }

  function draw() {
    const pen = canvas.getContext('2d');
    const colour = (name) => window.getComputedStyle(canvas).getPropertyValue(name);
    const [ink, quiet, rule] = ['color', 'border-top-color', 'border-bottom-color'].map(colour);
    pen.clearRect(0, 0, WIDTH, HEIGHT);
    pen.lineWidth = 1;
    pen.strokeStyle = rule;
    for (const y of [0, highest / 2, highest]) line(pen, [[EDGE, toY(y)], [WIDTH - EDGE, toY(y)]]);
    pen.fillStyle = quiet;
    pen.font = `${Math.min(28, (14 * WIDTH) / (canvas.clientWidth || WIDTH))}px system-ui, sans-serif`;
    pen.textAlign = 'right';
    pen.fillText(String(highest), EDGE - 6, toY(highest) + 5);
    pen.fillText('0', EDGE - 6, toY(0) + 5);
    pen.fillText('slutet', WIDTH - EDGE, HEIGHT - 8);
    pen.textAlign = 'left';
    pen.fillText('början', EDGE, HEIGHT - 8);
    const shown = stroke ? joined(points, stroke) : points;
    pen.strokeStyle = ink;
    pen.fillStyle = ink;
    pen.lineWidth = 3;
    pen.lineJoin = 'round';
    line(pen, shown.map(({ x, y }) => [toX(x), toY(y)]));
    if (!stroke) for (const { x, y } of shown) dot(pen, toX(x), toY(y));
    canvas.setAttribute('aria-description', points.length ? points.map(({ x, y, text }) => `tid ${written(x)}: ${written(y)}${text ? ` (${text})` : ''}`).join(', ') : 'tom');
  }

  canvas.addEventListener('pointerdown', (event) => {
    if (event.button) return;
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    stroke = [where(event)];
    draw();
  });
  canvas.addEventListener('pointermove', (event) => {
    if (!stroke) return;
    stroke.push(...(event.getCoalescedEvents?.() ?? [event]).map(where));
    draw();
  });
  const lift = () => {
    if (!stroke) return;
    const made = stroke;
    stroke = null;
    put(joined(points, simplified(forward(made), highest)).map(({ x, y, text }) => ({ x: Math.round(x), y: round(y), text })));
    changed(0);
  };
  canvas.addEventListener('pointerup', lift);
  canvas.addEventListener('pointercancel', lift);
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
  rows();
  window.requestAnimationFrame(draw);
  return {
    element,
    read: () => points.map(({ x, y, text }) => `${round(x)} ${round(y)} ${text}`.trim()).join('\n'),
    put: (value) => put(value.split('\n').filter(Boolean).map((one) => {
      const [x, y, ...rest] = one.split(' ');
      return { x: Number(x), y: Number(y), text: rest.join(' ') };
    })),
  };
}

const within = (value, most) => Math.max(0, Math.min(most, value));

/** A stroke with one height for each moment, the last that was drawn there: time does not go back. */
function forward(stroke) {
  const found = new Map();
  for (const point of stroke) found.set(Math.round(point.x), point);
  return [...found.values()].sort((a, b) => a.x - b.x);
}

/** The points outside what a stroke covers, and the stroke. */
function joined(points, stroke) {
  const xs = stroke.map(({ x }) => x);
  const [first, last] = [Math.min(...xs), Math.max(...xs)];
  return [...points.filter(({ x }) => x < first - 0.5 || x > last + 0.5), ...stroke].sort((a, b) => a.x - b.x);
}

/** The fewest points that keep a stroke's shape (Ramer–Douglas–Peucker), at most FROM_ONE_STROKE. */
function simplified(stroke, highest) {
  for (let slack = highest / 60; ; slack *= 1.5) {
    const kept = peucker(stroke, slack);
    if (kept.length <= FROM_ONE_STROKE) return kept;
  }
}

function peucker(points, slack) {
  if (points.length < 3) return points;
  const [first, last] = [points[0], points.at(-1)];
  let [far, at] = [0, 0];
  points.forEach(({ x, y }, index) => {
    const there = first.y + ((last.y - first.y) * (x - first.x)) / ((last.x - first.x) || 1);
    if (Math.abs(y - there) > far) [far, at] = [Math.abs(y - there), index];
  });
  return far <= slack ? [first, last] : [...peucker(points.slice(0, at + 1), slack).slice(0, -1), ...peucker(points.slice(at), slack)];
}

function line(pen, places) {
  pen.beginPath();
  places.forEach(([x, y], index) => (index ? pen.lineTo(x, y) : pen.moveTo(x, y)));
  pen.stroke();
}

function dot(pen, x, y) {
  pen.beginPath();
  pen.arc(x, y, 4.5, 0, 2 * Math.PI);
  pen.fill();
}
