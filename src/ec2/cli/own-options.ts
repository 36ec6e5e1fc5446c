/** Options that the AWS CLI has and the API does not: short forms for one rule and for one interface. Pure. */
import type { Value } from './option-value.js';

/** Members of a request by the API model's names. */
export interface Members {
  readonly [member: string]: Value;
}

type OwnOption = (word: string, before: Members) => Members;

/** The only rule of the request, with one more part. */
function rule(part: (word: string) => Members): OwnOption {
  return (word, { IpPermissions }) => {
    const [first] = Array.isArray(IpPermissions) ? (IpPermissions as readonly Value[]) : [];
    return { IpPermissions: [{ ...(typeof first === 'object' ? first : {}), ...part(word) }] };
  };
}

const RULE: Readonly<Record<string, OwnOption>> = {
  protocol: rule((word) => ({ IpProtocol: word === 'all' ? '-1' : word })),
  port: rule(portsOf),
  cidr: rule((word) => ({ IpRanges: [{ CidrIp: word }] })),
  'source-group': rule((word) => ({
    UserIdGroupPairs: [{ [word.startsWith('sg-') ? 'GroupId' : 'GroupName']: word }],
  })),
};

/** `443`, `1024-65535`, `all`; of ICMP the type, `-1` being all. */
function portsOf(word: string): Members {
  const [, from, to = from] = /^(-?\d+)(?:-(-?\d+))?$/.exec(word === 'all' ? '-1' : word) ?? [];
  return { FromPort: from ?? word, ToPort: to ?? word };
}

function interfaceOf({ NetworkInterfaces }: Members): { readonly [member: string]: Value } {
  const [first] = Array.isArray(NetworkInterfaces) ? (NetworkInterfaces as readonly Value[]) : [];
  return typeof first === 'object' && !Array.isArray(first) ? (first as Members) : { DeviceIndex: '0' };
}

const RUN: Readonly<Record<string, OwnOption>> = {
  count: (word) => {
    const [least = '1', most = least] = word.split(':');
    return { MinCount: least, MaxCount: most };
  },
  'associate-public-ip-address': (_word, before) => ({
    NetworkInterfaces: [{ ...interfaceOf(before), AssociatePublicIpAddress: 'true' }],
  }),
  'no-associate-public-ip-address': (_word, before) => ({
    NetworkInterfaces: [{ ...interfaceOf(before), AssociatePublicIpAddress: 'false' }],
  }),
};

export const OWN_OPTIONS: Readonly<Record<string, Readonly<Record<string, OwnOption>>>> = {
  AuthorizeSecurityGroupIngress: RULE,
  AuthorizeSecurityGroupEgress: RULE,
  RevokeSecurityGroupIngress: RULE,
  RevokeSecurityGroupEgress: RULE,
  RunInstances: RUN,
};

/** Entries of network ACLs have protocols by number, which the CLI takes by name. */
const PROTOCOL_NUMBERS: Readonly<Record<string, string>> = { all: '-1', icmp: '1', tcp: '6', udp: '17' };

/** What the CLI adds to a request, or moves in it, before it sends it. */
export function completed(action: string, members: Members): Members {
  if (action === 'RunInstances') return completedLaunch({ MinCount: '1', MaxCount: '1', ...members });
  const number = typeof members.Protocol === 'string' ? PROTOCOL_NUMBERS[members.Protocol] : undefined;
  return number !== undefined && action.endsWith('NetworkAclEntry') ? { ...members, Protocol: number } : members;
}

/** What describes the primary interface goes where that interface is described, if the request describes one. */
function completedLaunch(members: Members): Members {
  const own = interfaceOf(members);
  if (own.AssociatePublicIpAddress === undefined) return members;
  const { SubnetId, SecurityGroupIds, PrivateIpAddress, ...rest } = members;
  const PrivateIpAddresses = PrivateIpAddress && [{ PrivateIpAddress, Primary: 'true' }];
  const moved = { SubnetId, Groups: SecurityGroupIds, PrivateIpAddresses };
  const given = Object.entries(moved).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  return { ...rest, NetworkInterfaces: [{ ...own, ...Object.fromEntries(given) }] };
}
