import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { scenarioJsonSchema } from '../../../src/scenario/json-schema.js';

/** `SGLAB_UPDATE=1 npx vitest run test/unit/scenario/json-schema.test.ts` writes it anew. */
const COMMITTED = 'schema/scenario.schema.json';

describe('the JSON Schema of scenario files', () => {
  it('is the one that is committed', async () => {
    if (process.env.SGLAB_UPDATE === '1') {
      const { mkdirSync, writeFileSync } = await import('node:fs');
      mkdirSync('schema', { recursive: true });
      writeFileSync(COMMITTED, scenarioJsonSchema());
    }
    expect(readFileSync(COMMITTED, 'utf8')).toBe(scenarioJsonSchema());
  });

  it('tells editors about every key, with an example', () => {
    expect(keysWithoutExample(JSON.parse(scenarioJsonSchema()))).toEqual([]);
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
