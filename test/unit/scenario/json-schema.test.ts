import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { lessonJsonSchema } from '../../../src/lessons/json-schema.js';
import { scenarioJsonSchema } from '../../../src/scenario/json-schema.js';

/** `SGLAB_UPDATE=1 npx vitest run test/unit/scenario/json-schema.test.ts` writes them anew. */
const SCHEMAS = [
  { of: 'scenario files', committed: 'schema/scenario.schema.json', text: scenarioJsonSchema() },
  { of: 'lessons', committed: 'schema/lesson.schema.json', text: lessonJsonSchema() },
];

describe.each(SCHEMAS)('the JSON Schema of $of', ({ committed, text }) => {
  it('is the one that is committed', async () => {
    if (process.env.SGLAB_UPDATE === '1') {
      const { mkdirSync, writeFileSync } = await import('node:fs');
      mkdirSync('schema', { recursive: true });
      writeFileSync(committed, text);
    }
    expect(readFileSync(committed, 'utf8')).toBe(text);
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
