/** What was typed into `sglab shell`, in a file of the user that it runs as. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export const KEPT_LINES = 1000;

/** Of root, also under sudo: a file of root's in a user's home would be in that user's way. */
export function historyFile(): string {
  const state = process.env.XDG_STATE_HOME || path.join(os.userInfo().homedir, '.local/state');
  return path.join(state, 'sglab/shell-history');
}

/**
 * Forgets what is too old, too.
 * @returns the latest line first, as readline wants them; none where the file cannot be read
 */
export function readHistory(file: string): string[] {
  try {
    const lines = fs.readFileSync(file, 'utf8').split('\n').filter(Boolean);
    const kept = lines.slice(-KEPT_LINES);
    if (kept.length < lines.length) fs.writeFileSync(file, `${kept.join('\n')}\n`);
    return kept.reverse();
  } catch {
    return [];
  }
}

/** At once, so that neither a kill nor a second shell loses it. @returns whether it could be written */
export function appendHistory(file: string, line: string): boolean {
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    fs.appendFileSync(file, `${line}\n`, { mode: 0o600 });
    return true;
  } catch {
    return false;
  }
}
