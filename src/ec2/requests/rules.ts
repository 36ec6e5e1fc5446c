/** Reads the rules of requests, which come in bundles (1.1) or in the flat form of old clients, and the groups they name. */
import type { AuthorizeSecurityGroupIngressRequest, IpPermission, UserIdGroupPair } from '@aws-sdk/client-ec2';
import type { PeerSpec, RuleSpec } from '../../cloud/groups/rules.js';
import type { Direction, SecurityGroup } from '../../cloud/groups/types.js';
import { getSecurityGroup } from '../../cloud/lookup.js';
import { defaultVpc } from '../../cloud/network/vpc.js';
import { printable } from '../../cloud/text/quote.js';
import type { Cloud } from '../../cloud/types.js';
import { Ec2Error } from '../ec2-error.js';
import { missingParameter } from '../refusals.js';

type RulesRequest = Omit<AuthorizeSecurityGroupIngressRequest, 'TagSpecifications' | 'DryRun'>;

/** Every entry of a bundle is a rule of its own. Throws Ec2Error where protocol or peer is missing, and for mixed forms. */
export function requestedRules(cloud: Cloud, direction: Direction, request: RulesRequest): RuleSpec[] {
  return permissionsOf(direction, request).flatMap((permission) => specsOf(cloud, direction, permission));
}

/** The flat form is one bundle. */
function permissionsOf(direction: Direction, request: RulesRequest): readonly IpPermission[] {
  const flat = FLAT.filter((parameter) => request[parameter] !== undefined);
  const [first] = flat;
  if (first === undefined) {
    if (request.IpPermissions !== undefined && request.IpPermissions.length > 0) return request.IpPermissions;
    throw missingParameter('ipPermissions');
  }
  const name = `${first.charAt(0).toLowerCase()}${first.slice(1)}`;
  if (request.IpPermissions !== undefined) {
    const text = `The parameter 'ipPermissions' may not be used in combination with '${name}'`;
    throw new Ec2Error('InvalidParameterCombination', text);
  }
  if (direction === 'egress') {
    const text = `The parameter '${name}' is not supported for outbound rules; use ipPermissions`;
    throw new Ec2Error('InvalidParameterCombination', text);
  }
  const { IpProtocol, FromPort, ToPort, CidrIp, SourceSecurityGroupName, SourceSecurityGroupOwnerId } = request;
  const pair = { GroupName: SourceSecurityGroupName, UserId: SourceSecurityGroupOwnerId };
  return [
    {
      IpProtocol: IpProtocol ?? (CidrIp === undefined ? EVERYTHING : undefined),
      FromPort,
      ToPort,
      IpRanges: CidrIp === undefined ? [] : [{ CidrIp }],
      UserIdGroupPairs: SourceSecurityGroupName === undefined ? [] : [pair],
    },
  ];
}

/** With a source group and nothing else the flat form means all traffic (MODEL SourceSecurityGroupName). */
const EVERYTHING = '-1';

const FLAT = [
  'IpProtocol',
  'FromPort',
  'ToPort',
  'CidrIp',
  'SourceSecurityGroupName',
  'SourceSecurityGroupOwnerId',
] as const;

function specsOf(cloud: Cloud, direction: Direction, permission: IpPermission): RuleSpec[] {
  const { IpProtocol, FromPort, ToPort } = permission;
  if (IpProtocol === undefined) throw noProtocol();
  const peers = peersOf(cloud, permission);
  if (peers.length === 0) throw noPeer();
  return peers.map(({ peer, description }) => ({
    direction,
    protocol: IpProtocol,
    fromPort: FromPort ?? null,
    toPort: ToPort ?? null,
    peer,
    description: description ?? null,
  }));
}

interface DescribedPeer {
  readonly peer: PeerSpec;
  readonly description: string | undefined;
}

function peersOf(cloud: Cloud, permission: IpPermission): DescribedPeer[] {
  const { IpRanges = [], Ipv6Ranges = [], PrefixListIds = [], UserIdGroupPairs = [] } = permission;
  return [
    ...IpRanges.map(({ CidrIp, Description }) => cidrPeer('ipv4', CidrIp, Description)),
    ...Ipv6Ranges.map(({ CidrIpv6, Description }) => cidrPeer('ipv6', CidrIpv6, Description)),
    ...PrefixListIds.map(({ PrefixListId, Description }) => ({
      peer: { type: 'prefix-list' as const, prefixListId: PrefixListId ?? '' },
      description: Description,
    })),
    ...UserIdGroupPairs.map((pair) => ({
      peer: { type: 'group' as const, groupId: referencedId(cloud, pair) },
      description: pair.Description,
    })),
  ];
}

function cidrPeer(family: 'ipv4' | 'ipv6', cidr: string | undefined, description: string | undefined): DescribedPeer {
  if (cidr === undefined) throw noPeer();
  return { peer: { type: 'cidr', cidr, family }, description };
}

/** Refuses the groups of other accounts: there are none here. */
function referencedId(cloud: Cloud, { GroupId, GroupName, UserId }: UserIdGroupPair): string {
  if (UserId !== undefined && UserId !== cloud.accountId) {
    const text = `The security group '${printable(GroupId ?? GroupName ?? '')}' does not exist`;
    throw new Ec2Error('InvalidGroup.NotFound', text);
  }
  if (GroupId !== undefined) return GroupId;
  if (GroupName === undefined) throw noPeer();
  return groupByName(cloud, GroupName).id;
}

export function noProtocol(): Ec2Error {
  return new Ec2Error(
    'InvalidParameterValue',
    "Invalid value 'null' for protocol. VPC security group rules must specify protocols explicitly.",
  );
}

function noPeer(): Ec2Error {
  return new Ec2Error(
    'MissingParameter',
    'Missing source specification: include source security group or CIDR information',
  );
}

/** A request names a group by its id, or by its name in the default VPC. Throws CloudError. */
export function groupOfRequest(
  cloud: Cloud,
  { GroupId, GroupName }: { readonly GroupId?: string | undefined; readonly GroupName?: string | undefined },
): SecurityGroup {
  if (GroupId !== undefined) return getSecurityGroup(cloud, GroupId);
  if (GroupName !== undefined) return groupByName(cloud, GroupName);
  throw missingParameter('groupName or groupId');
}

/** Finds a group of the default VPC. Throws CloudError `InvalidGroup.NotFound`, `VPCIdNotSpecified`. */
export function groupByName(cloud: Cloud, name: string): SecurityGroup {
  const { id: vpcId } = defaultVpc(cloud);
  const found = Object.values(cloud.securityGroups).find(
    (group) => group.vpcId === vpcId && group.name.toLowerCase() === name.toLowerCase(),
  );
  if (found !== undefined) return found;
  const text = `The security group '${printable(name)}' does not exist in default VPC '${vpcId}'`;
  throw new Ec2Error('InvalidGroup.NotFound', text);
}
