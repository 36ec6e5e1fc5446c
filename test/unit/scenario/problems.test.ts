import { describe, expect, it } from 'vitest';
import { DefinitionError } from '../../../src/scenario/definition-error.js';
import { parseScenario } from '../../../src/scenario/load.js';
import { bareFile, problemsOf, shopFile } from './files.js';

const TOO_MANY_RULES = 'The maximum number of rules per security group has been reached';
const list = (count: number, item: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => item(i)).join(', ');
const web = (rule: string) => `securityGroups: { web: { ingress: [${rule}] } }`;

describe('one thing wrong in a file', () => {
  it.each([
    // Shape: keys, types, words.
    [
      'securityGroups: { web: { ingres: [] } }',
      '3:26: unknown key "ingres" in securityGroups.web; did you mean "ingress"?',
    ],
    ['instance: {}', '3:1: unknown key "instance" at the top of the file; did you mean "instances"?'],
    ['instances: { w: { subnet: a, count: many } }', '3:37: "count" in instances.w must be a whole number, not "many"'],
    ['instances: { w: }', '3:14: "w" in instances is empty; a mapping belongs there'],
    ['instances: [w]', '3:12: "instances" must be a mapping, not ["w"]'],
    ['internet: { o: 5 }', '3:16: "o" in internet must be text or a mapping, not 5'],
    ['internet: { o: { listen: tcp/80 } }', '3:16: "addresses" is missing in internet.o'],
    ['instances: { w: { subnet: a, count: 0 } }', '3:37: "count" in instances.w cannot be 0: at least 1'],
    [
      'prefixLists: { p: { family: ipv5, entries: [] } }',
      '3:29: "family" in prefixLists.p cannot be "ipv5"; did you mean "ipv4"?',
    ],
    [
      'steps: [{ foo: 1 }]',
      '3:9: steps[0] cannot be {"foo":1}: nothing to do in it. A step has one of: probe, authorize, revoke, attach, detach, prefixList, listen, close, start, exec.',
    ],
    [
      'steps: [{ prob: a -> b icmp, expect: connected }]',
      '3:11: unknown key "prob" in steps[0]; did you mean "probe"?',
    ],
    ['steps: [probe]', '3:9: steps[0] must be a mapping, not "probe"'],
    // Rules.
    [
      web('{ protocol: tpc, ports: 80, from: 0.0.0.0/0 }'),
      `3:47: Invalid value 'tpc' for IP protocol. Unknown protocol; did you mean "tcp"?`,
    ],
    [
      web('{ protocol: tcp, ports: 70000, from: 0.0.0.0/0 }'),
      '3:59: TCP/UDP (from) port (70000) out of range. Ports are 0 to 65535.',
    ],
    [
      web('{ protocol: tcp, ports: 90-80, from: 0.0.0.0/0 }'),
      '3:59: Invalid TCP/UDP port range (90:80). Write the smaller one first: 80-90.',
    ],
    [
      web('{ protocol: tcp, from: 0.0.0.0/0 }'),
      '3:35: Invalid value for portRange. Must specify both from and to ports with TCP/UDP. All ports: 0 to 65535.',
    ],
    [
      web('{ protocol: icmp, ports: 8, from: 0.0.0.0/0 }'),
      '3:60: icmp has no ports. Write `type: 8, code: -1`, or nothing for all of it.',
    ],
    [web('{ protocol: tcp, ports: 8, type: 8, from: 0.0.0.0/0 }'), '3:68: tcp has no types and codes. Write `ports`.'],
    [
      web('{ protocol: tcp, ports: 22, from: 10.0.0.1 }'),
      '3:69: CIDR block 10.0.0.1 is malformed. Write 10.0.0.1/32 for one address.',
    ],
    [
      web('{ protocol: tcp, ports: 22, from: [10.0.0.0/8, 10.0.0.0/99] }'),
      '3:82: CIDR block 10.0.0.0/99 is malformed. The prefix length of an ipv4 block is 0 to 32.',
    ],
    [
      web('{ protocol: tcp, ports: 22, from: wbe }'),
      `3:69: there is no security group or prefix list 'wbe'; did you mean "web"?`,
    ],
    [web('{ protocol: tcp, ports: 22, to: web }'), '3:63: an ingress rule has no `to`. Write `from` instead.'],
    [
      web('{ protocol: tcp, ports: 22 }'),
      '3:35: Missing source specification: include source security group or CIDR information. Write `from`: a CIDR block, a security group or a prefix list.',
    ],
    [
      web('{ protocol: -1, from: web, action: deny }'),
      '3:62: a security group has no deny rules: its rules only allow, and what no rule allows is dropped. Remove the rule that allows it; to deny explicitly, AWS has network ACLs.',
    ],
    [
      web('{ protocol: -1, from: web, rateLimit: 9 }'),
      '3:62: a security group has no rate limit: AWS offers none in security groups or network ACLs. Remove it; in AWS, rates are limited in the application, a load balancer or AWS WAF.',
    ],
    [
      web('{ protocol: -1, from: web }, { protocol: all, from: web, description: again }'),
      expect.stringMatching(
        /^3:64: the specified rule "peer: sg-[0-9a-f]{17}, ALL, ALLOW" already exists. Leave it out; /,
      ),
    ],
    [
      web(list(61, (i) => `{ protocol: tcp, ports: ${i}, from: 10.0.0.0/8 }`)),
      expect.stringContaining(`${TOO_MANY_RULES}. This makes 61 IPv4 inbound rules of 60;`),
    ],
    [
      web(
        '{ protocol: -1, from: office }]}}\ninternet: { office: 198.51.100.10 }\ninstances: { a: {subnet: a}',
      ).replace(/\] \} \}$/, ' }'),
      "3:57: office is a machine; a rule's peer is a CIDR block, a security group or a prefix list. Write 198.51.100.10/32.",
    ],
    // Groups.
    ['securityGroups: { web: { vpc: w } }', '3:31: there is no VPC "w"; did you mean "v"?'],
    [
      'securityGroups: { sg-web: {} }',
      '3:19: Value (sg-web) for parameter GroupName is invalid. Group names may not be in the format sg-*. Leave the prefix out: ids begin with sg-, names do not.',
    ],
    [
      'securityGroups: { web: {}, WEB: {} }',
      expect.stringMatching(
        /^3:28: The security group 'WEB' already exists for VPC 'vpc-[0-9a-f]{17}'. Names are compared/,
      ),
    ],
    [
      'securityGroups: { 10.0.0.0/8: {} }',
      '3:19: "10.0.0.0/8" reads as a block, not as a group. Give it another name.',
    ],
    [
      `securityGroups: { ${list(6, (i) => `g${i}: {}`)} }\ninstances: { w: { subnet: a, securityGroups: [${list(6, (i) => `g${i}`)}] } }`,
      expect.stringMatching(/The maximum number of security groups per interface has been reached/),
    ],
    [
      'quotas: { rulesPerGroup: 300 }',
      '3:9: 300 rules per group × 5 groups per interface is more than 1000. With 5 groups per interface AWS grants 200 rules per group.',
    ],
    // Machines.
    ['instances: { w: { subnet: b } }', '3:27: there is no subnet "b"; did you mean "a"?'],
    [
      'instances: { w: { listen: tcp/80 } }',
      '3:14: an instance needs a subnet. Write `subnet: …`, or `interfaces: [{ subnet: … }]`.',
    ],
    [
      'instances: { w: { subnet: a, interfaces: [{ subnet: a }] } }',
      '3:19: `subnet` stands beside `interfaces`. Write `subnet` into each of them.',
    ],
    [
      'instances: { w: { subnet: a, count: 2, privateIp: 10.0.1.9 } }',
      '3:37: 2 instances cannot all have 10.0.1.9. Leave the address out.',
    ],
    [
      'instances: { w: { subnet: a, listen: [tcp/80, tcp/99999] } }',
      '3:47: "tcp/99999" is nothing that can be listened on. Write tcp/443, udp/53, or the number of a protocol without ports, such as 47.',
    ],
    [
      'instances: { w: { subnet: a, privateIp: 10.0.1.1 } }',
      "3:41: Address 10.0.1.1 is in subnet's reserved address range. AWS keeps the first four addresses and the last.",
    ],
    [
      'instances: { w: { interfaces: [{ subnet: a }, { subnet: a, secondaryIps: [10.9.1.1] }] } }',
      "3:74: Address 10.9.1.1 does not fall within the subnet's address range. The subnet is 10.0.1.0/24.",
    ],
    [
      'instances: { w: { subnet: a, securityGroups: [default, dflt] } }',
      expect.stringMatching(/^3:56: The security group 'dflt' does not exist in VPC 'vpc-/),
    ],
    [
      'instances: { w: { subnet: a, securityGroups: [] } }',
      '3:18: the interface would be left without a security group. Attach another group first; a group without ingress rules lets nothing new in.',
    ],
    ['instances: { ../x: { subnet: a } }', expect.stringMatching(/^3:14: "..\/x" cannot be the name of the instance/)],
    [
      'instances: { a;reboot: { subnet: a } }',
      expect.stringMatching(/^3:14: "a;reboot" cannot be the name of the instance/),
    ],
    [
      'instances: { "\\e[31m": { subnet: a } }',
      expect.stringMatching(/^3:14: "\\u001b\[31m" cannot be the name of the instance/),
    ],
    ['instances: { __proto__: { subnet: a } }', expect.stringMatching(/^3:14: "__proto__" cannot be/)],
    [
      'instances: { w: { subnet: a } }\ninternet: { w: 198.51.100.1 }',
      '3:14: the name w is taken. Instances and external hosts share one name space.',
    ],
    [
      'instances: { w: { subnet: a, count: 2 }, w-2: { subnet: a } }',
      '3:42: the name w-2 is taken. Instances and external hosts share one name space.',
    ],
    ['internet: { internet: 198.51.100.1 }', '3:13: "internet" is a reserved word. Give the host another name.'],
    [
      'internet: { o: 10.0.7.7 }',
      '3:16: 10.0.7.7 is inside VPC v (10.0.0.0/16). An address on the internet must be outside every VPC.',
    ],
    [
      'internet: { o: 198.51.100.1, p: 198.51.100.1 }',
      '3:33: Address 198.51.100.1 is in use by o. Choose another one.',
    ],
    [
      'prefixLists: { p: { entries: [10.0.0.0/8, ::/0] } }',
      '3:43: CIDR block ::/0 is malformed. An IPv4 block is needed here.',
    ],
    [
      'prefixLists: { p: { maxEntries: 1, entries: [10.0.0.0/8, 11.0.0.0/8] } }',
      expect.stringMatching(/^3:58: The prefix list p has room for 1 entries; this makes 2/),
    ],
  ])('%#: %s', (rest, expected) => {
    expect(problemsOf(bareFile(rest))).toEqual([expected]);
  });

  it.each([
    ['name: X\nvpcs: {}', expect.stringMatching(/^1:7: "X" cannot be the name of a lab/)],
    [`name: ${'x'.repeat(300)}\nvpcs: {}`, expect.stringMatching(/^1:7: "x{60}…" cannot be the name of a lab/)],
    ['vpcs: {}', '1:1: "name" is missing'],
    [
      'name: x\nvpcs: { v: { cidr: 10.0.0.0/8 } }',
      "2:20: The CIDR '10.0.0.0/8' is invalid. Its prefix length must be /16 to /28.",
    ],
    [
      'name: x\nvpcs: { v: { cidr: 10.0.0.0 } }',
      '2:20: Value (10.0.0.0) for parameter cidrBlock is invalid. This is not a valid CIDR block. Write 10.0.0.0/32 for one address.',
    ],
    [
      'name: x\nvpcs: { v: { cidr: 10.0.0.0/16, subnets: { a: { cidr: 10.0.1.0/24, public: true } } } }',
      expect.stringMatching(
        /^2:77: subnet a is public, but network vpc-[0-9a-f]{17} \(VPC v\) is not attached to any internet gateway. Give VPC v `internetGateway: true`.$/,
      ),
    ],
    [
      'name: x\nvpcs: { v: { cidr: 10.0.0.0/16, subnets: { a: { cidr: 10.0.1.0/24 }, b: { cidr: 10.0.1.0/25 } } } }',
      "2:83: The CIDR '10.0.1.0/25' conflicts with another subnet. Subnet a has 10.0.1.0/24.",
    ],
    [
      'name: x\nvpcs: { v: { cidr: 10.0.0.0/16 }, w: { cidr: 10.1.0.0/16 } }\nsecurityGroups: { g: {} }',
      '3:19: group "g" needs `vpc`, since there are 2 VPCs; valid: v, w',
    ],
    [
      'name: x\nvpcs: { v: { cidr: 10.0.0.0/16 }, w: { cidr: 10.1.0.0/16 } }\nsecurityGroups: { g: { vpc: v }, h: { vpc: w, ingress: { protocol: all, from: g } } }',
      "3:79: You have specified two resources that belong to different networks. h and g are in different VPCs; use a group of the same VPC, or a CIDR block as a rule's peer.",
    ],
  ])('%#: %s', (text, expected) => {
    expect(problemsOf(text)).toEqual([expected]);
  });
});

