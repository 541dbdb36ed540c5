// Small choices about the page itself, kept a year in a cookie: the port is another at every start, and what a browser
// stores otherwise belongs to the port.
const YEAR = 365 * 24 * 60 * 60;

/** Return what was kept under a name (letters and hyphens), "" when nothing was. */
export function kept(name) {
  const start = `intervjukit-val-${name}=`;
  return document.cookie.split('; ').find((part) => part.startsWith(start))?.slice(start.length) ?? '';
}

/** Keep a plain word under a name. */
export function keep(name, word) {
  document.cookie = `intervjukit-val-${name}=${word}; Path=/; Max-Age=${YEAR}; SameSite=Strict`;
}
