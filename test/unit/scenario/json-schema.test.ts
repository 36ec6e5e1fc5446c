import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { lessonSchema } from '../../../src/lessons/schema.js';
import { scenarioSchema } from '../../../src/scenario/schema.js';
import { jsonSchemaText } from './json-schema-text.js';

/** The schemas that are published for editors. */
const SCHEMAS = [
  {
    of: 'scenario files',
    committed: 'schema/scenario.schema.json',
    text: jsonSchemaText('scenario', scenarioSchema),
  },
  { of: 'lessons', committed: 'schema/lesson.schema.json', text: jsonSchemaText('lesson', lessonSchema) },
];

describe.each(SCHEMAS)('the JSON Schema of $of', ({ committed, text }) => {
  it('is the one that is committed', async () => {
    await expect(text).toMatchFileSnapshot(path.resolve(committed));
  });

  it('tells editors about every key, with an example', () => {
    expect(keysWithoutExample(JSON.parse(text))).toEqual([]);
  });
});

function keysWithoutExample(schema: unknown, path = ''): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const properties: [string, unknown][] = 'properties' in schema ? Object.entries(Object(schema.properties)) : [];
  const own = properties.flatMap(([key, value]) => (hasExample(value) ? [] : [`${path}.${key}`]));
  const nested = Object.entries(schema).flatMap(([key, value]) => keysWithoutExample(value, `${path}.${key}`));
  return [...own, ...nested];
}

function hasExample(schema: unknown): boolean {
  if (typeof schema !== 'object' || schema === null) return false;
  return '$ref' in schema || ('description' in schema && /Example: /.test(String(schema.description)));
}