describe('steps are checked against the cloud of their moment', () => {
  const REVOKE = '{ revoke: { group: db, ingress: { protocol: tcp, ports: 3306, from: web } } }';
  it.each([
    [
      ['{ probe: ofice -> web-1 tcp/22, expect: connected }'],
      '21:14: there is no machine ofice in the lab securecart-web; did you mean "office"?',
    ],
    [
      ['{ probe: web-1 => db-1 tcp/22, expect: connected }'],
      '21:14: "web-1 => db-1 tcp/22" is not a probe. Write FROM -> TO WHAT, such as "office -> web-1 tcp/22" or "web-1 -> db-1 icmp".',
    ],
    [
      ['{ probe: web-1 -> db-1 tcp/22, expect: conected }'],
      '21:44: "expect" in steps[0] cannot be "conected"; did you mean "connected"?',
    ],
    [['{ probe: web-1 -> db-1 tcp/22 }'], '21:5: "expect" is missing in steps[0]'],
    [
      ['{ probe: web-1 -> db-1 tcp/22, expect: refused, exec: { on: web-1, run: x } }'],
      '21:5: steps[0] cannot be {"probe":"web-1 -> db-1 tcp/22","expect":"refused","exec":{"on":"web-1","run":"x"}}: a step does one thing, and this one has probe and exec. Write two steps.',
    ],
    [
      ['{ probe: web-1 -> db-1 tcp/22, expect: connected, at: sg-ingress }'],
      '21:59: a connected probe stops nowhere. Leave `at` out.',
    ],
    [
      ['{ probe: web-1 -> db-1 tcp/22, expect: refused, at: sg-ingres }'],
      '21:57: "at" in steps[0] cannot be "sg-ingres"; did you mean "sg-ingress"?',
    ],
    [
      ['{ probe: web-1 -> db-1 tcp/22, expect: refused, family: ipv6 }'],
      '21:14: db-1.eth0 has no IPv6 address. Give it one, or probe over the other family.',
    ],
    [
      ['{ probe: web-1 -> db-1.public tcp/22, expect: refused }'],
      '21:14: db-1.eth0 has no public IP. Give it `publicIp: true`, or leave `.public` out.',
    ],
    [
      [
        '{ probe: web-1 -> db-1 tcp/3306, expect: connected, rule: MySQL from web }',
        REVOKE,
        '{ probe: web-1 -> db-1 tcp/3306, expect: connected, rule: MySQL from web }',
      ],
      '23:63: no rule has the id or description "MySQL from web" at this point; valid: HTTPS from anywhere',
    ],
    [
      [REVOKE, REVOKE],
      expect.stringMatching(/^22:15: The specified rule does not exist in this security group. Group db has no rule/),
    ],
    [['{ revoke: { group: bd, rule: x } }'], `21:24: The security group 'bd' does not exist; did you mean "db"?`],
    [['{ revoke: { group: db } }'], '21:15: nothing to revoke. Write `ingress` or `egress` with a rule.'],
    [
      ['{ authorize: { group: db, ingress: { protocol: tcp, ports: 1, from: wep } } }'],
      `21:73: there is no security group or prefix list 'wep'; did you mean "web"?`,
    ],
    [
      ['{ authorize: { group: db, ingress: { protocol: tcp, ports: 3306, from: web } } }'],
      expect.stringMatching(
        /^21:18: the specified rule "peer: sg-[0-9a-f]{17}, TCP, from port: 3306, to port: 3306, ALLOW" already exists/,
      ),
    ],
    [['{ attach: { instance: web-1.eth3, group: db } }'], '21:15: web-1.eth3 does not exist. web-1 has: web-1.eth0.'],
    [
      ['{ detach: { instance: web-1, group: web } }'],
      expect.stringMatching(/^21:15: web-1.eth0 would be left without a security group/),
    ],
    [['{ listen: { on: web-1, ports: tcp/443 } }'], '21:15: web-1 listens already on tcp/443'],
    [
      ['{ close: { on: web-2, ports: tcp/443 } }'],
      '21:20: there is no machine web-2 in the lab securecart-web; did you mean "web-1"?',
    ],
    [
      ['{ prefixList: { name: partner, add: 10.0.0.0/8 } }'],
      `21:19: The prefix list 'partner' does not exist; did you mean "partners"?`,
    ],
    [
      ['{ exec: { on: web-1, run: [], within: soon } }'],
      '21:31: [] is not a command. Write [program, argument, …] or a shell line.',
    ],
    [
      ['{ exec: { on: web-1, run: "true", within: soon } }'],
      '21:47: "soon" is not a length of time. Write 500ms, 30s or 2m.',
    ],
  ])('%#: %s', (steps, expected) => {
    expect(problemsOf(shopFile({ steps }))[0]).toEqual(expected);
  });

  it('a step that cannot be read does not make later ones look wrong', () => {
    const steps = [
      '{ authorize: { group: db, ingress: { protocol: tpc, ports: 22, from: web, description: SSH } } }',
      '{ probe: web-1 -> db-1 tcp/22, expect: connected, rule: SSH }',
    ];
    expect(problemsOf(shopFile({ steps }))).toEqual([expect.stringMatching(/^21:.*'tpc'/)]);
  });
});

