import type { Cloud } from '../../cloud/types.js';
import { parseScenario } from '../../scenario/parse-scenario.js';

/**
 * The lab on which random histories are played: small, with everything that makes verdicts differ. It has two subnets
 * with IPv6 and one without, a public address, a secondary one, an instance with two interfaces, servers of each kind,
 * a peered VPC, and machines outside. Each instance has a group of its own, so that a rule applies to some interfaces
 * and not to others; some have rules, as the first changes would otherwise meet only drops. All rules have
 * descriptions, by which a history's steps refer to them.
 */
export const FUZZ_TOPOLOGY = `vpcs:
  main:
    cidr: 10.0.0.0/16
    ipv6Cidr: 2001:db8:1::/56
    internetGateway: true
    subnets:
      a: { cidr: 10.0.1.0/24, ipv6Cidr: "2001:db8:1:1::/64", public: true }
      b: { cidr: 10.0.2.0/24, ipv6Cidr: "2001:db8:1:2::/64", routeTable: inner }
      c: { cidr: 10.0.3.0/24, routeTable: inner }
  side:
    cidr: 10.1.0.0/16
    subnets:
      s: { cidr: 10.1.1.0/24, routeTable: back }
peerings:
  pair: { between: [main, side], status: active }
routeTables:
  inner: { vpc: main, routes: [{ to: 10.1.0.0/16, via: pair }, { to: 0.0.0.0/0, via: a1 }] }
  back: { vpc: side, routes: [{ to: 10.0.0.0/16, via: pair }] }
prefixLists:
  list4: { maxEntries: 5, entries: [10.0.2.0/24, 198.51.100.0/24] }
  list6: { family: ipv6, maxEntries: 5, entries: ["2001:db8:1:2::/64"] }
securityGroups:
  default:
    vpc: main
    ingress: { protocol: all, from: default, description: d1 }
    egress: [{ protocol: all, to: 0.0.0.0/0, description: d2 }, { protocol: all, to: "::/0", description: d3 }]
  g1:
    vpc: main
    ingress:
      - { protocol: tcp, ports: 22-80, from: 10.0.0.0/16, description: g1a }
      - { protocol: tcp, ports: 80, from: 0.0.0.0/0, description: g1b }
      - { protocol: all, from: g2, description: g1c }
    egress: [{ protocol: all, to: 0.0.0.0/0, description: g1d }, { protocol: all, to: "::/0", description: g1e }]
  g2:
    vpc: main
    ingress:
      - { protocol: udp, ports: 53, from: 0.0.0.0/0, description: g2a }
      - { protocol: tcp, ports: 80, from: list4, description: g2b }
    egress: [{ protocol: all, to: 0.0.0.0/0, description: g2c }, { protocol: all, to: "::/0", description: g2d }]
  g3: { vpc: main, egress: [] }
  g4:
    vpc: main
    egress: [{ protocol: all, to: 0.0.0.0/0, description: g4a }, { protocol: all, to: "::/0", description: g4b }]
  g5:
    vpc: side
    ingress: { protocol: all, from: 10.0.0.0/16, description: g5a }
    egress: { protocol: all, to: 0.0.0.0/0, description: g5b }
instances:
  a1: { subnet: a, securityGroups: [g1], publicIp: true, listen: &servers [tcp/22, tcp/80, udp/53, 47] }
  a2: { subnet: a, securityGroups: [g1, g2], publicIp: true, secondaryIps: [10.0.1.99], listen: *servers }
  b1: { subnet: b, securityGroups: [g3], listen: *servers }
  b2: { listen: *servers, interfaces: [{ subnet: b, securityGroups: [g2] }, { subnet: a, securityGroups: [g4] }] }
  c1: { subnet: c, listen: *servers }
  s1: { subnet: s, securityGroups: [g5], listen: *servers }
internet:
  far: { addresses: [198.51.100.10, "2001:db8:ffff::10"], listen: *servers }
  near: { addresses: [203.0.113.7], listen: *servers }
`;

/** @param name of the lab */
export function fuzzCloud(name: string): Cloud {
  return parseScenario(`name: ${name}\n${FUZZ_TOPOLOGY}`, 'the lab of random histories').cloud;
}
