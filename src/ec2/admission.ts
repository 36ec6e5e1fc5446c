/** The endpoint answers programs of this host, and no web page in a browser of this host. Whose programs, `signature.ts` tells. */
import type { IncomingMessage } from 'node:http';
import { printable } from '../cloud/text/quote.js';
import { Ec2Error } from './ec2-error.js';

const BAD_REQUEST = 400;
const FORBIDDEN = 403;
const NOT_FOUND = 404;
const METHOD_NOT_ALLOWED = 405;
const UNSUPPORTED_MEDIA_TYPE = 415;

/** The port may be any: an SSH tunnel may end at another one. */
const LOOPBACK_HOST = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/i;
const FORM = /^application\/x-www-form-urlencoded\s*(?:;\s*charset="?utf-8"?\s*)?$/i;

/** @throws Ec2Error for a request that no AWS client on this host sends */
export function admitHost({ headers, headersDistinct }: IncomingMessage): void {
  // RFC 9112 3.2: two programs on the way could read two different ones.
  if ((headersDistinct.host ?? []).length > 1) {
    throw new Ec2Error('MalformedRequest', 'The request has more than one Host header.', BAD_REQUEST);
  }
  // A page whose name was made to resolve to 127.0.0.1 is known by its Host, any other page by its Origin.
  if (!LOOPBACK_HOST.test(headers.host ?? '')) throw refused('its Host is not this endpoint');
  if (headers.origin !== undefined) throw refused('it comes from a web page');
}

/** @throws Ec2Error for a request that no client of EC2 or STS sends */
export function admitForm({ method, url = '', headers }: IncomingMessage): void {
  if (!/^\/(?:\?|$)/.test(url)) {
    throw new Ec2Error('InvalidURI', 'There is nothing but / here: this endpoint speaks EC2 and STS only.', NOT_FOUND);
  }
  if (method !== 'POST' && method !== 'GET') {
    throw new Ec2Error('MethodNotAllowed', 'The specified method is not allowed.', METHOD_NOT_ALLOWED);
  }
  if (method === 'POST' && !FORM.test(headers['content-type'] ?? '')) {
    const text = 'The content type must be application/x-www-form-urlencoded: this endpoint speaks EC2 and STS only.';
    throw new Ec2Error('UnsupportedMediaType', text, UNSUPPORTED_MEDIA_TYPE);
  }
}

function refused(reason: string): Ec2Error {
  return new Ec2Error('RequestRefused', `The request is refused: ${reason}.`, FORBIDDEN);
}

/**
 * A lab is one Region: a client that means another one would otherwise change this one unawares.
 * @throws Ec2Error `AuthFailure`
 */
export function checkRegion(scope: { readonly region: string }, region: string): void {
  if (scope.region === region) return;
  const text = `Credential should be scoped to a valid Region, not '${printable(scope.region)}': this lab is the Region '${region}'.`;
  throw new Ec2Error('AuthFailure', text, FORBIDDEN);
}
