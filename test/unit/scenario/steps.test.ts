import { describe, expect, it } from 'vitest';
import { parseScenario } from '../../../src/scenario/parse-scenario.js';
import { marked, problemsOf, shopFile } from './files.js';

const stepOf = (step: string) => parseScenario(shopFile({ steps: [step] }), 'x.yaml').steps[0];

describe('a step is read as data', () => {
  it.each([
    [
      '{ listen: { on: web-1, ports: [tcp/80, udp/53, 47] } }',
      {
        mutation: {
          type: 'listen',
          on: 'web-1',
          listeners: [
            { protocol: 'tcp', port: 80 },
            { protocol: 'udp', port: 53 },
            { protocol: 'raw', number: 47 },
          ],
        },
      },
    ],
    ['{ close: { on: db-1, ports: tcp/3306 } }', { type: 'mutate', name: 'close on db-1: tcp/3306' }],
    [
      '{ prefixList: { name: partners, add: 10.2.0.0/16 } }',
      { mutation: { type: 'prefix-list', name: 'partners', add: ['10.2.0.0/16'], remove: [] } },
    ],
    [
      '{ attach: { instance: db-1.eth0, group: web } }',
      { mutation: { type: 'attach', instance: 'db-1.eth0', group: 'web' } },
    ],
    [
      '{ authorize: { group: web, ingress: { protocol: tcp, ports: [1, 2], from: db } } }',
      { name: 'authorize web: tcp/1 from db, tcp/2 from db' },
    ],
    [
      '{ revoke: { group: db, rule: MySQL from web } }',
      { mutation: { type: 'revoke', group: 'db', rules: [], ruleIds: ['MySQL from web'] } },
    ],
    [
      '{ modify: { group: db, rule: MySQL from web, to: { ports: 3307, description: moved } } }',
      {
        name: 'modify db: MySQL from web becomes 3307 "moved"',
        mutation: {
          type: 'modify',
          group: 'db',
          rule: 'MySQL from web',
          to: { fromPort: 3307, toPort: 3307, description: 'moved' },
        },
      },
    ],
    [
      '{ open: { flow: ssh, probe: office -> web-1 tcp/22 } }',
      { type: 'open', name: 'open ssh: office -> web-1 tcp/22', flow: 'ssh', send: 'both', probe: { port: 22 } },
    ],
    [
      '{ name: story, start: { on: db-1, run: "python3 -m http.server 80", ready: tcp/80 } }',
      {
        type: 'start',
        name: 'story',
        argv: ['/bin/sh', '-c', 'python3 -m http.server 80'],
        ready: { protocol: 'tcp', port: 80 },
        withinMs: 30_000,
      },
    ],
    [
      '{ exec: { on: office, run: [curl, -s, x], expect: fail, output: no, within: 500ms } }',
      {
        type: 'exec',
        name: 'curl -s x on office',
        argv: ['curl', '-s', 'x'],
        expect: 'fail',
        output: 'no',
        withinMs: 500,
      },
    ],
    [
      '{ launch: { name: web-2, subnet: public, securityGroups: web, listen: tcp/443 } }',
      {
        name: 'launch web-2 in public',
        mutation: {
          type: 'launch',
          machine: {
            name: 'web-2',
            subnet: 'public',
            groups: ['web'],
            privateIp: null,
            publicIp: false,
            listen: [{ protocol: 'tcp', port: 443 }],
          },
        },
      },
    ],
    ['{ terminate: db-1 }', { name: 'terminate db-1', mutation: { type: 'terminate', machine: 'db-1' } }],
    ['{ exec: { on: office, run: "true" } }', { expect: 'ok', output: null, withinMs: 10_000 }],
    ['{ advance: 5d }', { type: 'advance', name: 'advance 5d', seconds: 432_000 }],
    ['{ wait: 1500ms }', { type: 'wait', name: 'wait 1500ms', ms: 1500 }],
    [
      '{ probe: web-1 -> db-1 icmp, expect: connected, family: ipv4, rule: MySQL from web }',
      { probe: { protocol: 'icmp', icmpType: 8, icmpCode: 0, family: 'ipv4' }, expect: { rules: ['MySQL from web'] } },
    ],
    [
      '{ probe: web-1 -> db-1 tcp/3306, expect: connected, rule: [MySQL from web, shop.default/*] }',
      { expect: { rules: ['MySQL from web', 'shop.default/*'] } },
    ],
  ])('%s', (step, expected) => {
    expect(stepOf(step)).toMatchObject(expected);
  });
});

