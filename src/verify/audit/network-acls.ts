/** SGA018: rules whose traffic a network ACL stops anyway. */

import { blocksOf, groupInterfaces } from '../../cloud/groups/members.js';
import type { Direction } from '../../cloud/groups/types.js';
import type { NetworkInterface } from '../../cloud/interfaces/types.js';
import { byId } from '../../cloud/lookup.js';
import { type Cidr, cidrContainsCidr, cidrsOverlap, parseCidr } from '../../cloud/network/cidr.js';
import type { NetworkAcl, Subnet } from '../../cloud/network/types.js';
import { ruleText } from '../../cloud/text/rule.js';
import type { Cloud } from '../../cloud/types.js';
import {
  coversTraffic,
  eachRule,
  overlapsTraffic,
  type RuleOfGroup,
  type RuleTraffic,
  sampleTraffic,
} from './rule-coverage.js';
import type { Finding } from './types.js';

/** The ports of replies: each of them is some client's (RFC 6056). */
const ANSWER_PORTS = { fromPort: 1024, toPort: 65535 } as const;

export function deniedByNetworkAcl(cloud: Cloud): Finding[] {
  return eachRule(cloud, 'ingress').flatMap((each) => {
    const { group, rule } = each;
    const members = groupInterfaces(cloud, group.id);
    const denials = members.map((eni) => denialOf(cloud, eni, each));
    const [first] = denials;
    if (first === undefined || first === null || denials.includes(null)) return [];
    return [
      {
        kind: 'network-acl-denies',
        groupId: group.id,
        rule,
        explanation: `"${ruleText(cloud, rule)}" of ${group.name} is pointless: ${first}`,
        remedy: 'Remove the rule, or allow its traffic in the network ACL',
        claim: {
          type: 'stops-at',
          groupId: group.id,
          rule,
          stages: ['nacl-inbound', 'nacl-outbound'],
          traffic: sampleTraffic(rule),
        },
      },
    ];
  });
}

/**
 * The reason why nothing that the rule admits gets in from outside the subnet, or is answered; null if something may.
 */
function denialOf(cloud: Cloud, eni: NetworkInterface, { rule }: RuleOfGroup): string | null {
  const subnet = byId(cloud.subnets, eni.subnetId);
  const blocks = blocksOf(cloud, rule.peer).filter((block) => !isInside(subnet, block));
  const list = networkAclOf(cloud, subnet);
  if (blocks.length === 0) return null;
  if (blocks.every((block) => deniesAll(list, 'ingress', rule, block)))
    return `network ACL ${list.name} of subnet ${subnet.name} lets none of it in`;
  if (rule.protocol !== 'tcp') return null;
  const answers = { protocol: rule.protocol, ...ANSWER_PORTS };
  if (!blocks.every((block) => deniesAll(list, 'egress', answers, block))) return null;
  return `network ACL ${list.name} of subnet ${subnet.name} lets no answer out`;
}

/** Traffic between neighbours in a subnet never meets its network ACL (S95). */
function isInside({ cidr, ipv6Cidr }: Subnet, block: Cidr): boolean {
  return [cidr, ...(ipv6Cidr === null ? [] : [ipv6Cidr])].some((own) => cidrContainsCidr(parseCidr(own), block));
}

function networkAclOf(cloud: Cloud, subnet: Subnet): NetworkAcl {
  return byId(cloud.networkAcls, subnet.networkAclId ?? byId(cloud.vpcs, subnet.vpcId).defaultNetworkAclId);
}

/** Entries are evaluated by number: an allow of any part before a deny of all lets that part pass. */
function deniesAll({ entries }: NetworkAcl, direction: Direction, traffic: RuleTraffic, block: Cidr): boolean {
  for (const entry of entries) {
    if (entry.direction !== direction) continue;
    const cidr = parseCidr(entry.cidr);
    if (entry.action === 'allow' && cidrsOverlap(cidr, block) && overlapsTraffic(entry, traffic)) return false;
    if (entry.action === 'deny' && cidrContainsCidr(cidr, block) && coversTraffic(entry, traffic)) return true;
  }
  return true;
}
