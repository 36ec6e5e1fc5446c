import { describe, it } from 'vitest';
import { bareFile, expectOneProblem, list } from './files.js';

describe('rules', () => {
  const rulesOfWeb = (rules: string) => bareFile(`securityGroups: { web: { ingress: [${rules}] } }`);

  it.each([
    [
      '{ protocol: §tpc, ports: 80, from: 0.0.0.0/0 }',
      `Invalid value 'tpc' for IP protocol. Unknown protocol; did you mean "tcp"?`,
    ],
    [
      '{ protocol: tcp, ports: §70000, from: 0.0.0.0/0 }',
      'TCP/UDP (from) port (70000) out of range. Ports are 0 to 65535.',
    ],
    [
      '{ protocol: tcp, ports: §90-80, from: 0.0.0.0/0 }',
      'Invalid TCP/UDP port range (90:80). Write the smaller one first: 80-90.',
    ],
    [
      '{ protocol: tcp, ports: [80, §https], from: 0.0.0.0/0 }',
      '"https" is not a port or a range of ports. Write a port (443), a range (7000-8000) or all.',
    ],
    [
      '§{ protocol: tcp, from: 0.0.0.0/0 }',
      'Invalid value for portRange. Must specify both from and to ports with TCP/UDP. All ports: 0 to 65535.',
    ],
    [
      '{ protocol: icmp, ports: §8, from: 0.0.0.0/0 }',
      'icmp has no ports. Write `type: 8, code: -1`, or nothing for all of it.',
    ],
    [
      '{ protocol: icmp, code: §4, from: 0.0.0.0/0 }',
      'ICMP code (4) out of range. Every type (-1) has every code: write -1 for the code too.',
    ],
    ['{ protocol: tcp, ports: 8, type: §8, from: 0.0.0.0/0 }', 'tcp has no types and codes. Write `ports`.'],
    [
      '{ protocol: tcp, ports: 22, from: §10.0.0.1 }',
      'CIDR block 10.0.0.1 is malformed. Write 10.0.0.1/32 for one address.',
    ],
    [
      '{ protocol: tcp, ports: 22, from: [10.0.0.0/8, §10.0.0.0/99] }',
      'CIDR block 10.0.0.0/99 is malformed. The prefix length of an ipv4 block is 0 to 32.',
    ],
    [
      '{ protocol: tcp, ports: 22, from: §wbe }',
      `there is no security group or prefix list 'wbe'; did you mean "web"?`,
    ],
    ['{ protocol: tcp, ports: 22, §to: web }', 'an ingress rule has no `to`. Write `from` instead.'],
    [
      '§{ protocol: tcp, ports: 22 }',
      'Missing source specification: include source security group or CIDR information. Write `from`: a CIDR block, a security group or a prefix list.',
    ],
    ['§{ ports: 22, from: web }', '"protocol" is missing in securityGroups.web.ingress[0]'],
    [
      '{ protocol: -1, from: web, §action: deny }',
      'a security group has no deny rules: its rules only allow, and what no rule allows is dropped. Remove the rule that allows it; to deny explicitly, AWS has network ACLs.',
    ],
    ['{ protocol: -1, from: web, §deny: true }', /^a security group has no deny rules/],
    [
      '{ protocol: -1, from: web, §rateLimit: 9 }',
      'a security group has no rate limit: AWS offers none in security groups or network ACLs. Remove it; in AWS, rates are limited in the application, a load balancer or AWS WAF.',
    ],
    [
      '{ protocol: -1, from: web }, §{ protocol: all, from: web, description: x }',
      /^the specified rule "peer: sg-[0-9a-f]{17}, ALL, ALLOW" already exists\. Leave it out; /,
    ],
    [
      '{ protocol: -1, from: web, description: §ä }',
      /^Invalid rule description\. Valid descriptions are strings less than 256/,
    ],
    [
      `${list(60, (i) => `{ protocol: tcp, ports: ${i}, from: 10.0.0.0/8 }`)}, §{ protocol: udp, ports: 1, from: 10.0.0.0/8 }`,
      /^The maximum number of rules per security group has been reached\. This makes 61 IPv4 inbound rules of 60;/,
    ],
  ])('%#: %s', (rules, message) => {
    expectOneProblem(rulesOfWeb(rules), message);
  });

  it('a machine is no peer', () => {
    expectOneProblem(
      bareFile(
        'securityGroups: { web: { ingress: { protocol: all, from: §office } } }\ninternet: { office: 198.51.100.10 }',
      ),
      "office is a machine; a rule's peer is a CIDR block, a security group or a prefix list. Write 198.51.100.10/32.",
    );
  });

  it('a group of another VPC is no peer, and with two VPCs a group has to say whose it is', () => {
    const vpcs = 'name: x\nvpcs: { v: { cidr: 10.0.0.0/16 }, w: { cidr: 10.1.0.0/16 } }\n';
    expectOneProblem(
      `${vpcs}securityGroups: { g: { vpc: v }, h: { vpc: w, ingress: { protocol: all, from: §g } } }`,
      /^You have specified two resources that belong to different networks\. They are in different VPCs: /,
    );
    expectOneProblem(
      `${vpcs}securityGroups: { §g: {} }`,
      'group "g" needs `vpc`, since there are 2 VPCs. Write `vpc: v` or another of them.',
    );
  });
});
