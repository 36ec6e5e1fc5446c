/**
 * Who may see a lab's page: whoever has its token. `sglab console` prints it in the fragment of the URL, which browsers send
 * to nobody; the page hands it in once and gets a cookie that scripts cannot read. Both last until the lab goes down, also
 * when another controller takes the lab over.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import fs from 'node:fs';
import type { IncomingMessage } from 'node:http';
import path from 'node:path';
import { z } from 'zod';
import { onDisk } from '../../kernel/errors.js';
import { PRIVATE, replaceFile } from '../../kernel/safe-file.js';
import { labDirectory } from '../../lab/run-directory.js';

const TOKEN_BYTES = 32;

/** What another controller needs in order to serve the same page to those who have it open. */
export interface Session {
  readonly port: number;
  readonly token: string;
  /** Whether the page may open terminals. */
  readonly terminals: boolean;
}

const SESSION = z.object({ port: z.int().min(1).max(65_535), token: z.string().min(32), terminals: z.boolean() });

const sessionFile = (lab: string) => path.join(labDirectory(lab), 'console.json');

/** null where no console was open, or its file is lost. */
export function readSession(lab: string): Session | null {
  try {
    return SESSION.parse(JSON.parse(fs.readFileSync(sessionFile(lab), 'utf8')));
  } catch {
    return null;
  }
}

/** @throws KernelError */
export function saveSession(lab: string, session: Session): void {
  onDisk(() => replaceFile(sessionFile(lab), `${JSON.stringify(session)}\n`, PRIVATE));
}

export function makeToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url');
}

/** Cookies belong to a host whatever its port, so each console of this host has a name of its own. */
function cookieName({ port }: Session): string {
  return `sglab-${port}`;
}

/** Not the token: who finds the one cannot make the other of it. */
function cookieValue({ token }: Session): string {
  return createHash('sha256').update(`cookie ${token}`).digest('base64url');
}

/** The value of `Set-Cookie` for somebody who has handed in the token. */
export function cookieOf(session: Session): string {
  return `${cookieName(session)}=${cookieValue(session)}; Path=/; HttpOnly; SameSite=Strict`;
}

export function isToken(session: Session, word: string): boolean {
  return isSame(session.token, word);
}

export function hasCookie(session: Session, { headers }: IncomingMessage): boolean {
  const cookies = (headers.cookie ?? '').split(';').map((each) => each.trim());
  const name = `${cookieName(session)}=`;
  return cookies.some((each) => each.startsWith(name) && isSame(cookieValue(session), each.slice(name.length)));
}

/** Takes as long for a word that is nearly right as for any other. */
function isSame(secret: string, word: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(secret), digest(word));
}
