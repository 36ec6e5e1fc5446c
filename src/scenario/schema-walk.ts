import { z } from 'zod';
import type { Path } from '../source/tree.js';
import { scenarioSchema } from './schema.js';

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
