import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadScenario } from '../../../src/import/load.js';

let directory: string;

beforeAll(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sglab-include-'));
  fs.mkdirSync(path.join(directory, 'common'));
});

afterAll(() => fs.rmSync(directory, { recursive: true }));

const write = (file: string, text: string) => fs.writeFileSync(path.join(directory, file), text);

/** The lines of the error, without the directory. */
async function problemsOf(file: string): Promise<string[]> {
  const error = await loadScenario(path.join(directory, file)).then(
    () => null,
    (reason: Error) => reason,
  );
  return (error?.message ?? '').replaceAll(`${directory}/`, '').split('\n');
}

const NETWORK = `vpcs: { v: { cidr: 10.0.0.0/16, subnets: { a: { cidr: 10.0.1.0/24 } } } }
x-server: &server { subnet: a }
instances:
  db: { <<: *server, listen: tcp/5432 }
steps:
  - { probe: db -> db tcp/5432, expect: connected }
`;

const MAIN = `name: main
include: common/network.yaml
instances:
  web: { subnet: a }
steps:
  - { probe: web -> db tcp/5432, expect: timed-out }
`;

describe('include', () => {
  it('takes sections, names and steps from other files, relative to each', async () => {
    write('common/network.yaml', NETWORK);
    write('common/all.yaml', 'name: part\ninclude: [network.yaml]\n');
    write('main.yaml', MAIN.replace('common/network.yaml', '[common/all.yaml, ./common/network.yaml]'));
    const { name, cloud, steps } = await loadScenario(path.join(directory, 'main.yaml'));
    expect(name).toBe('main');
    expect(Object.values(cloud.instances).map((instance) => instance.name)).toEqual(['db', 'web']);
    expect(steps.map(({ file, line }) => [path.relative(directory, file ?? ''), line])).toEqual([
      ['common/network.yaml', 6],
      ['main.yaml', 6],
    ]);
  });

  it.each([
    [
      'a key',
      NETWORK.replace('listen', 'lissen'),
      MAIN,
      ['common/network.yaml:4:22: unknown key "lissen" in instances.db; did you mean "listen"?'],
    ],
    [
      'a value behind an anchor',
      NETWORK.replace('subnet: a }', 'subnet: b }'),
      MAIN,
      [expect.stringMatching(/^common\/network\.yaml:2:29: there is no subnet "b"/)],
    ],
    [
      'the syntax',
      NETWORK.replace('subnet: a }', 'subnet: a'),
      MAIN,
      [expect.stringMatching(/^common\/network\.yaml:2:19: this "\{" is not closed/)],
    ],
    [
      'a step',
      NETWORK.replace('db -> db', 'db -> dc'),
      MAIN,
      [expect.stringMatching(/^common\/network\.yaml:6:14: there is no machine dc/)],
    ],
    [
      'the including file',
      NETWORK,
      MAIN.replace('subnet: a', 'subnet: c'),
      [expect.stringMatching(/^main\.yaml:4:18: /)],
    ],
    [
      'a name that both have',
      NETWORK,
      MAIN.replace('web:', 'db:'),
      ['main.yaml:4:3: instances.db stands in two files. The other is at common/network.yaml:4.'],
    ],
    [
      'a file that is not there',
      NETWORK,
      MAIN.replace('common/', 'comon/'),
      ['main.yaml:2:10: cannot include "comon/network.yaml": there is no such file'],
    ],
    [
      'an absolute path',
      NETWORK,
      MAIN.replace('common/', '/common/'),
      ['main.yaml:2:10: cannot include "/common/network.yaml": write it relative to this file'],
    ],
    [
      'a circle',
      `include: ../main.yaml\n${NETWORK}`,
      MAIN,
      ['common/network.yaml:1:10: cannot include "../main.yaml": it includes this file, directly or through others'],
    ],
    [
      'itself',
      NETWORK,
      MAIN.replace('common/network', 'main'),
      ['main.yaml:2:10: cannot include "main.yaml": it is this file'],
    ],
    [
      'another kind of file',
      '{"SecurityGroups": []}',
      MAIN,
      ['main.yaml:2:10: cannot include "common/network.yaml": it is no scenario file; `sglab import` makes one of it.'],
    ],
    [
      'no file name',
      NETWORK,
      MAIN.replace('common/network.yaml', '[5]'),
      ['main.yaml:2:11: cannot include 5: this names no file'],
    ],
  ])('a mistake in %s is placed where it is', async (_, network, main, expected) => {
    write('common/network.yaml', network);
    write('main.yaml', main);
    const problems = await problemsOf('main.yaml');
    expect(problems.slice(0, expected.length)).toEqual(expected);
  });
});
