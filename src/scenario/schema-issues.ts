import type { z } from 'zod';
import { nearestMatch } from '../cloud/text/suggest.js';
import { type Path, valueAt } from '../source/tree.js';
import { STEP_SCHEMAS, verbsOf } from './steps.js';

/** A mistake that the schema found, with the values that a sentence about it needs. */
export type Issue = { readonly path: Path } & (
  | { readonly code: 'unknown-key'; readonly key: string }
  | { readonly code: 'wrong-type'; readonly expected: readonly string[] }
  | { readonly code: 'wrong-word'; readonly words: readonly string[] }
  | { readonly code: 'other'; readonly message: string; readonly hint: string | null }
);

/** A copy of the value without the keys that the schema does not know. */
export function withoutUnknownKeys(value: unknown, error: z.ZodError): unknown {
  const copy = structuredClone(value);
  for (const issue of flattenIssues(error.issues, value)) {
    const parent = issue.code === 'unknown-key' ? valueAt(copy, issue.path) : undefined;
    if (issue.code === 'unknown-key' && typeof parent === 'object' && parent !== null) {
      Reflect.deleteProperty(parent, issue.key);
    }
  }
  return copy;
}

type ZodIssue = z.core.$ZodIssue;

const VERBS = Object.keys(STEP_SCHEMAS);

/** The library's issues without alternatives: of a union, only those of the branch that was meant. */
export function flattenIssues(issues: readonly ZodIssue[], root: unknown, prefix: Path = []): Issue[] {
  return issues.flatMap((issue) => flatten(issue, root, [...prefix, ...issue.path]));
}

function flatten(issue: ZodIssue, root: unknown, path: Path): Issue[] {
  switch (issue.code) {
    case 'unrecognized_keys':
      if (isStep(path)) return stepIssues(root, path);
      return unknownKeys(issue.keys, path);
    case 'invalid_type':
      return [{ path, code: 'wrong-type', expected: [issue.expected] }];
    case 'invalid_value':
      return [{ path, code: 'wrong-word', words: issue.values.map(String) }];
    case 'invalid_union':
      return isStep(path) ? stepIssues(root, path) : unionIssues(issue.errors, root, path);
    case 'too_small':
      return [{ path, code: 'other', message: `at least ${issue.minimum}`, hint: null }];
    case 'too_big':
      return [{ path, code: 'other', message: `at most ${issue.maximum}`, hint: null }];
    default:
      return [{ path, code: 'other', message: issue.message, hint: null }];
  }
}

function unknownKeys(keys: readonly string[], path: Path): Issue[] {
  return keys.map((key) => ({ path, code: 'unknown-key', key }));
}

/** The branch whose type fits the value; if none does, one issue that names the types of all. */
function unionIssues(branches: readonly (readonly ZodIssue[])[], root: unknown, path: Path): Issue[] {
  const fitting = branches.find((issues) => !issues.some((issue) => isRootTypeIssue(issue)));
  if (fitting !== undefined) return flattenIssues(fitting, root, path);
  const expected = branches.flat().flatMap((issue) => (issue.code === 'invalid_type' ? [issue.expected] : []));
  return [{ path, code: 'wrong-type', expected }];
}

function isRootTypeIssue(issue: ZodIssue): boolean {
  if (issue.path.length > 0) return false;
  // A union inside the union, of which no branch fits the value's type.
  if (issue.code === 'invalid_union') return issue.errors.every((issues) => issues.some(isRootTypeIssue));
  return issue.code === 'invalid_type';
}

/** Keys of lists of steps, in scenarios and lessons. */
const STEP_LISTS: ReadonlySet<unknown> = new Set(['steps', 'after', 'do', 'solution']);

function isStep(path: Path): boolean {
  return typeof path.at(-1) === 'number' && STEP_LISTS.has(path.at(-2));
}

/** A step is told by its verb, so that a mistake in a probe is not reported as a missing `authorize`. */
function stepIssues(root: unknown, path: Path): Issue[] {
  const step = valueAt(root, path);
  if (typeof step !== 'object' || step === null || Array.isArray(step)) {
    return [{ path, code: 'wrong-type', expected: ['object'] }];
  }
  const [verb, second] = verbsOf(step);
  if (verb === undefined) return [withoutVerb(step, path)];
  if (second !== undefined) {
    const message = `a step does one thing, and this one has ${verb} and ${second}`;
    return [{ path, code: 'other', message, hint: 'Write two steps.' }];
  }
  const issues = STEP_SCHEMAS[verb]?.safeParse(step).error?.issues ?? [];
  return issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' && issue.path.length === 0
      ? unknownKeys(issue.keys, path)
      : flatten(issue, root, [...path, ...issue.path]),
  );
}

function withoutVerb(step: object, path: Path): Issue {
  const misspelt = Object.keys(step).find((key) => nearestMatch(key.split(' ', 1)[0] ?? key, VERBS) !== null);
  if (misspelt !== undefined) return { path, code: 'unknown-key', key: misspelt };
  return { path, code: 'other', message: 'nothing to do in it', hint: `A step has one of: ${VERBS.join(', ')}.` };
}
