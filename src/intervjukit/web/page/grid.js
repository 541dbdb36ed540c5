// A table one moves about in: one stop for Tab, then arrows, Home, End, Page Up and Page Down (ARIA grid pattern).

const FAR = 8;

/**
 * Make a table such a grid. What holds the focus in a cell is its button or link, otherwise the cell itself.
 * `table.dataset.at` remembers where one was ("3 5"), so that `rove(next, previous.dataset.at)` keeps the place.
 */
export function rove(table, at = '1 1') {
  table.setAttribute('role', 'grid');
  const rows = [...table.rows].map((row) => [...row.cells].map((cell) => cell.querySelector('button, a') ?? cell));
  for (const stop of rows.flat()) stop.tabIndex = -1;
  let [y, x] = at.split(' ').map(Number);

  function stand(toY, toX) {
    rows[y]?.[x]?.setAttribute('tabindex', '-1');
    y = Math.max(0, Math.min(rows.length - 1, toY));
    x = Math.max(0, Math.min(rows[y].length - 1, toX));
    rows[y][x].tabIndex = 0;
    table.dataset.at = `${y} ${x}`;
    return rows[y][x];
  }

  const steps = {
    ArrowDown: () => [y + 1, x], ArrowUp: () => [y - 1, x], ArrowRight: () => [y, x + 1], ArrowLeft: () => [y, x - 1],
    PageDown: () => [y + FAR, x], PageUp: () => [y - FAR, x],
    Home: (far) => [far ? 0 : y, 0], End: (far) => [far ? rows.length - 1 : y, Infinity],
  };
  table.addEventListener('keydown', (event) => {
    const step = steps[event.key];
    if (!step || event.altKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const stop = stand(...step(event.ctrlKey));
    stop.focus();
    stop.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  });
  table.addEventListener('focusin', (event) => {
    rows.forEach((row, toY) => row.forEach((stop, toX) => { if (stop === event.target) stand(toY, toX); }));
  });
  stand(y || 0, x || 0);
  return { focus: () => rows[y][x].focus() };
}
