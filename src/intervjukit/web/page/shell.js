// What every page has: undo and redo, shortcuts, and news of what others do.
import { announce } from './announce.js';
import { beginAt, onChange, poll, post } from './api.js';
import { one } from './dom.js';
import { register, showKeys, writing } from './keys.js';

const undo = one('#undo');
const redo = one('#redo');

/** Take back the latest decision, or make it again. */
async function step(kind) {
  const { summary } = await post(`/api/${kind}`);
  announce(summary ? `${kind === 'undo' ? 'Ångrade' : 'Gjorde om'}: ${summary}` : 'Det finns inget mer.');
}

function showSteps(state) {
  for (const [button, what, words] of [[undo, state.undo, 'Ångra'], [redo, state.redo, 'Gör om']]) {
    button.setAttribute('aria-disabled', String(!what));
    one('.what', button).textContent = what;
    button.title = what ? `${words}: ${what}` : `Inget att ${words.toLowerCase().replace('gör om', 'göra om')}`;
  }
}

document.addEventListener('keydown', (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || writing(event) || document.querySelector('dialog[open]')) return;
  const key = event.key.toLowerCase();
  const kind = key === 'y' || (key === 'z' && event.shiftKey) ? 'redo' : key === 'z' ? 'undo' : '';
  if (!kind) return;
  event.preventDefault();
  step(kind);
});

undo.addEventListener('click', () => step('undo'));
redo.addEventListener('click', () => step('redo'));
one('#show-keys').addEventListener('click', showKeys);
register('Överallt', [{ key: '?', label: 'Visa kortkommandon', run: showKeys }]);
beginAt(Number(undo.dataset.revision));
onChange(showSteps);
poll();
