import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bareFile, list, marked } from '../unit/scenario/files.js';
import { TestHost } from './support/test-host.js';

/** Name, file with the mark § where the problem is, the value that stands there, what is said, and the remedy. */
type Case = readonly [name: string, text: string, value: unknown, message: RegExp, hint: RegExp];

const rules = (text: string) => bareFile(`securityGroups: { web: { ingress: [${text}] } }`);
const machine = (key: string) => bareFile(`instances: { §${key}: { subnet: a } }`);
const groups = list(6, (i) => `g${i}: {}`);
const sixNames = Array.from({ length: 6 }, (_, i) => `g${i}`);
const sixty = list(60, (i) => `{ protocol: tcp, ports: ${i}, from: 10.0.0.0/8 }`);
const sixtyFirst = { protocol: 'tcp', ports: 99, from: '10.0.0.0/8' };
const allFromWeb = { protocol: 'all', from: 'web' };
const noName = (said: string) => new RegExp(`^"${said}" cannot be the name of `);
const NAME_FORM = /letters, digits and hyphens/;

const CASES: readonly Case[] = [
  ['an unknown key', 'name: x\nvpcs: {}\n§instance: {}', {}, /^unknown key "instance"/, /did you mean "instances"/],
  ['an unknown key in a rule', rules('{ protocol: all, from: web, §port: 1 }'), 1, /^unknown key "port"/, /"ports"/],
  ['a wrong type', bareFile('instances: { w: { subnet: a, count: §many } }'), 'many', /must be a whole number/, /^$/],
  ['a mapping as a list', bareFile('instances: §[w]'), ['w'], /^"instances" must be a mapping/, /^$/],
  [
    'an unknown stage',
    bareFile('steps: [{ probe: a -> b icmp, expect: timed-out, at: §sg }]'),
    'sg',
    /cannot be "sg"/,
    /sg-/,
  ],
  ['a block that is none', rules('{ protocol: all, from: §10.0.0.0/33 }'), '10.0.0.0/33', /is malformed/, /is 0 to 32/],
  ['an address of 256', rules('{ protocol: all, from: §10.0.0.256/32 }'), '10.0.0.256/32', /10\.0\.0\.256/, /./],
  ['a VPC too large', 'name: x\nvpcs: { v: { cidr: §10.0.0.0/8 } }', '10.0.0.0/8', /is invalid/, /\/16 to \/28/],
  [
    'a port beyond 65535',
    rules('{ protocol: tcp, ports: §65536, from: web }'),
    65536,
    /\(65536\) out of range/,
    /0 to 65535/,
  ],
  [
    'a listener beyond 65535',
    bareFile('instances: { w: { subnet: a, listen: §tcp/65536 } }'),
    'tcp/65536',
    /listened on/,
    /tcp\/443/,
  ],
  [
    'a group of another VPC',
    `name: x\nvpcs: { v: { cidr: 10.0.0.0/16 }, w: { cidr: 10.1.0.0/16 } }
securityGroups: { g: { vpc: v }, h: { vpc: w, ingress: { protocol: all, from: §g } } }`,
    'g',
    /different networks/,
    /different VPCs/,
  ],
  [
    'an interface with a group of another VPC',
    `name: x\nvpcs: { v: { cidr: 10.0.0.0/16, subnets: { a: { cidr: 10.0.1.0/24 } } }, w: { cidr: 10.1.0.0/16 } }
securityGroups: { far: { vpc: w } }\ninstances: { i: { subnet: a, securityGroups: §far } }`,
    'far',
    /different networks/,
    /./,
  ],
  [
    '61 rules',
    rules(`${sixty}, §${JSON.stringify(sixtyFirst)}`),
    sixtyFirst,
    /61 IPv4 inbound rules of 60|maximum number of rules/,
    /./,
  ],
  [
    '6 groups on an interface',
    bareFile(`securityGroups: { ${groups} }\ninstances: { w: { subnet: a, securityGroups: §[${sixNames}] } }`),
    sixNames,
    /maximum number of security groups per interface/,
    /at most 5/,
  ],
  [
    'a rule twice',
    rules(`{ protocol: -1, from: web }, §${JSON.stringify(allFromWeb)}`),
    allFromWeb,
    /already exists/,
    /Leave it out/,
  ],
  [
    'a deny rule',
    rules('{ protocol: all, from: web, §action: deny }'),
    'deny',
    /no deny rules/,
    /Remove the rule that allows/,
  ],
  ['a rate limit', rules('{ protocol: all, from: web, §rateLimit: 100 }'), 100, /no rate limit/, /Remove it/],
  ['a name that leads elsewhere', machine('../x'), { subnet: 'a' }, noName('\\.\\./x'), NAME_FORM],
  ['a name with a command in it', machine('a;reboot'), { subnet: 'a' }, noName('a;reboot'), NAME_FORM],
  ['a name of 300 characters', machine('x'.repeat(300)), { subnet: 'a' }, noName('x{60}…'), NAME_FORM],
  [
    'a name with control characters',
    machine('"\\e[2J\\x07"'),
    { subnet: 'a' },
    noName('\\\\u001b\\[2J\\\\u0007'),
    NAME_FORM,
  ],
  [
    'a lab whose name leads elsewhere',
    'name: §../../etc\nvpcs: {}',
    '../../etc',
    noName('\\.\\./\\.\\./etc'),
    NAME_FORM,
  ],
  [
    'a host with a command in its name',
    bareFile('internet: { §$(id): 198.51.100.1 }'),
    '198.51.100.1',
    noName('\\$\\(id\\)'),
    NAME_FORM,
  ],
  [
    'a subnet with a line break in its name',
    'name: x\nvpcs: { v: { cidr: 10.0.0.0/16, subnets: { §"a\\nb": { cidr: 10.0.1.0/24 } } } }',
    { cidr: '10.0.1.0/24' },
    noName('a\\\\nb'),
    NAME_FORM,
  ],
];

