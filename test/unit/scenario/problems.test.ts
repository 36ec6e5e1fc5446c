import { describe, expect, it } from 'vitest';
import { bareFile, expectOneProblem, list, problemsOf } from './files.js';

describe('the shape of the file', () => {
  it.each([
    ['securityGroups: { web: { §ingres: [] } }', 'unknown key "ingres" in securityGroups.web; did you mean "ingress"?'],
    ['§instance: {}', 'unknown key "instance" at the top of the file; did you mean "instances"?'],
    [
      'instances: { w: { subnet: a, §colour: red } }',
      /^unknown key "colour" in instances.w; valid: id, subnet, .*count$/,
    ],
    ['instances: { w: { subnet: a, count: §many } }', '"count" in instances.w must be a whole number, not "many"'],
    ['instances: { w: { subnet: a, count: §1.5 } }', '"count" in instances.w must be a whole number, not 1.5'],
    ['instances: { w: { subnet: a, count: §0 } }', '"count" in instances.w cannot be 0: at least 1'],
    ['instances: §[w]', '"instances" must be a mapping, not ["w"]'],
    ['instances:\n  w:§\n', '"w" in instances is empty; a mapping belongs there'],
    ['internet: { o: §5 }', '"o" in internet must be text or a mapping, not 5'],
    ['internet: { o: §{ listen: tcp/80 } }', '"addresses" is missing in internet.o'],
    [
      'prefixLists: { p: { family: §ipv5, entries: [] } }',
      '"family" in prefixLists.p cannot be "ipv5"; did you mean "ipv4"?',
    ],
    ['steps: [§probe]', 'steps[0] must be a mapping, not "probe"'],
    ['steps: [{ §prob: a -> b icmp, expect: connected }]', 'unknown key "prob" in steps[0]; did you mean "probe"?'],
    [
      'steps: [{ §probe a -> b icmp, expect: connected }]',
      'unknown key "probe a -> b icmp" in steps[0]; is a colon missing after "probe"?',
    ],
    [
      'steps: [§{ foo: 1 }]',
      /^steps\[0\] cannot be {"foo":1}: nothing to do in it\. A step has one of: probe, matrix, open, /,
    ],
    [
      'quotas: §{ rulesPerGroup: 300 }',
      '300 rules per group × 5 groups per interface is more than 1000. With 5 groups per interface AWS grants 200 rules per group.',
    ],
  ])('%#: %s', (rest, message) => {
    expectOneProblem(bareFile(rest), message);
  });

  it.each([
    ['name: §X\nvpcs: {}', /^"X" cannot be the name of a lab\. Use up to 40 lower-case/],
    [`name: §${'x'.repeat(300)}\nvpcs: {}`, /^"x{60}…" cannot be the name of a lab\./],
    ['§vpcs: {}', '"name" is missing'],
    [
      'name: x\nvpcs: { v: { cidr: §10.0.0.0/8 } }',
      "The CIDR '10.0.0.0/8' is invalid. Its prefix length must be /16 to /28.",
    ],
    [
      'name: x\nvpcs: { v: { cidr: §10.0.0.0 } }',
      'Value (10.0.0.0) for parameter cidrBlock is invalid. This is not a valid CIDR block. Write 10.0.0.0/32 for one address.',
    ],
    [
      'name: x\nvpcs: { v: { cidr: 10.0.0.0/16, ipv6Cidr: §2001:db8::/64 } }',
      "The CIDR '2001:db8::/64' is invalid. Its prefix length must be /44 to /60.",
    ],
    [
      'name: x\nvpcs: { v: { cidr: 10.0.0.0/16, subnets: { a: { cidr: 10.0.1.0/24, public: §true } } } }',
      /^subnet a is public, but network vpc-[0-9a-f]{17} \(VPC v\) is not attached to any internet gateway\. Give VPC v `internetGateway: true`\.$/,
    ],
    [
      'name: x\nvpcs: { v: { cidr: 10.0.0.0/16, subnets: { a: { cidr: 10.0.1.0/24 }, b: { cidr: §10.0.1.0/25 } } } }',
      "The CIDR '10.0.1.0/25' conflicts with another subnet. Subnet a has 10.0.1.0/24.",
    ],
    [
      'name: x\nvpcs: { v: { cidr: 10.0.0.0/16, subnets: { §../a: { cidr: 10.0.1.0/24 } } } }',
      /^"\.\.\/a" cannot be the name of a subnet/,
    ],
  ])('%#: %s', (text, message) => {
    expectOneProblem(text, message);
  });
});

