import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadScenario } from '../../../src/import/load.js';
import { parseScenario } from '../../../src/scenario/parse-scenario.js';
import { DefinitionError } from '../../../src/source/problems.js';
import { bareFile, problemsOf } from './files.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sglab-scenario-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('a file that is no scenario', () => {
  it.each<[string, string | Uint8Array, string]>([
    ['empty', '', 'the file is empty. A scenario has at least `name` and `vpcs`; see scenarios/ for examples.'],
    [
      'comments only',
      '# nothing\n',
      'the file is empty. A scenario has at least `name` and `vpcs`; see scenarios/ for examples.',
    ],
    ['Latin-1', Uint8Array.from([0x6e, 0x3a, 0x20, 0xe4]), 'the file is not UTF-8 text'],
    ['binary', Uint8Array.from([0x7f, 0x45, 0x4c, 0x46, 0, 0]), 'the file is not text: it has NUL characters'],
    ['huge', '#'.repeat(5 * 1024 * 1024), 'the file is larger than 4 MiB'],
  ])('%s', async (name, content, message) => {
    const path = join(folder, `${name}.yaml`);
    await writeFile(path, content);
    await expect(loadScenario(path)).rejects.toMatchObject({ message: `${path}: ${message}`, exitCode: 2 });
  });

  it('a missing file, a directory, a device', async () => {
    const missing = join(folder, 'nope\u001b[31m.yaml');
    await expect(loadScenario(missing)).rejects.toMatchObject({
      message: `${missing.replace('\u001b', '\\u001b')}: there is no such file`,
      exitCode: 2,
    });
    await expect(loadScenario(folder)).rejects.toMatchObject({
      message: `${folder}: this is a directory. Name a file in it.`,
    });
    await expect(loadScenario('/dev/zero')).rejects.toMatchObject({
      message: '/dev/zero: this is a device, not a file. Write its content to a file, and name that.',
    });
  });

  it('a good one is loaded', async () => {
    const path = join(folder, 'good.yaml');
    await writeFile(path, bareFile('description: A file\n'));
    await expect(loadScenario(path)).resolves.toMatchObject({ name: 'x', description: 'A file', steps: [] });
  });
});

const BOMB = [
  'a: &a [x, x, x, x, x, x, x, x, x]',
  ...[...'bcdefghi'].map((key, i) => `${key}: &${key} [${Array(9).fill(`*${'abcdefgh'[i]}`).join(', ')}]`),
];

describe('YAML', () => {
  it.each([
    ['name: x\nname: y', '2:1: this key appears twice'],
    [
      'name: x\n---\nname: y',
      '2:1: the file holds several documents; write one scenario per file, without a second "---"',
    ],
    ['{ a: 1 }: x', '1:1: a key must be a word'],
    ['name: [x', '1:7: this "[" is not closed'],
    ['name: "x', '1:7: this quotation mark has no second one'],
    ['\tname: x', '1:1: this line is indented with a tab. YAML takes spaces only.'],
    ['name: x\nvpcs\n  v: {}\nx: 1', '2:1: "vpcs" is no "key: value"; is a colon missing after "vpcs"?'],
    [
      'name: x\nvpcs:\n  v:\n    cidr 10.0.0.0/16\n    a: 1\n    b: 2',
      '4:5: "cidr 10.0.0.0/16" is no "key: value"; is a colon missing after "cidr"?',
    ],
    ['name:x\nvpcs: {}', '1:1: there is no space after "name:"'],
    [
      'a:\n  b: 1\n c: 2\n d: 3',
      '3:1: this line is indented unlike those above. Keys of one mapping, and items of one list, begin in the same column.',
    ],
    [
      'a: b: c\nd: [1',
      '1:4: a value on this line looks like a key of its own. Put a text with ": " in quotes, and each key on a line of its own.',
    ],
    [
      'steps:\n  - { probe: a, expect: b\n  - { probe: a }\n  - { probe: a }',
      '2:5: this "{" is not closed. Close it before line 3.',
    ],
    [
      'a: 1\n- b',
      '2:1: an item of a list stands where a key belongs. Keys of one mapping, and items of one list, begin in the same column.',
    ],
    ['a: @b', '1:4: a text cannot begin with "@". Put it in quotes.'],
    ['a: 1\n}', '2:1: "}" closes nothing'],
    ['name: !!js/function x', expect.stringMatching(/^1:7: Unresolved tag/)],
    ['name: *x', '1:7: the alias "*x" has no anchor before it. Write "&x" there first.'],
    ['name: &a { x: *a }', '1:15: the alias "*a" stands for something that it is part of. Write out what is meant.'],
    [`name: x\nvpcs: &v\n  a: { cidr: *v }`, expect.stringMatching(/^3:14: the alias "\*v" stands for something/)],
    [
      ['name: x', ...Array.from({ length: 50_000 }, (_, i) => `a${i}: &a${i} {}`)].join('\n'),
      expect.stringMatching(/^1002:\d+: the file has more than 1000 anchors and aliases; `count: 10` makes ten/),
    ],
    [
      ['name: &n x', ...Array.from({ length: 50_000 }, (_, i) => `a${i}: *n`)].join('\n'),
      expect.stringMatching(/^1001:\d+: the file has more than 1000 anchors and aliases/),
    ],
    [
      `name: x\nvpcs: {}\ninstances: [${'a, '.repeat(1000)}b]`,
      expect.stringMatching(/^3:12: "instances" must be a mapping, not .{60}…$/),
    ],
    [
      bareFile('instances: { w: { subnet: a, count: 1e999 } }'),
      expect.stringMatching(/must be a whole number, not Infinity/),
    ],
    [`name: x\nvpcs: { v: {}, "v": {} }`, '2:16: this key appears twice'],
    [
      BOMB.join('\n'),
      expect.stringMatching(/^6:\d+: the aliases up to here stand for more than 100000 values\. Write fewer/),
    ],
    ['just text', '1:1: the file must be a mapping, not "just text"'],
    ['[1]', '1:1: the file must be a mapping, not [1]'],
  ])('%#', (text, expected) => {
    expect(problemsOf(text)[0]).toEqual(expected);
  });

  it.each([
    ['lists', '['.repeat(10_000) + ']'.repeat(10_000)],
    ['lists that do not end', '['.repeat(10_000)],
    ['lists in block style', `${'- '.repeat(10_000)}x`],
    ['mappings', '{ a: '.repeat(10_000) + '}'.repeat(10_000)],
    ['mappings as keys', `${'? '.repeat(10_000)}x`],
  ])('is refused when nested too deeply: %s', (_what, text) => {
    expect(problemsOf(text)).toEqual([expect.stringMatching(/^1:\d+: the file is nested too deeply$/)]);
  });

  it('a problem carries its place, path and value for programs', () => {
    const read = () => parseScenario(bareFile('quotas: { rulesPerGroup: many }'), 'x.yaml');
    expect(read).toThrow(DefinitionError);
    expect(read).toThrow(
      expect.objectContaining({
        exitCode: 2,
        code: 'InvalidDefinition',
        problems: [
          expect.objectContaining({ file: 'x.yaml', line: 3, column: 26, path: 'quotas.rulesPerGroup', value: 'many' }),
        ],
      }),
    );
  });

  it('anchors may be used with measure', () => {
    expect(
      problemsOf(
        bareFile('securityGroups: { web: { ingress: &r [{ protocol: all, from: web }] }, db: { ingress: *r } }'),
      ),
    ).toEqual([]);
  });
});
