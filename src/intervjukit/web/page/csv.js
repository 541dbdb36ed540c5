// A table to take along: copied for a spreadsheet, or saved as a file that Excel in Swedish opens as it is.
import { announce, complain } from './announce.js';
import { el } from './dom.js';

const RISKY = /^[=+\-@\t\r]/; // a spreadsheet would take the text for a formula
const safe = (value) => (typeof value === 'string' && RISKY.test(value) ? `'${value}` : String(value));

/** Return rows as CSV: semicolons, quotation marks where needed. */
export const csv = (rows) => rows.map((row) => row.map((value) => {
  const text = safe(value);
  return /[";\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}).join(';')).join('\r\n');

/** Return rows as they are pasted into a spreadsheet: a tab between the cells. */
export const tabbed = (rows) => rows.map((row) => row.map((value) => safe(value).replace(/\s+/g, ' ')).join('\t')).join('\n');

/** Return the two buttons; `rows()` gives the table with its heads, `name` what the file is called. */
export function takeAlong(name, rows) {
  return el('span', { class: 'take row no-print' },
    el('button', { type: 'button', class: 'small', onclick: () => copy(rows()) }, 'Kopiera', el('span', { class: 'visually-hidden' }, ` tabellen ${name}`)),
    el('button', { type: 'button', class: 'small', onclick: () => save(name, rows()) }, 'Hämta CSV', el('span', { class: 'visually-hidden' }, ` med tabellen ${name}`)));
}

async function copy(rows) {
  try {
    await navigator.clipboard.writeText(tabbed(rows));
    announce('Tabellen är kopierad. Klistra in den i Excel eller Word.');
  } catch {
    complain('Webbläsaren lät inte tabellen kopieras.', 'Hämta den som CSV i stället.');
  }
}

function save(name, rows) {
  const address = URL.createObjectURL(new Blob(['\ufeff', csv(rows)], { type: 'text/csv' }));
  el('a', { href: address, download: `${name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-')}.csv` }).click();
  window.setTimeout(() => URL.revokeObjectURL(address), 10000);
  announce('Tabellen är sparad som CSV bland dina hämtade filer.');
}
