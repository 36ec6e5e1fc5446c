import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { SglabError } from '../../errors.js';

/** Of the largest request: some thousand rules at once. */
const MAX_BYTES = 1024 * 1024;

/** The JSON object that a page sends. @throws SglabError for anything else */
export async function readBody(request: IncomingMessage): Promise<object> {
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) throw malformed('is not JSON');
  const declared = Number(request.headers['content-length']);
  // Browsers say how long it is.
  if (!(declared <= MAX_BYTES)) {
    throw new SglabError('RequestTooLarge', `the request has more than ${MAX_BYTES} bytes, or does not say how many`);
  }
  const body = parse(await text(request));
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw malformed('is not a JSON object');
  return body;
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw malformed('is not JSON');
  }
}

function malformed(problem: string): SglabError {
  return new SglabError('MalformedRequest', `the request ${problem}`);
}
