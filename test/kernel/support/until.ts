import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Waits until a condition is true.
 * @throws after some seconds, naming the condition
 */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
  milliseconds = 10_000,
): Promise<NonNullable<T>> {
  const end = Date.now() + milliseconds;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`it never happened that ${what}`);
    await sleep(5);
  }
}