describe('a step is checked against the cloud of its moment', () => {
  const OPEN = '{ open: { flow: ssh, probe: office -> web-1 tcp/443 } }';
  const REVOKE = '{ revoke: { group: db, ingress: { protocol: tcp, ports: 3306, from: web } } }';
  const PROBE = '{ probe: web-1 -> db-1 tcp/3306, expect: connected, rule: MySQL from web }';
  it.each<[string[], string | RegExp]>([
    [
      ['{ probe: §ofice -> web-1 tcp/22, expect: connected }'],
      'there is no machine ofice in the lab securecart-web; did you mean "office"?',
    ],
    [
      ['{ probe: §web-1 => db-1 tcp/22, expect: connected }'],
      '"web-1 => db-1 tcp/22" is not a probe. Write FROM -> TO WHAT, such as "office -> web-1 tcp/22" or "web-1 -> db-1 icmp".',
    ],
    [
      ['{ terminate: db-1 }', '{ probe: §web-1 -> db-1 tcp/22, expect: connected }'],
      /^there is no machine db-1 in the lab securecart-web/,
    ],
    [['{ terminate: §db-2 }'], /^there is no machine db-2 in the lab securecart-web; did you mean/],
    [['{ launch: §{ name: web-1, subnet: public } }'], /^the name web-1 is taken/],
    [
      ['{ probe: web-1 -> db-1 tcp/22, expect: §conected }'],
      '"expect" in steps[0] cannot be "conected"; did you mean "connected"?',
    ],
    [
      ['§{ probe: web-1 -> db-1 tcp/22 }'],
      '"expect" is missing in steps[0]; valid: connected, refused, timed-out, unreachable',
    ],
    [
      ['§{ probe: a -> b tcp/22, expect: refused, exec: { on: a, run: x } }'],
      /a step does one thing, and this one has probe and exec\. Write two steps\.$/,
    ],
    [
      ['{ probe: web-1 -> db-1 tcp/22, expect: connected, at: §sg-ingress }'],
      'a connected probe stops nowhere. Leave `at` out.',
    ],
    [
      ['{ probe: web-1 -> db-1 tcp/22, expect: refused, at: §sg-ingres }'],
      '"at" in steps[0] cannot be "sg-ingres"; did you mean "sg-ingress"?',
    ],
    [
      ['{ probe: §web-1 -> db-1 tcp/22, expect: refused, family: ipv6 }'],
      'db-1.eth0 has no IPv6 address. Give it one, or probe over the other family.',
    ],
    [
      ['{ probe: §web-1 -> db-1.public tcp/22, expect: refused }'],
      'db-1.eth0 has no public IP. Give it `publicIp: true`, or leave `.public` out.',
    ],
    [
      [PROBE, REVOKE, PROBE.replace('MySQL', '§MySQL')],
      'no rule has the id or description "MySQL from web" at this point; valid: HTTPS from anywhere',
    ],
    [
      [REVOKE, REVOKE.replace('{ group', '§{ group')],
      /^The specified rule does not exist in this security group\. Group db has no rule/,
    ],
    [['{ revoke: { group: §bd, rule: x } }'], `The security group 'bd' does not exist; did you mean "db"?`],
    [['{ revoke: §{ group: db } }'], 'nothing to revoke. Write `ingress` or `egress` with a rule.'],
    [
      ['{ authorize: { group: db, ingress: { protocol: tcp, ports: 1, from: §wep } } }'],
      `there is no security group or prefix list 'wep'; did you mean "web"?`,
    ],
    [
      ['{ authorize: §{ group: db, ingress: { protocol: tcp, ports: 3306, from: web } } }'],
      /^the specified rule "peer: sg-[0-9a-f]{17}, TCP, from port: 3306, to port: 3306, ALLOW" already exists/,
    ],
    [
      ['{ modify: §{ group: db, rule: MySQL from web, to: { from: 10.0.0.0/8 } } }'],
      /^Invalid rule type for security group rule 'sgr-/,
    ],
    [
      ['{ modify: §{ group: db, rule: MySQL from web, to: { to: web } } }'],
      "the rule 'MySQL from web' is an ingress rule. Write `from`.",
    ],
    [['{ modify: { group: db, rule: MySQL from web, to: §{} } }'], /^nothing to modify/],
    [['{ modify: §{ group: db, rule: MySQL from wep, to: { ports: 1 } } }'], /did you mean "MySQL from web"/],
    [['{ attach: §{ instance: web-1.eth3, group: db } }'], 'web-1.eth3 does not exist. There is: web-1.eth0.'],
    [['{ detach: §{ instance: web-1, group: web } }'], /^web-1.eth0 would be left without a security group/],
    [['{ listen: §{ on: web-1, ports: tcp/443 } }'], 'web-1 listens already on tcp/443'],
    [
      ['{ close: { on: §web-2, ports: tcp/443 } }'],
      'there is no machine web-2 in the lab securecart-web; did you mean "web-1"?',
    ],
    [
      ['{ prefixList: §{ name: partner, add: 10.0.0.0/8 } }'],
      `The prefix list 'partner' does not exist; did you mean "partners"?`,
    ],
    [
      ['{ advance: §500ms }'],
      '"500ms" is not a number of whole seconds, minutes, hours or days. Write 50s, 10m, 2h or 5d.',
    ],
    [['{ flow: §ssh, expect: goes-on }'], 'no flow "ssh" is open at this point. Write an `open` step before it.'],
    [[OPEN, '{ end: §shh }'], 'no flow "shh" is open at this point; did you mean "ssh"?'],
    [[OPEN, '{ end: ssh }', '{ flow: §ssh, expect: stalls }'], /^no flow "ssh" is open at this point/],
    [[OPEN, OPEN.replace('ssh', '§ssh')], /^the flow "ssh" is open already/],
    [[OPEN, '{ flow: ssh, expect: goes-on, at: §route }'], /^only a flow that stalls stops somewhere/],
    [['{ packet: { from: web-1, to: db-1, protocol: tcp }, expect: §x }'], /^"expect" in steps\[0\] cannot be "x"/],
    [['{ packet: §{ from: web-1, to: db-1, protocol: tcp }, expect: dropped }'], /^TCP and UDP need ports/],
    [
      ['{ packet: { from: web-1, to: db-1, protocol: udp, ports: 1, §flags: [syn] }, expect: dropped }'],
      'a packet of protocol udp has no `flags`. Leave it out.',
    ],
    [
      ['{ packet: §{ from: web-1, to: db-1, protocol: udp, ports: 1, source: 10.0.1 }, expect: dropped }'],
      '"10.0.1" is not an address. Write 10.0.1.9 or 2001:db8::9.',
    ],
    [
      ['{ packet: { from: web-1, to: db-1, protocol: icmp, type: 3, about: §ssh }, expect: dropped }'],
      'no flow "ssh" is open at this point. Write an `open` step before it.',
    ],
    [
      ['{ packet: { from: web-1, to: db-1, protocol: icmp, mtu: §1400 }, expect: dropped }'],
      'only an ICMP error has `mtu`. Write `type: 3, code: 4`.',
    ],
    [
      ['{ open: { flow: ssh, probe: office -> web-1 tcp/443, send: §client } }'],
      'a TCP flow begins with a handshake, which the server answers. Leave `send` out.',
    ],
    [['{ exec: { on: web-1, run: §[] } }'], '[] is not a command. Write [program, argument, …] or a shell line.'],
    [
      ['{ exec: { on: web-1, run: "true", within: §soon } }'],
      '"soon" is not a length of time. Write 500ms, 30s or 2m.',
    ],
    [
      ['{ start: { on: §web, run: "true" } }'],
      'there is no machine web in the lab securecart-web; valid: web-1, db-1, office, dual',
    ],
  ])('%#: %s', (steps, message) => {
    const { text, place } = marked(shopFile({ steps }));
    expect(problemsOf(text)).toEqual([expect.stringMatching(new RegExp(`^${place}: `))]);
    const said = (problemsOf(text)[0] ?? '').replace(/^\d+:\d+: /, '');
    expect(said).toEqual(typeof message === 'string' ? message : expect.stringMatching(message));
  });

  it('a step that cannot be read does not make later ones look wrong', () => {
    const unreadable =
      '{ authorize: { group: db, ingress: { protocol: tpc, ports: 22, from: web, description: SSH } } }';
    const steps = [unreadable, '{ probe: web-1 -> db-1 tcp/22, expect: connected, rule: SSH }'];
    expect(problemsOf(shopFile({ steps }))).toEqual([expect.stringMatching(/^21:.*'tpc'/)]);
  });
});
