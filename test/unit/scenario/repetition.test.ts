/** What spares repetition: merge keys, `x-…`, sets of ports, `count`, lists and patterns of probes, the matrix. */
import { describe, expect, it } from 'vitest';
import { listenerText } from '../../../src/cloud/instances/listener.js';
import { ruleText } from '../../../src/cloud/text/rule.js';
import { parseScenario } from '../../../src/scenario/parse-scenario.js';
import { bareFile, expectOneProblem, problemsOf } from './files.js';

const cloudOf = (rest: string) => parseScenario(bareFile(rest), 'x.yaml').cloud;
const stepsOf = (rest: string) => parseScenario(bareFile(rest), 'x.yaml').steps;
const machines = (rest: string) => Object.values(cloudOf(rest).instances).map(({ name }) => name);

const PAIR = 'instances: { web: { subnet: a, count: 2, listen: tcp/80 }, db: { subnet: a, listen: tcp/5432 } }\n';

describe('merge keys and x- keys', () => {
  it('an entry has what it merges and does not say itself', () => {
    const { instances } = cloudOf(`x-server: &server { subnet: a, listen: [tcp/80], nitro: v6 }
x-small: &small { connectionAllowance: 4, listen: [tcp/81] }
instances:
  one: { <<: *server }
  two: { listen: [tcp/82], <<: [*small, *server] }
`);
    expect(
      Object.values(instances).map(({ name, listen, connectionAllowance }) => [
        name,
        listen.map(listenerText),
        connectionAllowance,
      ]),
    ).toEqual([
      ['one', ['tcp/80'], null],
      ['two', ['tcp/82'], 4],
    ]);
  });

  it.each([
    [
      'x-s: &s { subnet: a, §colour: red }\ninstances: { w: { <<: *s } }',
      /^unknown key "colour" in instances\.w; valid/,
    ],
    [
      'x-s: &s { subnet: §b }\ninstances: { w: { listen: tcp/80, <<: *s } }',
      /^The subnet 'b' does not exist|^there is no subnet/i,
    ],
    [
      'x-s: &s [a]\ninstances: { w: { <<: §*s } }',
      '`<<` merges mappings only. Write `<<: *name`, or `<<: [*one, *other]`, where `&name` stands at a mapping.',
    ],
    ['instances: { w: { <<: §5, subnet: a } }', /^`<<` merges mappings only/],
    ['instances: { w: { <<: §*nobody, subnet: a } }', /^the alias "\*nobody" has no anchor before it/],
  ])('%#: %s', (rest, message) => expectOneProblem(bareFile(rest), message));
});

describe('count', () => {
  it('numbers hosts, subnets and addresses', () => {
    const { externalHosts, instances, networkInterfaces, subnets } = parseScenario(
      `name: x
vpcs: { v: { cidr: 10.0.0.0/16, internetGateway: true, subnets: { a: { count: 2, cidr: "10.0.{n}.0/24" } } } }
instances: { w: { count: 2, subnet: "a-{n}", privateIp: "10.0.{n}.{n+9}" } }
internet: { o: { count: 2, addresses: "198.51.100.{n}" } }
`,
      'x.yaml',
    ).cloud;
    expect(Object.values(subnets).map(({ name, cidr }) => `${name} ${cidr}`)).toEqual([
      'a-1 10.0.1.0/24',
      'a-2 10.0.2.0/24',
    ]);
    expect(Object.values(networkInterfaces).flatMap((eni) => eni.privateIpAddresses)).toEqual([
      '10.0.1.10',
      '10.0.2.11',
    ]);
    expect(Object.values(instances).map(({ name }) => name)).toEqual(['w-1', 'w-2']);
    expect(Object.values(externalHosts).map(({ name, addresses }) => `${name} ${addresses}`)).toEqual([
      'o-1 198.51.100.1',
      'o-2 198.51.100.2',
    ]);
  });

  it.each([
    [
      'instances: { w: { subnet: a, count: §3, privateIp: 10.0.1.10 } }',
      /^3 instances cannot all have 10\.0\.1\.10\. Leave the address out, or number it/,
    ],
    ['internet: { o: { count: 2, addresses: §"198.51.100.{m}" } }', /198\.51\.100\.\{m\}/],
    [
      'internet: { o: { count: §no, addresses: 198.51.100.1 } }',
      /"count" in internet\.o must be a whole number, not "no"/,
    ],
  ])('%#: %s', (rest, message) => expectOneProblem(bareFile(rest), message));

  it('a balancer takes all targets whose names begin alike', () => {
    const { instances } = cloudOf(
      `${PAIR}loadBalancers: { lb: { type: network, subnet: a, listeners: [{ port: 80, targets: web-* }] } }`,
    );
    const balancer = Object.values(instances).find(({ name }) => name === 'lb');
    expect(balancer?.forwarding?.ports.map(({ targetIds }) => targetIds.length)).toEqual([2]);
    expectOneProblem(
      bareFile(
        `${PAIR}loadBalancers: { lb: { type: network, subnet: a, listeners: [{ port: 80, targets: §wep-* }] } }`,
      ),
      'no machine is called "wep-*"',
    );
  });
});

