/**
 * Whom the console answers: its own page in a browser of this host, opened by somebody who has the token. Other pages in the
 * same browser can send requests here, too; the browser says so in `Origin` and `Sec-Fetch-Site`, and names what it believes
 * to talk to in `Host`.
 */
import type { IncomingMessage } from 'node:http';
import { SglabError } from '../../errors.js';

/** The port may be any: an SSH tunnel, or Vagrant, may forward another one. */
const LOOPBACK_HOST = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/i;

/** @throws SglabError for what neither the page nor its first navigation sends */
export function admitOrigin({ method, headers, headersDistinct }: IncomingMessage): void {
  const hosts = headersDistinct.host ?? [];
  // A page whose name was made to resolve to 127.0.0.1 is known by its Host.
  if (hosts.length !== 1 || !LOOPBACK_HOST.test(hosts[0] ?? '')) throw refused('its Host is not this console');
  const own = `http://${hosts[0]}`;
  const mustName = method !== 'GET' || headers.upgrade !== undefined;
  if (headers.origin === undefined ? mustName : headers.origin.toLowerCase() !== own.toLowerCase()) {
    throw refused('it comes from another page');
  }
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw refused('it comes from another site');
}

function refused(reason: string): SglabError {
  return new SglabError('RequestRefused', `the request is refused: ${reason}`);
}
