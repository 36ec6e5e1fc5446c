/** The problems of a file's shape as sentences, each with the place, the value and the nearest valid word. */
import { z } from 'zod';
import { type CloudError, refuseDenyRule, refuseRateLimit } from '../cloud/errors.js';
import { quote } from '../cloud/text/quote.js';
import { hintFor, nearestMatch } from '../cloud/text/suggest.js';
import type { ProblemList } from '../source/problems.js';
import { type Path, pathText, valueAt } from '../source/tree.js';
import { scenarioSchema } from './schema.js';
import { flattenIssues, type Issue } from './schema-issues.js';

const EXPECTED: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a whole number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a mapping',
  record: 'a mapping',
  array: 'a list',
};

/** People write these keys when they expect more of a security group than AWS's have. */
const DENY_KEYS = ['deny', 'action', 'effect', 'allow'];
const RATE_KEYS = ['rateLimit', 'rate', 'limit', 'burst'];

/** The keys that may stand in the mapping at a path, of which `value` is what the file has there. */
type KeysAt = (path: Path, value: unknown) => string[];

/**
 * Says what the schema refused: place, value, nearest valid word.
 * @param schema of the whole file; left out: that of scenarios
 */
export function reportSchemaIssues(problems: ProblemList, value: unknown, error: z.ZodError, schema?: z.ZodType): void {
  const keysAt: KeysAt = (path, at) => Object.keys(objectAt(path, at, schema)?.shape ?? {});
  const issues = flattenIssues(error.issues, value);
  const meant = new Set(issues.flatMap((issue) => keysMeant(issue, value, keysAt)));
  for (const issue of issues) {
    if (!meant.has(pathText(issue.path))) reportIssue(problems, value, issue, keysAt);
  }
}

function reportIssue(problems: ProblemList, root: unknown, issue: Issue, keysAt: KeysAt): void {
  const { path } = issue;
  const value = valueAt(root, path);
  switch (issue.code) {
    case 'unknown-key':
      problems.add([...path, issue.key], { ...unknownKey(path, issue.key, keysAt(path, value)), on: 'key' });
      break;
    case 'wrong-type':
      problems.add(path, { message: wrongType(path, value, issue.expected) });
      break;
    case 'wrong-word': {
      const hint = hintFor(String(value), issue.words) ?? null;
      const message = value === undefined ? missing(path) : `${label(path)} cannot be ${quote(value)}`;
      problems.add(path, { message, hint });
      break;
    }
    case 'other':
      problems.add(path, { message: `${label(path)} cannot be ${quote(value)}: ${issue.message}`, hint: issue.hint });
  }
}

function unknownKey(path: Path, key: string, valid: readonly string[]): { message: string; hint: string | null } {
  const isRule = valid.includes('protocol');
  if (isRule && DENY_KEYS.includes(key)) return sentenceOf(refuseDenyRule());
  if (isRule && RATE_KEYS.includes(key)) return sentenceOf(refuseRateLimit());
  const where = path.length === 0 ? 'at the top of the file' : `in ${pathText(path)}`;
  const message = `unknown key ${quote(key)} ${where}`;
  const [word = ''] = key.split(' ', 1);
  if (word !== key && valid.includes(word)) return { message, hint: `is a colon missing after ${quote(word)}?` };
  return { message, hint: hintFor(key, valid) ?? `valid: ${valid.join(', ')}` };
}

/** An error's message is no property that could be copied with the others. */
function sentenceOf({ message, hint }: CloudError): { message: string; hint: string | null } {
  return { message, hint };
}

/** The path of a missing key for which a misspelt one stands there: saying one of the two is enough. */
function keysMeant(issue: Issue, root: unknown, keysAt: KeysAt): string[] {
  if (issue.code !== 'unknown-key') return [];
  const present = valueAt(root, issue.path);
  const absent = keysAt(issue.path, present).filter((key) => valueAt(present, [key]) === undefined);
  const meant = nearestMatch(issue.key, absent);
  return meant === null ? [] : [pathText([...issue.path, meant])];
}

function wrongType(path: Path, value: unknown, expected: readonly string[]): string {
  const wanted = [...new Set(expected.map((type) => EXPECTED[type] ?? type))].join(' or ');
  if (value === undefined) return missing(path);
  if (value === null) return `${label(path)} is empty; ${wanted} belongs there`;
  return `${label(path)} must be ${wanted}, not ${quote(value)}`;
}

function missing(path: Path): string {
  const parent = path.slice(0, -1);
  return `${quote(String(path.at(-1)))} is missing${parent.length === 0 ? '' : ` in ${pathText(parent)}`}`;
}

/** `"cidr" in vpcs.shop`, or `steps[3]`. */
function label(path: Path): string {
  const last = path.at(-1);
  if (last === undefined) return 'the file';
  if (typeof last !== 'string') return pathText(path);
  const parent = path.slice(0, -1);
  return parent.length === 0 ? quote(last) : `${quote(last)} in ${pathText(parent)}`;
}

/**
 * The schema of the mapping at a path, of which `value` is what the file has there; undefined if none fits.
 * @param root the schema of the whole file
 */
export function objectAt(path: Path, value: unknown, root: z.ZodType = scenarioSchema): z.ZodObject | undefined {
  const candidates = objectsOf(
    path.reduce<z.ZodType[]>((schemas, step) => schemas.flatMap((s) => inside(s, step)), [root]),
  );
  return candidates.find((schema) => hasRequiredKeys(schema, value)) ?? mergeOf(candidates);
}

function inside(schema: z.ZodType, step: PropertyKey): z.ZodType[] {
  return alternativesOf(schema).flatMap((alternative) => {
    if (alternative instanceof z.ZodRecord) return [asSchema(alternative.valueType)];
    if (alternative instanceof z.ZodArray) return typeof step === 'number' ? [asSchema(alternative.element)] : [];
    const child = alternative instanceof z.ZodObject ? alternative.shape[String(step)] : undefined;
    return child === undefined ? [] : [asSchema(child)];
  });
}

function objectsOf(schemas: readonly z.ZodType[]): z.ZodObject[] {
  return schemas.flatMap(alternativesOf).filter((schema) => schema instanceof z.ZodObject);
}

function alternativesOf(schema: z.ZodType): z.ZodType[] {
  if (schema instanceof z.ZodOptional) return alternativesOf(asSchema(schema.unwrap()));
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => alternativesOf(asSchema(option)));
  return [schema];
}

/** The library types children by its core's base class, of which every one that is made here is a ZodType. */
function asSchema(schema: unknown): z.ZodType {
  if (schema instanceof z.ZodType) return schema;
  throw new TypeError('not a schema');
}

function hasRequiredKeys(schema: z.ZodObject, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(schema.shape).every(
    ([key, child]) => asSchema(child).safeParse(undefined).success || Object.hasOwn(value, key),
  );
}

/** All keys of several candidates, when the value tells none of them apart: a step without a verb. */
function mergeOf(candidates: readonly z.ZodObject[]): z.ZodObject | undefined {
  if (candidates.length <= 1) return candidates[0];
  return z.strictObject(Object.assign({}, ...candidates.map((schema) => schema.shape)));
}
