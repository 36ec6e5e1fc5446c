/** What an editor that knows only the published schemas says of a file. */
import fs from 'node:fs';
import path from 'node:path';
import { Ajv2020, type AnySchemaObject } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { bareFile, problemsOf } from './files.js';

const schemaOf = (kind: string) => JSON.parse(fs.readFileSync(`schema/${kind}.schema.json`, 'utf8')) as AnySchemaObject;

const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true, strictTypes: false, strictRequired: false });
const isScenario = ajv.compile(schemaOf('scenario'));
const isLesson = ajv.compile(schemaOf('lesson'));

const read = (file: string): unknown => parse(fs.readFileSync(file, 'utf8'), { merge: true });

/** `/steps/0/expect must be equal to one of the allowed values` */
function errorsOf(text: string): string[] {
  isScenario(parse(text, { merge: true }));
  return (isScenario.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

const FILES = ['scenarios', 'scenarios/conformance'].flatMap((directory) =>
  fs.readdirSync(directory).flatMap((file) => (file.endsWith('.yaml') ? [path.join(directory, file)] : [])),
);

describe('the published schemas', () => {
  it('accept every scenario that is shipped', () => {
    const refused = FILES.filter((file) => !isScenario(read(file)));
    expect(refused.map((file) => [file, isScenario(read(file)), isScenario.errors])).toEqual([]);
  });

  it('accept every lesson that is shipped, and its lab', () => {
    const folders = fs.readdirSync('scenarios/lessons').map((name) => path.join('scenarios/lessons', name));
    const lessons = folders.filter((folder) => fs.existsSync(path.join(folder, 'lesson.yaml')));
    expect(lessons.length).toBeGreaterThanOrEqual(13);
    for (const folder of lessons) {
      expect([folder, isLesson(read(path.join(folder, 'lesson.yaml'))), isLesson.errors]).toEqual([folder, true, null]);
      expect([folder, isScenario(read(path.join(folder, 'lab.yaml'))), isScenario.errors]).toEqual([
        folder,
        true,
        null,
      ]);
    }
  });

  it.each(['scenario', 'lesson'])('of a %s: has an id, defaults, and examples that it accepts itself', (kind) => {
    const schema = schemaOf(kind);
    expect(schema.$id).toBe(`urn:sglab:${kind}`);
    const found = { examples: 0, defaults: 0 };
    const wrong: unknown[] = [];
    for (const { pointer, part } of partsWithValues(schema, '')) {
      const { examples = [], default: ownDefault } = part;
      const isPart = ajv.compile({ $ref: `urn:sglab:${kind}#${pointer}` });
      const values: unknown[] = ownDefault === undefined ? examples : [...examples, ownDefault];
      for (const value of values) if (!isPart(value)) wrong.push([pointer, value, isPart.errors]);
      found.examples += examples.length;
      if (ownDefault !== undefined) found.defaults++;
    }
    expect(wrong).toEqual([]);
    expect(found.examples).toBeGreaterThan(50);
    expect(found.defaults).toBeGreaterThanOrEqual(kind === 'scenario' ? 10 : 0);
  });

  it('say one thing of one mistake, as sglab does', () => {
    const wrong = MISTAKES.map(([text, error]) => ({
      text,
      errors: errorsOf(text),
      said: problemsOf(text).length,
      error,
    }));
    expect(wrong).toEqual(MISTAKES.map(([text, error]) => ({ text, errors: [error], said: 1, error })));
  });
});

const step = (text: string) => bareFile(`instances: { a: { subnet: a }, b: { subnet: a } }\nsteps: [{ ${text} }]`);
const rule = (text: string) => bareFile(`securityGroups: { g: { ingress: ${text} } }`);
const machine = (text: string) => bareFile(`instances: { w: { subnet: a, ${text} } }`);
const MATCH = expect.stringContaining('must match pattern');

/** Each file with the one error that a validator has for it. */
const MISTAKES: readonly (readonly [text: string, error: unknown])[] = [
  [step('probe: a -> b tcp/22, expect: conected'), '/steps/0/expect must be equal to one of the allowed values'],
  [step('probe: a -> b tcp/22'), "/steps/0 must have required property 'expect'"],
  [step('probe: a => b tcp/22, expect: connected'), MATCH],
  [step('probe: a -> b tcp/65536, expect: connected'), MATCH],
  [step('probe: a -> b tcq/22, expect: connected'), MATCH],
  [step('probe: [a -> b tcp/22, a b tcp/22], expect: connected'), MATCH],
  [step('prob: a -> b tcp/22, expect: connected'), '/steps/0 must NOT be valid'],
  [step('advance: soon'), MATCH],
  [step('matrix: { allow: a -> b }'), MATCH],
  [rule('{ protocol: tpc, ports: 22, from: 10.0.0.0/8 }'), MATCH],
  [rule('{ protocol: 256, ports: 22, from: 10.0.0.0/8 }'), '/securityGroups/g/ingress/protocol must be <= 255'],
  [rule('{ protocol: tcp, ports: 65536, from: 10.0.0.0/8 }'), '/securityGroups/g/ingress/ports must be <= 65535'],
  [rule('[{ protocol: tcp, ports: 22-70000, from: 10.0.0.0/8 }]'), MATCH],
  [rule('{ protocol: tcp, ports: 22, from: 10.0.0.0/33 }'), MATCH],
  [rule('{ protocol: tcp, ports: 22, from: [10.0.0.0/8, 10.0.0.256/32] }'), MATCH],
  [
    rule('{ protocol: tcp, port: 22, ports: 22, from: 10.0.0.0/8 }'),
    '/securityGroups/g/ingress must NOT have additional properties',
  ],
  [machine('listen: tcp/0x50'), MATCH],
  [machine('privateIp: 10.0.1.256'), MATCH],
  [machine('count: many'), '/instances/w/count must be integer'],
  ['name: x\nvpcs: { v: { cidr: 10.0.0.0 } }', MATCH],
  ['name: X\nvpcs: { v: { cidr: 10.0.0.0/16 } }', MATCH],
  [
    'name: x\nvpcs: { v: { cidr: 10.0.0.0/16, subnets: { a: { cidr: 10.0.1.0/24, public: 1 } } } }',
    '/vpcs/v/subnets/a/public must be boolean',
  ],
];

interface Part {
  readonly pointer: string;
  readonly part: { readonly examples?: unknown[]; readonly default?: unknown };
}

/** The parts of a schema that have examples or a default, with the way to each. */
function partsWithValues(value: unknown, pointer: string): Part[] {
  if (typeof value !== 'object' || value === null) return [];
  const own =
    !Array.isArray(value) && ('examples' in value || 'default' in value)
      ? [{ pointer, part: value as Part['part'] }]
      : [];
  const inner = Object.entries(value).flatMap(([key, each]) =>
    key === 'examples' || key === 'default' ? [] : partsWithValues(each, `${pointer}/${key}`),
  );
  return [...own, ...inner];
}
