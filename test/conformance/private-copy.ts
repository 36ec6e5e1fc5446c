import fs from 'node:fs';
import path from 'node:path';
import { DIST } from '../kernel/support/test-host.js';

const ROOT = path.resolve('.');

/** A copy of the built sglab for a test to change, with all the files that it looks up relative to its code. */
export interface PrivateCopy {
  readonly dist: string;
  readonly main: string;
  /** null if it shares the scenarios of the checkout. */
  readonly conformance: string | null;
}

/** @param below the copy's parent, which the test removes */
export function privateCopy(below: string, { ownScenarios = false } = {}): PrivateCopy {
  const copy = fs.mkdtempSync(path.join(below, 'copy-'));
  const shared = ['node_modules', ...(ownScenarios ? [] : ['scenarios'])];
  for (const each of shared) fs.symlinkSync(path.join(ROOT, each), path.join(copy, each));
  // By it the copy knows where it is.
  fs.copyFileSync(path.join(ROOT, 'package.json'), path.join(copy, 'package.json'));
  const dist = path.join(copy, 'dist');
  const left = ['bundle', 'console'].map((each) => path.join(DIST, each));
  fs.cpSync(DIST, dist, { recursive: true, filter: (source) => !left.includes(source) });
  const conformance = ownScenarios ? path.join(copy, 'scenarios/conformance') : null;
  if (conformance !== null) fs.mkdirSync(conformance, { recursive: true });
  return { dist, main: path.join(dist, 'cli/main.js'), conformance };
}

/** One change of the compiled code. */
export interface CodeDefect {
  readonly name: string;
  /** The path below dist/. */
  readonly file: string;
  /** Must be in the file exactly once: otherwise the code has changed, and the defect has to follow. */
  readonly from: string;
  readonly to: string;
}

/**
 * Makes a copy with one defect.
 * @returns its main.js
 * @throws if the defect no longer matches the code
 */
export function brokenCopy(below: string, { name, file, from, to }: CodeDefect): string {
  const { dist, main } = privateCopy(below);
  const broken = path.join(dist, file);
  const text = fs.readFileSync(broken, 'utf8');
  const places = text.split(from).length - 1;
  if (places !== 1) throw new Error(`"${name}" must fit dist/${file} once and fits ${places} times: ${from}`);
  fs.writeFileSync(
    broken,
    text.replace(from, () => to),
  );
  return main;
}
