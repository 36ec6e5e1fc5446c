import type {
  NetworkAclEntry as EntryItem,
  NetworkAclAssociation,
  NetworkAcl as NetworkAclItem,
} from '@aws-sdk/client-ec2';
import type { Direction, Family } from '../../cloud/groups/types.js';
import { associationId } from '../../cloud/ids.js';
import { byId } from '../../cloud/lookup.js';
import { networkAclOf } from '../../cloud/network/network-acl.js';
import type { NetworkAcl, NetworkAclEntry } from '../../cloud/network/types.js';
import { hasPorts, isIcmp, protocolNumber } from '../../cloud/protocol.js';
import type { Cloud } from '../../cloud/types.js';
import { tagList } from './common.js';

/** The numbers of the last entries, which deny all other traffic and which nobody can change (NACL, MODEL). */
const LAST: Readonly<Record<Family, number>> = { ipv4: 32767, ipv6: 32768 };

export function networkAclItem(cloud: Cloud, list: NetworkAcl): NetworkAclItem {
  const vpc = byId(cloud.vpcs, list.vpcId);
  const families: Family[] = vpc.ipv6Cidr === null ? ['ipv4'] : ['ipv4', 'ipv6'];
  const entriesOf = (direction: Direction) => [
    ...list.entries.filter((entry) => entry.direction === direction).map(entryItem),
    ...families.map((family) => lastEntry(direction, family)),
  ];
  return {
    NetworkAclId: list.id,
    VpcId: list.vpcId,
    OwnerId: cloud.accountId,
    IsDefault: vpc.defaultNetworkAclId === list.id,
    Entries: [...entriesOf('egress'), ...entriesOf('ingress')],
    Associations: networkAclAssociations(cloud, list),
    Tags: tagList(cloud, list.id),
  };
}

export function networkAclAssociations(cloud: Cloud, list: NetworkAcl): NetworkAclAssociation[] {
  return Object.values(cloud.subnets)
    .filter((subnet) => networkAclOf(cloud, subnet).id === list.id)
    .map(({ id }) => ({
      NetworkAclAssociationId: networkAclAssociationId(id, list.id),
      NetworkAclId: list.id,
      SubnetId: id,
    }));
}

/** A subnet that gets another network ACL gets another association. */
export function networkAclAssociationId(subnetId: string, networkAclId: string): string {
  return associationId('aclassoc', subnetId, networkAclId);
}

function entryItem({
  number,
  direction,
  action,
  protocol,
  fromPort,
  toPort,
  family,
  cidr,
}: NetworkAclEntry): EntryItem {
  return {
    RuleNumber: number,
    Egress: direction === 'egress',
    RuleAction: action,
    Protocol: String(protocolNumber(protocol)),
    ...(family === 'ipv4' ? { CidrBlock: cidr } : { Ipv6CidrBlock: cidr }),
    ...(hasPorts(protocol) ? { PortRange: { From: fromPort ?? 0, To: toPort ?? 0 } } : {}),
    ...(isIcmp(protocol) ? { IcmpTypeCode: { Type: fromPort ?? -1, Code: toPort ?? -1 } } : {}),
  };
}

function lastEntry(direction: Direction, family: Family): EntryItem {
  return {
    RuleNumber: LAST[family],
    Egress: direction === 'egress',
    RuleAction: 'deny',
    Protocol: '-1',
    ...(family === 'ipv4' ? { CidrBlock: '0.0.0.0/0' } : { Ipv6CidrBlock: '::/0' }),
  };
}
