/** Signature version 4, as every AWS client makes it: in the Authorization header, or in the query of a presigned URL. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Ec2Error } from './ec2-error.js';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** A signature as a request carries it. */
export interface Signature {
  readonly form: 'header' | 'query';
  readonly accessKeyId: string;
  /** `20261130`, as in the scope. */
  readonly day: string;
  readonly region: string;
  readonly service: string;
  /** `20261130T134326Z` */
  readonly time: string;
  /** Seconds that a presigned URL is good for; null in a header. */
  readonly expires: number | null;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';
const FORBIDDEN = 403;
const UNAUTHORIZED = 401;
const CREDENTIAL = /^([^\s,/]+)\/(\d{8})\/([^\s,/]+)\/([^\s,/]+)\/aws4_request$/;
const EXPIRES = /^\d{0,6}$/;
const TIME = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

/** @throws Ec2Error `MissingAuthenticationToken`, `IncompleteSignature` */
export function readSignature(request: IncomingMessage): Signature {
  const { authorization, 'x-amz-date': time = '' } = request.headers;
  if (authorization === undefined) return readQuery(request);
  const [algorithm, ...rest] = authorization.split(/\s+/);
  const parts = rest
    .join(' ')
    .split(/\s*,\s*/)
    .map((part): [string, string] => {
      const at = part.indexOf('=');
      return [part.slice(0, at), part.slice(at + 1)];
    });
  if (algorithm !== ALGORITHM) throw incomplete();
  return assemble('header', new Map([...parts, ['Date', String(time)], ['Expires', '']]));
}

function readQuery(request: IncomingMessage): Signature {
  const query = new URLSearchParams(queryOf(request));
  if (!query.has('X-Amz-Signature')) {
    const text = 'The request is not signed. `sudo sglab env` prints the credentials of the lab.';
    throw new Ec2Error('MissingAuthenticationToken', text, FORBIDDEN);
  }
  if (query.get('X-Amz-Algorithm') !== ALGORITHM) throw incomplete();
  const names = ['Credential', 'SignedHeaders', 'Signature', 'Date', 'Expires'];
  return assemble('query', new Map(names.map((name) => [name, query.get(`X-Amz-${name}`) ?? ''])));
}

function assemble(form: 'header' | 'query', parts: ReadonlyMap<string, string>): Signature {
  const [, accessKeyId, day, region, service] = CREDENTIAL.exec(parts.get('Credential') ?? '') ?? [];
  if (accessKeyId === undefined || day === undefined || region === undefined || service === undefined)
    throw incomplete();
  const expires = parts.get('Expires') ?? '';
  if (!EXPIRES.test(expires)) throw incomplete();
  return {
    ...{ form, accessKeyId, day, region, service },
    time: parts.get('Date') ?? '',
    expires: expires === '' ? null : Number(expires),
    signedHeaders: (parts.get('SignedHeaders') ?? '').split(';'),
    signature: parts.get('Signature') ?? '',
  };
}

/**
 * Throws what AWS answers to a request that the lab's owner did not sign, or not now: EC2 and STS have codes of their own.
 * @param now milliseconds since 1970
 */
export function checkSignature(
  request: IncomingMessage,
  body: Uint8Array,
  {
    signature,
    credentials,
    now,
  }: { readonly signature: Signature; readonly credentials: Credentials; readonly now: number },
): void {
  const refusals = signature.service === 'sts' ? STS : EC2;
  if (signature.accessKeyId !== credentials.accessKeyId) throw refusals.unknownKey();
  const time = parseTime(signature.time);
  if (time === null || !signature.time.startsWith(signature.day) || !signature.signedHeaders.includes('host')) {
    throw incomplete();
  }
  checkTime(signature, time, { now, refusals });
  const expected = Buffer.from(signatureOf(request, body, signature, credentials.secretAccessKey), 'hex');
  const given = Buffer.from(signature.signature, 'hex');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw refusals.wrongSignature();
}

const MINUTE = 60_000;
const PAST = 15 * MINUTE;
const FUTURE = 5 * MINUTE;

function checkTime(
  { time: text, expires }: Signature,
  time: number,
  { now, refusals }: { readonly now: number; readonly refusals: Refusals },
): void {
  const past = expires === null ? PAST : expires * 1000;
  if (now - time > past) throw refusals.late(text, now, past);
  if (time - now > FUTURE) throw refusals.early(text, now);
}

interface Refusals {
  readonly unknownKey: () => Ec2Error;
  readonly wrongSignature: () => Ec2Error;
  readonly late: (time: string, now: number, past: number) => Ec2Error;
  readonly early: (time: string, now: number) => Ec2Error;
}

const expired = () => new Ec2Error('RequestExpired', 'Request has expired.', 400);
const unauthorized = () =>
  new Ec2Error('AuthFailure', 'AWS was not able to validate the provided access credentials', UNAUTHORIZED);
const mismatch = (text: string) => new Ec2Error('SignatureDoesNotMatch', text, FORBIDDEN);

/** EC2 does not tell a wrong key from a wrong signature. */
const EC2: Refusals = { unknownKey: unauthorized, wrongSignature: unauthorized, late: expired, early: expired };

const STS: Refusals = {
  unknownKey: () =>
    new Ec2Error('InvalidClientTokenId', 'The security token included in the request is invalid.', FORBIDDEN),
  wrongSignature: () =>
    mismatch(
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
    ),
  late: (time, now, past) =>
    mismatch(
      `Signature expired: ${time} is now earlier than ${formatTime(now - past)} (${formatTime(now)} - ${past / MINUTE} min.)`,
    ),
  early: (time, now) =>
    mismatch(
      `Signature not yet current: ${time} is still later than ${formatTime(now + FUTURE)} (${formatTime(now)} + 5 min.)`,
    ),
};

function incomplete(): Ec2Error {
  return new Ec2Error('IncompleteSignature', 'The request signature does not conform to AWS standards.', FORBIDDEN);
}

function parseTime(text: string): number | null {
  const [, year, month, day, hour, minute, second] = TIME.exec(text) ?? [];
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(time) ? null : time;
}

function formatTime(time: number): string {
  return new Date(time).toISOString().replace(/[-:]|\.\d{3}/g, '');
}

/** Hexadecimal. The steps and names are those of AWS's description of signature version 4. */
function signatureOf(request: IncomingMessage, body: Uint8Array, signature: Signature, secret: string): string {
  const { day, region, service, time } = signature;
  const canonicalRequest = [
    request.method,
    '/',
    canonicalQuery(request),
    ...signature.signedHeaders.map((name) => `${name}:${canonicalHeader(request, name)}`),
    '',
    signature.signedHeaders.join(';'),
    sha256(body),
  ].join('\n');
  const toSign = [ALGORITHM, time, `${day}/${region}/${service}/aws4_request`, sha256(canonicalRequest)].join('\n');
  const key = [day, region, service, 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${secret}`);
  return hmac(key, toSign).toString('hex');
}

function canonicalHeader(request: IncomingMessage, name: string): string {
  const values = request.headersDistinct[name] ?? [];
  return values.map((value) => value.trim().replace(/ +/g, ' ')).join(',');
}

function canonicalQuery(request: IncomingMessage): string {
  return [...new URLSearchParams(queryOf(request))]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]): [string, string] => [escaped(name), escaped(value)])
    .sort(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** RFC 3986: only letters, digits and `-._~` stand for themselves. */
function escaped(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Without its question mark. */
export function queryOf({ url = '' }: IncomingMessage): string {
  const at = url.indexOf('?');
  return at === -1 ? '' : url.slice(at + 1);
}

function sha256(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
