/** `count: 3` makes three things of one entry: web-1, web-2 and web-3. */
import { z } from 'zod';
import type { Path } from '../source/tree.js';

export function countSchema(example: string) {
  return z
    .int()
    .min(1)
    .max(2000)
    .optional()
    .describe(`web becomes web-1, web-2, …; in texts, {n} is the number and {n+9} nine more. Example: \`${example}\``);
}

/** One thing of a section, with the entry that it comes from. */
export interface Entry<T> {
  readonly name: string;
  readonly path: Path;
  /** `{n}` replaced by the thing's number. */
  readonly definition: T;
  /** As the file has it. */
  readonly template: T;
}

/** `{n}`, or `{n+9}` where the first numbers are taken: AWS keeps the first four addresses of a subnet. */
const NUMBER = /\{n(?:\+(\d{1,5}))?\}/g;

/** The things that the entries of a section make, by the names that they get. */
export function entriesOf<T>(section: Path, entries: Readonly<Record<string, T>> = {}): Entry<T>[] {
  return Object.entries(entries).flatMap(([name, template]) => {
    const path = [...section, name];
    const count = countOf(template);
    if (count === null) return [{ name, path, definition: template, template }];
    return Array.from({ length: count }, (_, position) => ({
      name: `${name}-${position + 1}`,
      path,
      definition: numbered(template, position + 1),
      template,
    }));
  });
}

/** Whether the text differs from one thing to the next. */
export function isNumbered(text: string): boolean {
  return text.search(NUMBER) >= 0;
}

function countOf(definition: unknown): number | null {
  if (typeof definition !== 'object' || definition === null || !('count' in definition)) return null;
  return typeof definition.count === 'number' ? definition.count : null;
}

function numbered<T>(value: T, n: number): T;
function numbered(value: unknown, n: number): unknown {
  if (typeof value === 'string')
    return value.replace(NUMBER, (_, plus: string | undefined) => String(n + Number(plus ?? 0)));
  if (Array.isArray(value)) return value.map((item) => numbered<unknown>(item, n));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, numbered<unknown>(each, n)]));
}
