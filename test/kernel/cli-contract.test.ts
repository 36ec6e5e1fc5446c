/** What programs and people rely on: exit codes, one JSON document, help, errors, colours. */
import fs from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunningLab } from './support/running-lab.js';
import { SMALL } from './support/small-lab.js';
import { MAIN, type TestHost } from './support/test-host.js';

let lab: RunningLab;
let host: TestHost;
beforeAll(async () => {
  lab = await RunningLab.up(SMALL);
  host = lab.host;
});
afterAll(() => lab?.stop());

/** Stands for the lab's own file. */
const FILE = 'FILE';
const ESCAPE = '\x1b[';

describe('exit codes', () => {
  const scenario = (name: string, ...steps: object[]) => host.write(`${name}.yaml`, { ...SMALL, name, steps });
  const allowed = { probe: 'office -> web tcp/80', expect: 'connected' };

  it('0: all as expected, with one document about each step', async () => {
    const { code, stdout } = await host.sglab(['run', scenario('good', allowed), '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      scenario: 'good',
      passed: 1,
      failed: 0,
      unknown: 0,
      steps: [
        {
          name: 'office -> web tcp/80',
          outcome: 'connected',
          expected: 'connected',
          stage: null,
          rule: expect.stringMatching(/^sgr-/),
          ms: expect.any(Number),
        },
      ],
    });
  });

  it('1: an expectation failed, and the cause is named', async () => {
    const file = scenario('bad', { probe: 'office -> web tcp/22', expect: 'connected' });
    const { code, stdout } = await host.sglab(['run', file]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/timed-out +sg-ingress/);
    expect(stdout).toContain('1 failed');
  });

  it('2: bad input, with the place', async () => {
    const file = host.write('broken.yaml', { ...SMALL, name: 'broken', instances: { web: { subnet: 'nowhere' } } });
    for (const command of ['run', 'up', 'validate']) {
      const { code, stderr } = await host.sglab([command, file]);
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/broken\.yaml:1:\d+: .*nowhere/) });
    }
    expect(host.namespaces().filter((name) => name.includes('broken'))).toEqual([]);
  });

  it('3: not root', async () => {
    const readable = fs.mkdtempSync('/tmp/sglab-nobody-');
    fs.chmodSync(readable, 0o755);
    fs.copyFileSync(lab.file, `${readable}/small.yaml`);
    const asNobody = (...args: string[]) =>
      host.start('setpriv', ['--reuid=nobody', '--clear-groups', process.execPath, MAIN, ...args]).result;
    try {
      for (const args of [
        ['run', `${readable}/small.yaml`],
        ['up', `${readable}/small.yaml`],
        ['ls'],
        ['down', 'small'],
      ]) {
        const { code, stderr } = await asNobody(...args);
        expect({ args, code, stderr }).toEqual({
          args,
          code: 3,
          stderr: expect.stringMatching(/run it (with sudo|as root)/),
        });
      }
      expect(await asNobody('validate', `${readable}/small.yaml`)).toMatchObject({ code: 0 });
    } finally {
      fs.rmSync(readable, { recursive: true });
    }
  });

  it('4: could not tell, because a packet vanished where nobody reports it', async () => {
    const card = '--net=/run/netns/sglab-small-app.eth0';
    await host.run('nsenter', [card, 'ip', 'link', 'set', 'guest', 'down']);
    const { code, stdout } = await host.sglab(['probe', 'office', 'web', 'tcp/80', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'connected' });
    expect(code).toBe(0);
    const vanished = await host.sglab(['probe', 'app', 'web', 'tcp/80', '--json']);
    expect(JSON.parse(vanished.stdout)).toMatchObject({ outcome: 'unknown', stage: null, leg: null, path: [] });
    expect(vanished.code).toBe(4);
    await host.run('nsenter', [card, 'ip', 'link', 'set', 'guest', 'up']);
  });
});

it('a machine whose own firewall swallows what its group let in is silent, not denied', async () => {
  const nft = (...args: string[]) => host.sglab(['exec', 'web', '--', 'nft', ...args]);
  expect(
    await nft('add table inet own; add chain inet own in { type filter hook input priority 0; policy drop; }'),
  ).toMatchObject({ code: 0 });
  expect(await lab.probe('office -> web tcp/80')).toMatchObject({
    outcome: 'timed-out',
    stage: 'listener',
    leg: 'request',
  });
  await nft('delete table inet own');
  expect(await lab.probe('office -> web tcp/80')).toMatchObject({ outcome: 'connected' });
});

