import type { IncomingMessage } from 'node:http';
import { Ec2Error } from './ec2-error.js';

/** Beyond any request that the parameters' own limit lets pass. */
export const MAX_BODY = 1024 * 1024;
const CONTENT_TOO_LARGE = 413;

/**
 * What is left of a larger body is read and thrown away by node:http: a client that writes before it reads gets its answer.
 * @throws Ec2Error `RequestEntityTooLarge`; an error of the connection when the body ends too early
 */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY) throw tooLarge(request);
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((resolve, reject) => {
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > MAX_BODY) return reject(tooLarge(request));
      chunks.push(chunk);
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', reject);
  });
}

function tooLarge(request: IncomingMessage): Ec2Error {
  request.resume();
  const text = `The request is larger than ${MAX_BODY} bytes.`;
  return new Ec2Error('RequestEntityTooLarge', text, CONTENT_TOO_LARGE);
}
