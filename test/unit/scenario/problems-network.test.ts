import { describe, it } from 'vitest';
import { bareFile, expectOneProblem } from './files.js';

const acl = (entries: string) => bareFile(`networkAcls: { strict: { ${entries} } }`);
const entry = (text: string) => acl(`inbound: { rule: 100, action: deny, ${text} }`);
const table = (route: string) =>
  bareFile(`instances: { fw: { subnet: a } }\nrouteTables: { dmz: { routes: ${route} } }`);

describe('a problem of a network ACL is reported where it is', () => {
  it.each([
    [acl('inbound: { rule: §0, action: deny, protocol: all, from: 0.0.0.0/0 }'), /parameter ruleNumber is invalid/],
    [entry('protocol: §tpc, from: 0.0.0.0/0'), /did you mean "tcp"/],
    [entry('protocol: §tcp, from: 0.0.0.0/0'), /portRange/],
    [entry('protocol: tcp, ports: §90-80, from: 0.0.0.0/0'), /Invalid TCP\/UDP port range/],
    [entry('protocol: icmp, ports: §8, from: 0.0.0.0/0'), /icmp has no ports/],
    [entry('protocol: tcp, ports: 22, from: §web'), /CIDR block web is malformed/],
    [entry('protocol: tcp, ports: 22, §to: 0.0.0.0/0'), /an inbound entry has no `to`/],
    [acl('inbound: §{ rule: 100, action: deny, protocol: tcp, ports: 22 }'), /cidrBlock/],
  ])('%s', (text, message) => {
    expectOneProblem(text, message);
  });
});

describe('a problem of a route table is reported where it is', () => {
  it.each([
    [table('{ to: 0.0.0.0/0, via: §internetGatway }'), /did you mean "internetGateway"/],
    [table('{ to: §10.0.1.0/24, via: internetGateway }'), /can target only an interface or an instance/],
    [table('{ to: §10.0.1.128/25, via: fw }'), /doesn't match any subnet/],
    [table('[{ to: 0.0.0.0/0, via: fw }, { to: §0.0.0.0/0, via: fw }]'), /already exists/],
    [table('{ to: §169.254.169.254/32, via: fw }'), /is reserved/],
    [table('{ to: §nobody, via: fw }'), /prefix list/],
    [bareFile('').replace('cidr: 10.0.1.0/24', 'cidr: 10.0.1.0/24, routeTable: §dmz'), /there is no route table "dmz"/],
    [bareFile('').replace('cidr: 10.0.1.0/24', 'cidr: 10.0.1.0/24, networkAcl: §dmz'), /there is no network ACL "dmz"/],
  ])('%s', (text, message) => {
    expectOneProblem(text, message);
  });
});
