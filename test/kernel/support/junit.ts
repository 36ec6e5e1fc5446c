import fs from 'node:fs';

/** A step in a JUnit report. */
export interface JunitCase {
  readonly name: string;
  /** null if it passed. */
  readonly problem: { readonly kind: 'failure' | 'error'; readonly message: string; readonly cause: string } | null;
}

const CASE =
  /<testcase classname="[^"]*" name="([^"]*)"[^>]*?(?:\/>|>\s*<(failure|error) message="([^"]*)"[^>]*>([^<]*)<)/g;

/** Reads the reports that sglab writes: their form is fixed, so that no general XML parser is needed. */
export function readJunit(file: string): JunitCase[] {
  return [...fs.readFileSync(file, 'utf8').matchAll(CASE)].map(([, name = '', kind, message = '', cause = '']) => ({
    name,
    problem: kind === 'failure' || kind === 'error' ? { kind, message, cause } : null,
  }));
}
