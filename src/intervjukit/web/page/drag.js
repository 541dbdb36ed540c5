// Dragging with mouse, pen or finger: a card follows, a line shows where it would land. Esc lets it go back.

const BEGIN = 5;
const EDGE = 60;

/**
 * Let cards be dragged. `handle` selects what one drags by, `card` what is dragged, `list` where it may land.
 * `landed(card, list, before)` gets the card that it was dropped before, null for last.
 */
export function draggable(root, { handle, card, list, landed }) {
  root.addEventListener('pointerdown', (event) => {
    const grip = event.target.closest(handle);
    if (!grip || event.button !== 0) return;
    follow(event, grip, grip.closest(card));
  });

  function follow(start, grip, moved) {
    let dragging = false;
    let place = null;
    const line = document.createElement('li');
    line.className = 'landing';
    line.setAttribute('aria-hidden', 'true');

    function move(event) {
      if (!dragging) {
        if (Math.hypot(event.clientX - start.clientX, event.clientY - start.clientY) < BEGIN) return;
        dragging = true;
        grip.setPointerCapture(start.pointerId);
        moved.classList.add('dragged');
      }
      moved.style.translate = `${event.clientX - start.clientX}px ${event.clientY - start.clientY + window.scrollY - begun}px`;
      place = landing(event);
      if (place) place.list.insertBefore(line, place.before);
      else line.remove();
      if (event.clientY < EDGE) window.scrollBy(0, -12);
      else if (event.clientY > window.innerHeight - EDGE) window.scrollBy(0, 12);
    }

    function landing(event) {
      const found = document.elementsFromPoint(event.clientX, event.clientY).map((one) => one.closest('[data-field]')).find(Boolean);
      const target = found?.querySelector(list);
      if (!target) return null;
      const others = [...target.querySelectorAll(card)].filter((one) => one !== moved);
      const before = others.find((one) => {
        const box = one.getBoundingClientRect();
        return event.clientY < box.top + box.height / 2;
      }) ?? null;
      return { list: target, before };
    }

    function end(event) {
      for (const [kind, heard] of heards) document.removeEventListener(kind, heard, true);
      moved.classList.remove('dragged');
      moved.style.translate = '';
      line.remove();
      if (!dragging) return;
      grip.dataset.dragged = 'yes'; // the click that ends a drag is no click on the handle
      window.setTimeout(() => { delete grip.dataset.dragged; }, 50);
      if (event.type === 'pointerup' && place) landed(moved, place.list, place.before);
    }

    const begun = window.scrollY;
    const escape = (event) => { if (event.key === 'Escape') end(event); };
    const heards = [['pointermove', move], ['pointerup', end], ['pointercancel', end], ['keydown', escape]];
    for (const [kind, heard] of heards) document.addEventListener(kind, heard, true);
  }
}
