import { setTimeout as sleep } from 'node:timers/promises';

/** Ends a test that hangs, with a message; a slow machine takes ten seconds for what a quick one does in one. */
const HANGS_MS = 180_000;

/**
 * Waits until a condition is true.
 * @throws when it seems that it never will be, naming the condition
 */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
  milliseconds = HANGS_MS,
): Promise<NonNullable<T>> {
  const end = Date.now() + milliseconds;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`it never happened that ${what}`);
    await sleep(5);
  }
}