interface ValidateDocument {
  readonly valid: readonly unknown[];
  readonly problems: readonly {
    readonly file: string;
    readonly line: number | null;
    readonly column: number | null;
    readonly value: unknown;
    readonly message: string;
    readonly hint: string | null;
  }[];
}

let host: TestHost;

beforeAll(async () => {
  host = await TestHost.start();
});

afterAll(() => host.stop());

/** They would reach the terminal. */
function hasControlCharacters(text: string): boolean {
  return /\p{Cc}/u.test(text.replaceAll('\n', ''));
}

function expectNothingMade(): void {
  expect(host.namespaces()).toEqual([]);
  expect(fs.existsSync(host.runDirectory)).toBe(false);
}

describe.each(CASES)('%s', (name, textWithMark, value, message, hint) => {
  it('is refused by validate and by run, with its place, its value and the remedy', async () => {
    const { text, place } = marked(textWithMark);
    const file = path.join(host.directory, `${name.replaceAll(/[^a-z0-9]/g, '-')}.yaml`);
    fs.writeFileSync(file, text);
    const [validate, run] = await Promise.all([host.sglab(['validate', file, '--json']), host.sglab(['run', file])]);

    expect(validate.code).toBe(2);
    const { valid, problems } = JSON.parse(validate.stdout) as ValidateDocument;
    expect(valid).toEqual([]);
    const [problem, ...more] = problems;
    expect(more).toEqual([]);
    expect(problem).toMatchObject({ file, message: expect.stringMatching(message), value });
    expect(`${problem?.line}:${problem?.column}`).toBe(place);
    expect(problem?.hint ?? '').toMatch(hint);

    expect(run.code).toBe(2);
    expect(run.stdout).toBe('');
    expect(run.stderr).toContain(`${file}:${place}: ${problem?.message.replace(/\.$/, '')}`);
    expect(hasControlCharacters(run.stderr)).toBe(false);
    expectNothingMade();
  });
});

describe('a hostile name on the command line', () => {
  const file = path.resolve('scenarios/securecart-web.yaml');

  it.each([['../x'], ['a;reboot'], ['x'.repeat(300)], ['\x1b[2J\n'], ['']])('%j', async (name) => {
    const runs = [
      ['run', file, '--lab', name],
      ['up', file, '--lab', name],
      ['down', '--', name],
      ['exec', `${name}/web-1`, 'true'],
    ];
    for (const { code, stdout, stderr } of await Promise.all(runs.map((args) => host.sglab(args)))) {
      expect(code).toBe(2);
      expect(stdout).toBe('');
      expect(hasControlCharacters(stderr)).toBe(false);
    }
    expectNothingMade();
  });
});

it('what AWS allows in the name and description of a group reaches the kernel as text only', async () => {
  const name = 'a;reboot {} $(id) #*';
  const description = '} ; flush ruleset ; {';
  const host1 = '198.51.100.1';
  const definition = {
    name: 'legal',
    vpcs: { v: { cidr: '10.0.0.0/16', internetGateway: true, subnets: { a: { cidr: '10.0.1.0/24', public: true } } } },
    securityGroups: {
      [name]: {
        ingress: [
          { protocol: 'tcp', ports: 80, from: `${host1}/32`, description },
          { protocol: 'tcp', ports: 22, from: name },
        ],
      },
    },
    instances: { w: { subnet: 'a', securityGroups: name, publicIp: true, listen: ['tcp/80', 'tcp/22'], count: 2 } },
    internet: { one: host1, two: '198.51.100.2' },
    steps: [
      { probe: 'one -> w-1 tcp/80', expect: 'connected', rule: description },
      { probe: 'two -> w-1 tcp/80', expect: 'timed-out', at: 'sg-ingress' },
      { probe: 'w-1 -> w-2 tcp/22', expect: 'connected' },
    ],
  };
  const { code, stderr } = await host.sglab(['run', host.write('legal.yaml', definition)]);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expectNothingMade();
});
