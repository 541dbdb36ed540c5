// Who codes: asked once in every browser.
import { post } from './api.js';
import { one } from './dom.js';

one('#coder-form').addEventListener('submit', async (event) => {
  event.preventDefault();
  await post('/api/kodare', { coder: one('#coder').value });
  window.location.assign('/');
});
