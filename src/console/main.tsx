/** The console: opens a session where the URL has a token, then shows the lab. */
import { I18nProvider } from '@cloudscape-design/components/i18n';
import messages from '@cloudscape-design/components/i18n/messages/all.en';
import '@cloudscape-design/global-styles/index.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { beginSession } from './live/call.js';
import { followLab } from './live/lab-store.js';
import { App } from './shell/app.js';
import { notifyFailure } from './shell/notices.js';
import { applyPreferredMode } from './shell/theme.js';

/** The token leaves the address bar, and with it the browser's history, before anything else happens. */
function takeToken(): string | null {
  const token = /^#token=([\w-]+)$/.exec(window.location.hash)?.[1] ?? null;
  if (token !== null) window.history.replaceState(null, '', `${window.location.pathname}#/lab`);
  return token;
}

applyPreferredMode();
const token = takeToken();
if (token !== null) await beginSession(token).catch((error) => notifyFailure('The session could not be opened', error));
followLab();
const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no root');
createRoot(root).render(
  <StrictMode>
    <I18nProvider locale="en" messages={[messages]}>
      <App />
    </I18nProvider>
  </StrictMode>,
);
