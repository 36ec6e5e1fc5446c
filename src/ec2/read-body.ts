import type { IncomingMessage } from 'node:http';
import { Ec2Error } from './ec2-error.js';

/** Beyond any request that the parameters' own limit lets pass. */
const MAX_BODY = 1024 * 1024;
const CONTENT_TOO_LARGE = 413;

/**
 * What is left of a larger body is read and thrown away: a client that writes before it reads gets its answer.
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
