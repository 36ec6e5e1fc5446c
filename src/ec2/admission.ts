/** The endpoint answers programs of this host, and no web page in a browser of this host. */
import type { IncomingMessage } from 'node:http';
import { printable } from '../cloud/text/quote.js';
import { Ec2Error } from './ec2-error.js';

const FORBIDDEN = 403;
const NOT_FOUND = 404;
const METHOD_NOT_ALLOWED = 405;
const UNSUPPORTED_MEDIA_TYPE = 415;

/** The port may be any: an SSH tunnel may end at another one. */
const LOOPBACK_HOST = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/i;
const FORM = /^application\/x-www-form-urlencoded\s*(?:;\s*charset="?utf-8"?\s*)?$/i;

/** @throws Ec2Error for a request that no AWS client on this host sends */
export function admitHost({ headers }: IncomingMessage): void {
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

/** The `Credential=KEY/DATE/REGION/SERVICE/aws4_request` of an Authorization header, signature version 4. */
export interface CredentialScope {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
}

const HEADER =
  /^AWS4-HMAC-SHA256\s+(?:.*,\s*)?Credential=([^\s,/]+)\/\d{8}\/([^\s,/]+)\/([^\s,/]+)\/aws4_request(?:[\s,]|$)/;

/**
 * Every client signs, and no web page can make a browser send this header to another origin unasked. The signature is not
 * verified: any secret key will do.
 * @throws Ec2Error `MissingAuthenticationToken`, `IncompleteSignature`
 */
export function readCredentials(authorization: string | undefined): CredentialScope {
  if (authorization === undefined) {
    const text = 'The request is not signed. `sglab env` prints credentials; any access key and secret key will do.';
    throw new Ec2Error('MissingAuthenticationToken', text, FORBIDDEN);
  }
  const [, accessKeyId, region, service] = HEADER.exec(authorization) ?? [];
  if (accessKeyId === undefined || region === undefined || service === undefined) {
    throw new Ec2Error('IncompleteSignature', 'The request signature does not conform to AWS standards.', FORBIDDEN);
  }
  return { accessKeyId, region, service };
}

/**
 * A lab is one Region: a client that means another one would otherwise change this one unawares.
 * @throws Ec2Error `AuthFailure`
 */
export function checkRegion(scope: CredentialScope, region: string): void {
  if (scope.region === region) return;
  const text = `Credential should be scoped to a valid Region, not '${printable(scope.region)}': this lab is the Region '${region}'.`;
  throw new Ec2Error('AuthFailure', text, FORBIDDEN);
}