describe('--json', () => {
  it.each([
    [['status'], ['lab', 'pid', 'file', 'endpoint', 'cloud', 'drift']],
    [['env'], ['lab', 'endpoint', 'region', 'variables', 'unset']],
    [['ls'], ['labs']],
    [
      ['probe', 'office', 'web', 'tcp/80'],
      ['from', 'to', 'protocol', 'port', 'outcome', 'stage', 'leg', 'rule', 'explanationCode', 'path', 'ms'],
    ],
    [
      ['explain', 'office', 'web', 'tcp/80'],
      [
        'lab',
        'probe',
        'source',
        'destination',
        'assumed',
        'agreement',
        'model',
        'kernel',
        'stages',
        'toPass',
        'instead',
        'toStop',
        'swallowed',
        'withheld',
      ],
    ],
    [
      ['change', 'listen: { on: app, ports: tcp/7 }'],
      ['lab', 'done'],
    ],
    [['learn'], ['course', 'lessons', 'broken', 'progressFile']],
    [
      ['matrix', '--port', 'tcp/80'],
      ['names', 'questions', 'cells', 'ms'],
    ],
    [
      ['rules', 'web'],
      ['interface', 'groups', 'rules'],
    ],
    [['history'], ['lab', 'changes', 'drift']],
    [['flowlogs'], ['lab', 'records', 'noData', 'skipData']],
    [
      ['authorize', 'web', 'tcp/9', 'from', '10.0.0.0/8'],
      ['lab', 'done'],
    ],
    [
      ['revoke', 'web', 'tcp/9', 'from', '10.0.0.0/8'],
      ['lab', 'done'],
    ],
    [
      ['up', FILE],
      ['lab', 'machines', 'endpoint', 'region', 'crashLog', 'already', 'imported', 'ms'],
    ],
    [
      ['validate', FILE],
      ['valid', 'problems'],
    ],
  ])('of %j is one document, alone on stdout', async (args, keys) => {
    const words = args.map((word) => (word === FILE ? lab.file : word));
    const { code, stdout, stderr } = await host.sglab([...words, '--json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(Object.keys(JSON.parse(stdout) as object)).toEqual(keys);
  });

  it.each([
    [['probe', 'office', 'nowhere', 'tcp/80'], 'InvalidInstanceID.NotFound'],
    [['status', 'nothing'], 'NoSuchLab'],
    [['authorize', 'web', 'tcp/80', 'from', '198.51.100.10/32'], 'InvalidPermission.Duplicate'],
    [['revoke', 'web', 'tcp/1', 'from', '10.0.0.0/8'], 'InvalidPermission.NotFound'],
    [['matrix', 'nowhere', 'web'], 'InvalidInstanceID.NotFound'],
    [['probe', 'office'], 'BadUsage'],
    [['nonsense'], 'BadUsage'],
  ])('of the mistake %j is an error document', async (args, errorCode) => {
    const { code, stdout } = await host.sglab([...args, '--json']);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toEqual({
      error: { code: errorCode, message: expect.any(String), hint: expect.toSatisfy((hint) => hint !== '') },
    });
  });
});

describe('help', () => {
  it('of every command has an example', async () => {
    const { stdout } = await host.sglab(['--help']);
    const commands = [...stdout.matchAll(/^ {2}([a-z]+) /gm)].map(([, command]) => command ?? '');
    expect(commands).toEqual(expect.arrayContaining(['run', 'up', 'down', 'exec', 'probe', 'matrix', 'doctor']));
    const helped = await Promise.all(
      commands.filter((command) => command !== 'help').map((command) => host.sglab([command, '--help'])),
    );
    for (const { code, stdout: help } of helped) {
      expect(code).toBe(0);
      expect(help).toMatch(/Example:\n {2}\$ (sudo )?sglab /);
    }
  });

  it('is offered for a word that is almost a command', async () => {
    const { code, stderr } = await host.sglab(['prob']);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('Did you mean probe?') });
  });
});

describe('colour', () => {
  it('is not written into a pipe, nor where NO_COLOR is set', async () => {
    for (const args of [['matrix'], ['status'], ['probe', 'office', 'web', 'tcp/80'], ['rules', 'web'], ['--help']]) {
      const { stdout, stderr } = await host.sglab(args);
      expect(stdout + stderr).not.toContain(ESCAPE);
    }
    const forced = await host.sglab(['matrix'], { env: { FORCE_COLOR: '1' } });
    expect(forced.stdout).toContain(ESCAPE);
    const refused = await host.sglab(['matrix'], { env: { FORCE_COLOR: '1', NO_COLOR: '1' } });
    expect(refused.stdout).not.toContain(ESCAPE);
  });
});