describe('groups, lists and machines', () => {
  const sixGroups = `securityGroups: { ${list(6, (i) => `g${i}: {}`)} }`;

  it.each([
    ['securityGroups: { web: { vpc: §w } }', 'there is no VPC "w"; did you mean "v"?'],
    [
      'securityGroups: { §sg-web: {} }',
      'Value (sg-web) for parameter GroupName is invalid. Group names may not be in the format sg-*. Leave the prefix out: ids begin with sg-, names do not.',
    ],
    [
      'securityGroups: { web: {}, §WEB: {} }',
      /^The security group 'WEB' already exists for VPC 'vpc-[0-9a-f]{17}'\. Names are compared/,
    ],
    ['securityGroups: { web: { description: §ä } }', /^Invalid security group description\. Valid/],
    ['securityGroups: { §10.0.0.0/8: {} }', '"10.0.0.0/8" reads as a block, not as a group. Give it another name.'],
    ['prefixLists: { web: { entries: [] } }\nsecurityGroups: { §web: {} }', /^"web" is a prefix list too\./],
    [
      'prefixLists: { p: { entries: [10.0.0.0/8, §::/0] } }',
      'CIDR block ::/0 is malformed. An IPv4 block is needed here.',
    ],
    [
      'prefixLists: { p: { maxEntries: 1, entries: [10.0.0.0/8, §11.0.0.0/8] } }',
      /^The prefix list p has room for 1 entries; this makes 2/,
    ],
    [
      `${sixGroups}\ninstances: { w: { subnet: a, securityGroups: §[${list(6, (i) => `g${i}`)}] } }`,
      /^The maximum number of security groups per interface has been reached\. An interface has at most 5 groups; this makes 6\./,
    ],
    ['instances: { w: { subnet: a, securityGroups: §[] } }', /^the interface would be left without a security group\./],
    [
      'instances: { w: { subnet: a, securityGroups: [default, §dflt] } }',
      /^The security group 'dflt' does not exist in VPC 'vpc-/,
    ],
    ['instances: { w: { subnet: §b } }', 'there is no subnet "b"; did you mean "a"?'],
    [
      'instances: { §w: { listen: tcp/80 } }',
      'an instance needs a subnet. Write `subnet: …`, or `interfaces: [{ subnet: … }]`.',
    ],
    [
      'instances: { w: { §subnet: a, interfaces: [{ subnet: a }] } }',
      '`subnet` and `interfaces` exclude each other. Write `subnet` into each of them.',
    ],
    [
      'instances: { w: { subnet: a, count: §2, privateIp: 10.0.1.9 } }',
      '2 instances cannot all have 10.0.1.9. Leave the address out, or number it: `"10.0.1.{n+9}"`.',
    ],
    [
      'instances: { w: { subnet: a, listen: [tcp/80, §tcp/99999] } }',
      '"tcp/99999" is not something that can be listened on. Write tcp/443, udp/53, or the number of a protocol without ports, such as 47.',
    ],
    [
      'instances: { w: { subnet: a, privateIp: §10.0.1.1 } }',
      "Address 10.0.1.1 is in subnet's reserved address range. AWS keeps the first four addresses and the last.",
    ],
    [
      'instances: { w: { interfaces: [{ subnet: a }, { subnet: a, secondaryIps: §[10.9.1.1] }] } }',
      "Address 10.9.1.1 does not fall within the subnet's address range. The subnet is 10.0.1.0/24.",
    ],
    [
      'instances: { w: { subnet: a, publicIp: §10.0.9.9 } }',
      '10.0.9.9 is inside VPC v (10.0.0.0/16). An address on the internet must be outside every VPC.',
    ],
    ['instances: { §../x: { subnet: a } }', /^"\.\.\/x" cannot be the name of the instance/],
    ['instances: { §a;reboot: { subnet: a } }', /^"a;reboot" cannot be the name of the instance/],
    ['instances: { §"\\e[31m": { subnet: a } }', /^"\\u001b\[31m" cannot be the name of the instance/],
    ['instances: { §"\\u202Ea": { subnet: a } }', /^"\\u202ea" cannot be the name of the instance/],
    ['instances: { §__proto__: { subnet: a } }', 'the key "__proto__" is not allowed'],
    [`instances: { §${'w'.repeat(300)}: { subnet: a } }`, /^"w{60}…" cannot be the name of the instance/],
    [
      'instances: { §w: { subnet: a } }\ninternet: { w: 198.51.100.1 }',
      'the name w is taken. Instances and external hosts share one name space.',
    ],
    [
      'instances: { w: { subnet: a, count: 2 }, §w-2: { subnet: a } }',
      'the name w-2 is taken. Instances and external hosts share one name space.',
    ],
    ['internet: { §internet: 198.51.100.1 }', '"internet" is a reserved word. Give the host another name.'],
    [
      'internet: { o: §10.0.7.7 }',
      '10.0.7.7 is inside VPC v (10.0.0.0/16). An address on the internet must be outside every VPC.',
    ],
    ['internet: { o: 198.51.100.1, p: §198.51.100.1 }', 'Address 198.51.100.1 is in use by o. Choose another one.'],
    [
      'internet: { o: { addresses: §[198.51.100.1, 198.51.100.2] } }',
      'an external host has one address per family, not 2. Define one host for each address.',
    ],
  ])('%#: %s', (rest, message) => {
    expectOneProblem(bareFile(rest), message);
  });
});

describe('several problems', () => {
  it('are said at once, in the order of the file', () => {
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
      '9:36: "expect" in steps[0] cannot be "conected"; did you mean "connected"?',
    ]);
  });

  it('what only follows from a mistake is not reported', () => {
    expectOneProblem(
      `name: x
vpcs: { v: { cidr: §10.0.0.0/8, subnets: { a: { cidr: 10.0.1.0/24 } } } }
securityGroups: { web: { ingress: { protocol: all, from: web } } }
instances: { w: { subnet: a, securityGroups: web } }
steps: [{ probe: w -> w icmp, expect: connected }, { attach: { instance: w, group: web } }]`,
      /^The CIDR '10.0.0.0\/8' is invalid/,
    );
  });

  it('one that many instances share is said once', () => {
    expectOneProblem(
      bareFile('instances: { w: { subnet: a, count: 100, securityGroups: §wbe } }'),
      /^The security group 'wbe'/,
    );
  });
});
