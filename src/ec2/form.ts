/** `application/x-www-form-urlencoded` is read strictly: a form that is not well-formed is refused, never guessed at. */
import type { IncomingMessage } from 'node:http';
import { Ec2Error } from './ec2-error.js';

/** XML 1.0 has no way to write these characters, so that an answer could not repeat them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the expression looks for control characters
const NOT_IN_XML = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/;

/**
 * @param form the body or the query; both `+` and `%20` are a blank
 * @throws Ec2Error `MalformedQueryString` for bad escapes or bad UTF-8, `InvalidParameterValue` for control characters
 */
export function parseForm(form: Uint8Array): URLSearchParams {
  const fields = decodeUtf8(form)
    .split('&')
    .filter((field) => field !== '')
    .map((field): [string, string] => {
      const at = field.indexOf('=');
      return at < 0 ? [decode(field), ''] : [decode(field.slice(0, at)), decode(field.slice(at + 1))];
    });
  return new URLSearchParams(fields);
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw malformed('the parameters are not UTF-8');
  }
}

function decode(word: string): string {
  const text = unescapeWord(word.replaceAll('+', ' '));
  if (NOT_IN_XML.test(text)) {
    throw new Ec2Error('InvalidParameterValue', 'A parameter has control characters, which are not allowed.');
  }
  return text;
}

function unescapeWord(word: string): string {
  try {
    return decodeURIComponent(word);
  } catch {
    throw malformed('an escape is no two hexadecimal digits, or what is escaped is not UTF-8');
  }
}

function malformed(reason: string): Ec2Error {
  return new Ec2Error('MalformedQueryString', `The query string contains a syntax error: ${reason}.`);
}

/** The limit of parameters lets no larger request pass. */
const MAX_BODY = 1024 * 1024;
const CONTENT_TOO_LARGE = 413;

/**
 * Reads a body. The rest of one that is too large is read and thrown away: a client that writes before it reads gets its
 * answer.
 * @throws Ec2Error `RequestEntityTooLarge`; an error of the connection when the body ends too early
 */
export function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((resolve, reject) => {
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > MAX_BODY) return reject(tooLarge());
      chunks.push(chunk);
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', reject);
  });
}

function tooLarge(): Ec2Error {
  return new Ec2Error('RequestEntityTooLarge', `The request is larger than ${MAX_BODY} bytes.`, CONTENT_TOO_LARGE);
}