describe('sets of ports', () => {
  const SETS = 'portSets: { web: [80, 443], db: 5432 }\n';

  it('stand wherever ports are written', () => {
    const { cloud, steps } = parseScenario(
      bareFile(`${SETS}securityGroups: { g: { ingress: { protocol: tcp, ports: [web, 22, db], from: 0.0.0.0/0 } } }
instances: { w: { subnet: a, securityGroups: g, listen: [tcp/web, udp/db] } }
internet: { o: 198.51.100.1 }
steps: [{ probe: o -> w tcp/web, expect: connected }, { authorize: { group: g, ingress: { protocol: udp, ports: db, from: g } } }]
`),
      'x.yaml',
    );
    const group = Object.values(cloud.securityGroups).find(({ name }) => name === 'g');
    expect(
      group?.rules.filter(({ direction }) => direction === 'ingress').map((rule) => ruleText(cloud, rule)),
    ).toEqual(['tcp/80 from 0.0.0.0/0', 'tcp/443 from 0.0.0.0/0', 'tcp/22 from 0.0.0.0/0', 'tcp/5432 from 0.0.0.0/0']);
    expect(Object.values(cloud.instances)[0]?.listen.map(listenerText)).toEqual(['tcp/80', 'tcp/443', 'udp/5432']);
    expect(steps.map(({ name }) => name)).toEqual(['o -> w tcp/80,443', expect.stringContaining('udp/5432 from g')]);
  });

  it.each([
    [
      `${SETS}securityGroups: { g: { ingress: { protocol: tcp, ports: [web, 22, §dd], from: 0.0.0.0/0 } } }`,
      /^"dd" is not a port/,
    ],
    [
      `${SETS}securityGroups: { g: { ingress: { protocol: tcp, ports: §webb, from: 0.0.0.0/0 } } }`,
      /^"webb" is not a port/,
    ],
    ['portSets: { web: §http }', /^"http" is not a port or a range of ports/],
    ['portSets: { §Web: 80 }', /^"Web" cannot be the name of a set of ports/],
  ])('%#: %s', (rest, message) => expectOneProblem(bareFile(rest), message));
});

describe('probes with lists and patterns', () => {
  it.each([
    ['web-* -> db tcp/80,5432', 2],
    ['web-1, web-2 -> db tcp/80', 1],
    ['"*-? -> db icmp, tcp/80, 443"', 3],
  ])('%s', (text, traffic) => {
    const [step] = stepsOf(
      `${PAIR}steps: [{ probe: ${text.startsWith('"') ? text : `"${text}"`}, expect: timed-out }]`,
    );
    expect(step).toMatchObject({ type: 'matrix', rest: null });
    expect(step?.type === 'matrix' && step.lines.map(({ pattern }) => pattern.traffic.length)).toEqual([traffic]);
  });

  it('one without either is a probe as before', () => {
    expect(stepsOf(`${PAIR}steps: [{ probe: [web-1 -> db tcp/80], expect: timed-out }]`)[0]?.type).toBe('probe');
  });

  it.each([
    [
      'steps: [{ probe: §wep-* -> db tcp/80, expect: timed-out }]',
      'no machine of the lab x is called "wep-*"; valid: web-1, web-2, db',
    ],
    [
      'steps: [{ probe: [web-1 -> db tcp/80, §web-1 -> dp tcp/80], expect: timed-out }]',
      /^there is no machine dp in the lab x; did you mean "db"/,
    ],
    ['steps: [{ probe: §"web-* -> db tcp/80,all", expect: timed-out }]', /^"all"/],
    ['steps: [{ probe: §"web-1,, -> db tcp/80", expect: timed-out }]', /has a comma too many/],
  ])('%#: %s', (rest, message) => expectOneProblem(bareFile(PAIR + rest), message));
});

describe('the matrix', () => {
  const table = (text: string) => `${PAIR}internet: { o: 198.51.100.1 }\nsteps:\n  - matrix:\n      ${text}\n`;

  it('is read, with the line of each of its lines', () => {
    const [step] = stepsOf(table('allow:\n        - web-* -> db tcp/5432\n        - db -> web-* tcp/80'));
    expect(step).toMatchObject({ type: 'matrix', name: 'matrix', file: 'x.yaml', lines: [{ line: 8 }, { line: 9 }] });
  });

  it.each([
    ['{ from: [§wob], allow: [] }', /^there is no machine wob/],
    [
      '{ to: web-*, allow: §web-1 -> db tcp/5432 }',
      'web-1 -> db tcp/5432 is outside the table. Add it to `from`, `to` or `ports`, or leave them out.',
    ],
    ['{ ports: tcp/22, allow: §web-1 -> db tcp/5432 }', /^web-1 -> db tcp\/5432 is outside the table/],
    [
      '{ allow: web-1 -> db tcp/5432, refused: §web-* -> db tcp/5432 }',
      'web-1 -> db tcp/5432 cannot be both connected and refused. Leave one of the two out.',
    ],
    ['{ ports: §tcp, allow: [] }', /^TCP and UDP need ports/],
    ['{ §permit: [] }', /^unknown key "permit" in steps\[0\]\.matrix; valid: from, to, ports, allow, refused, family/],
  ])('%#: %s', (text, message) => expectOneProblem(bareFile(table(text)), message));

  it('says one thing of one mistake', () => {
    expect(problemsOf(bareFile(table('{ allow: [a -> b] }')))).toHaveLength(1);
    expect(machines(PAIR)).toEqual(['web-1', 'web-2', 'db']);
  });
});
