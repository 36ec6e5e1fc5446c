import fs from 'node:fs';

/** A step as the JUnit report has it. */
export interface JunitCase {
  readonly name: string;
  /** null: it passed. */
  readonly problem: { readonly kind: 'failure' | 'error'; readonly message: string; readonly cause: string } | null;
}

const CASE =
  /<testcase classname="[^"]*" name="([^"]*)"[^>]*?(?:\/>|>\s*<(failure|error) message="([^"]*)"[^>]*>([^<]*)<)/g;

/** Reads the reports that sglab writes: the form is its own, a reader of all XML is not needed. */
export function readJunit(file: string): JunitCase[] {
  return [...fs.readFileSync(file, 'utf8').matchAll(CASE)].map(([, name = '', kind, message = '', cause = '']) => ({
    name,
    problem: kind === 'failure' || kind === 'error' ? { kind, message, cause } : null,
  }));
}