describe('several things wrong', () => {
  it('are said at once, in the order of the file, each with its place, path and value', () => {
    const text = bareFile(`securityGroups:
  web: { ingres: [], ingress: { protocol: tcp, ports: 70000, from: 0.0.0.0/0 } }
instances:
  a;b: { subnet: a }
  w: { subnet: a, securityGroups: wbe }
steps:
  - { probe: w -> x tcp/1, expect: conected }
`);
    expect(problemsOf(text)).toEqual([
      '4:10: unknown key "ingres" in securityGroups.web; did you mean "ingress"?',
      expect.stringMatching(/^4:55: TCP\/UDP \(from\) port \(70000\)/),
      expect.stringMatching(/^6:3: "a;b" cannot be the name/),
      expect.stringMatching(/^7:35: The security group 'wbe' does not exist/),
      '9:38: "expect" in steps[0] cannot be "conected"; did you mean "connected"?',
    ]);
    try {
      parseScenario(text, 'x.yaml');
    } catch (error) {
      expect(error).toBeInstanceOf(DefinitionError);
      expect(error).toMatchObject({ exitCode: 2, code: 'InvalidDefinition' });
      expect(error instanceof DefinitionError && error.problems[1]).toMatchObject({
        file: 'x.yaml',
        line: 4,
        column: 55,
        path: 'securityGroups.web.ingress.ports',
        value: 70000,
      });
    }
  });

  it('what follows from a mistake is not reported', () => {
    const text = `name: x
vpcs: { v: { cidr: 10.0.0.0/8, subnets: { a: { cidr: 10.0.1.0/24 } } } }
securityGroups: { web: { ingress: { protocol: all, from: web } } }
instances: { w: { subnet: a, securityGroups: web } }
steps: [{ probe: w -> w icmp, expect: connected }, { attach: { instance: w, group: web } }]`;
    expect(problemsOf(text)).toEqual([expect.stringMatching(/^2:20: The CIDR '10.0.0.0\/8' is invalid/)]);
  });

  it('a mistake that many instances share is said once', () => {
    expect(problemsOf(bareFile('instances: { w: { subnet: a, count: 100, securityGroups: wbe } }'))).toHaveLength(1);
  });
});
