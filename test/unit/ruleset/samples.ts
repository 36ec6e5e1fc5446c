import { makeDefaultNetworkAcl } from '../../../src/cloud/network/network-acl.js';
import type { Cloud } from '../../../src/cloud/types.js';
import { cardRuleset } from '../../../src/ruleset/card.js';
import { internetGatewayRuleset, internetRuleset } from '../../../src/ruleset/gateway-routers.js';
import type { Ruleset } from '../../../src/ruleset/ruleset.js';
import { vpcRouterRuleset } from '../../../src/ruleset/vpc-router.js';
import { cloud, entry, group, groupId, interfaceId, networkInterface, prefixList, rule, VPC } from './clouds.js';

const OUT_TO_ALL = rule(1, 'egress -1 - 0.0.0.0/0');

/** A typical web server: any peer to 443, the office to 22, the application group to 3306, everything out. */
const web = cloud(
  [
    group(1, [
      OUT_TO_ALL,
      rule(2, 'ingress tcp 443 0.0.0.0/0'),
      rule(3, 'ingress tcp 443 ::/0'),
      rule(4, 'ingress tcp 22 198.51.100.10/32'),
      rule(5, `ingress tcp 3306 ${groupId(2)}`),
      rule(6, 'ingress icmp 8/-1 10.0.0.0/16'),
    ]),
    group(2),
  ],
  [
    networkInterface(5, [groupId(1)], { publicIp: '203.0.113.5' }),
    networkInterface(6, [groupId(2)], { privateIpAddresses: ['10.0.1.6', '10.0.1.60'] }),
  ],
);

/** Overlaps of every kind: ranges, blocks in blocks, lists, groups, protocols by number, several groups. */
const overlapping = cloud(
  [
    group(1, [
      rule(1, 'ingress tcp 0-65535 10.0.0.0/8'),
      rule(2, 'ingress tcp 80-90 0.0.0.0/0'),
      rule(3, 'ingress tcp 85-95 0.0.0.0/0'),
      rule(4, 'ingress tcp 22 10.0.0.0/8'),
      rule(5, 'ingress tcp 22 10.0.1.0/24'),
      rule(6, 'ingress tcp 22 10.0.1.9/32'),
      rule(7, 'ingress udp 53 pl-partners'),
      rule(8, 'ingress icmp -1/-1 192.0.2.0/24'),
      rule(9, 'ingress icmp 3/4 0.0.0.0/0'),
      rule(10, 'ingress icmpv6 128/-1 ::/0'),
      rule(11, 'ingress 50 - 192.0.2.0/24'),
      rule(12, 'ingress -1 - 172.16.0.0/12'),
    ]),
    group(2, [
      rule(20, `ingress -1 - ${groupId(2)}`),
      rule(21, `ingress tcp 22-30 ${groupId(1)}`),
      rule(22, 'egress tcp 0-65535 0.0.0.0/0'),
      rule(23, 'egress udp 53 2001:db8::/32'),
      rule(24, 'egress -1 - ::/0'),
    ]),
  ],
  [networkInterface(5, [groupId(1), groupId(2)]), networkInterface(6, [groupId(2)])],
  [prefixList('partners', ['10.1.0.0/16', '10.1.1.0/24', '0.0.0.0/0'])],
);

/** No rules at all, and a middlebox that forwards for other machines. */
const closed = cloud([group(1)], [networkInterface(5, [groupId(1)], { sourceDestCheck: false })]);

/** The group of interface 6 may reach interface 5; interface 7 forwards for other machines. */
const middlebox = cloud(
  [group(1, [OUT_TO_ALL, rule(2, `ingress tcp 22 ${groupId(2)}`), rule(3, 'ingress tcp 80 10.0.0.0/16')]), group(2)],
  [
    networkInterface(5, [groupId(1)]),
    networkInterface(6, [groupId(2)]),
    networkInterface(7, [groupId(2)], { sourceDestCheck: false }),
  ],
);

/** Entries of every kind at the boundary of the one subnet, which holds a middlebox too. */
const listed: Cloud = {
  ...middlebox,
  networkAcls: {
    [VPC.defaultNetworkAclId]: {
      ...makeDefaultNetworkAcl(VPC),
      entries: [
        entry(80, 'ingress deny tcp 22 203.0.113.0/24'),
        entry(90, 'ingress allow udp 1024-65535 0.0.0.0/0'),
        entry(100, 'ingress allow icmp 8/0 0.0.0.0/0'),
        entry(110, 'ingress allow icmpv6 128/-1 ::/0'),
        entry(120, 'ingress deny icmpv6 -1/-1 10.0.0.0/8'),
        entry(130, 'ingress allow 132 - 10.0.0.0/8'),
        entry(100, 'egress allow tcp 0-65535 0.0.0.0/0'),
        entry(110, 'egress allow -1 - ::/0'),
      ],
    },
  },
};

/** An interface without IPv6: all IPv6 packets are dropped, whatever the rules are. */
const ipv4Only = cloud(
  [
    group(1, [
      rule(1, 'ingress tcp 443 0.0.0.0/0'),
      rule(2, 'ingress tcp 443 ::/0'),
      rule(3, `egress -1 - ${groupId(1)}`),
    ]),
  ],
  [networkInterface(5, [groupId(1)], { ipv6Addresses: [] })],
);

const card = (of: Cloud): Ruleset => cardRuleset(of, interfaceId(5));

/** Rulesets by the name of their golden file. */
export const SAMPLES: Readonly<Record<string, () => Ruleset>> = {
  'card-web': () => card(web),
  'card-overlapping': () => card(overlapping),
  'card-closed': () => card(closed),
  'card-behind-middlebox': () => card(middlebox),
  'fabric-network-acl': () => vpcRouterRuleset(listed, VPC.id),
  'fabric-middlebox': () => vpcRouterRuleset(middlebox, VPC.id),
  'card-ipv4-only': () => card(ipv4Only),
  vpcRouter: () => vpcRouterRuleset(web, VPC.id),
  'internet-gateway': () => internetGatewayRuleset(web, VPC.id),
  internet: () => internetRuleset(web),
};
