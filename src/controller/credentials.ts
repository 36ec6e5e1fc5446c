/** The secret with which requests to a lab's EC2 API are signed: who can read the lab's files is its owner. */
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { Credentials } from '../ec2/signature.js';
import { onDisk } from '../kernel/errors.js';
import { PRIVATE, replaceFile } from '../kernel/safe-file.js';
import { labDirectory } from '../lab/run-directory.js';

/** Every lab has this one; what tells labs apart is the secret. */
export const ACCESS_KEY_ID = 'SGLABCLIENT';

/** AWS's have 40 characters, too. */
const SECRET = /^[A-Za-z0-9_-]{40}$/;
const SECRET_BYTES = 30;

const secretFile = (lab: string) => path.join(labDirectory(lab), 'endpoint.secret');

/** Those of the lab; they stay when a controller is killed and another takes the lab over. @throws KernelError */
export function makeCredentials(lab: string): Credentials {
  const known = readCredentials(lab);
  if (known !== null) return known;
  const secretAccessKey = randomBytes(SECRET_BYTES).toString('base64url');
  onDisk(() => replaceFile(secretFile(lab), `${secretAccessKey}\n`, PRIVATE));
  return { accessKeyId: ACCESS_KEY_ID, secretAccessKey };
}

/** null for a lab whose EC2 API asks for none. */
export function readCredentials(lab: string): Credentials | null {
  try {
    const secretAccessKey = fs.readFileSync(secretFile(lab), 'utf8').trimEnd();
    return SECRET.test(secretAccessKey) ? { accessKeyId: ACCESS_KEY_ID, secretAccessKey } : null;
  } catch {
    return null;
  }
}

export function dropCredentials(lab: string): void {
  onDisk(() => fs.rmSync(secretFile(lab), { force: true }));
}
