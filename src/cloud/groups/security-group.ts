import { CloudError } from '../errors.js';
import { makeId, nextSerial } from '../ids.js';
import { allInterfaces, byId, getSecurityGroup, getVpc, namedLike, withEntry, withoutEntry } from '../lookup.js';
import { checkDescription, checkGroupName } from '../text/names.js';
import type { Cloud } from '../types.js';
import { addRules, type RuleBody } from './rules.js';
import type { SecurityGroup } from './types.js';

export interface SecurityGroupInput {
  readonly vpcId: string;
  readonly name: string;
  /** AWS demands one. */
  readonly description: string;
}

/** A group with AWS's default: nothing in, everything out, over IPv6 too where the VPC has it. */
export function createSecurityGroup(cloud: Cloud, input: SecurityGroupInput): { cloud: Cloud; group: SecurityGroup } {
  const vpc = getVpc(cloud, input.vpcId);
  const name = checkGroupName(input.name);
  if (input.description === '') {
    throw new CloudError('MissingParameter', 'The request must contain the parameter GroupDescription');
  }
  checkDescription('security group', input.description);
  const twin = namedLike(cloud.securityGroups, name).find(({ vpcId }) => vpcId === vpc.id);
  if (twin !== undefined) {
    throw new CloudError(
      'InvalidGroup.Duplicate',
      `The security group '${name}' already exists for VPC '${vpc.id}'`,
      twin.name === name ? 'Give it another name.' : `Names are compared without case, and ${twin.name} exists.`,
    );
  }
  return makeGroup(cloud, { vpcId: vpc.id, hasIpv6: vpc.ipv6Cidr !== null, name, description: input.description });
}

/** Makes a group that may be called `default` too, in a VPC that may not exist yet. Checks nothing. */
export function makeGroup(
  cloud: Cloud,
  input: SecurityGroupInput & { readonly hasIpv6: boolean },
): { cloud: Cloud; group: SecurityGroup } {
  const base = nextSerial(cloud);
  const { vpcId, name, description, hasIpv6 } = input;
  const id = makeId(base, 'sg');
  const empty: SecurityGroup = { id, name, description, vpcId, associatedVpcIds: [], rules: [] };
  const fromItself: RuleBody = { ...EVERYTHING, direction: 'ingress', peer: { type: 'group', groupId: id } };
  const made = addRules({ ...base, securityGroups: withEntry(base.securityGroups, empty) }, id, [
    ...(name === 'default' ? [fromItself] : []),
    { ...EVERYTHING, direction: 'egress', peer: { type: 'cidr', family: 'ipv4', cidr: '0.0.0.0/0' } },
    ...(hasIpv6 ? [ALL_IPV6_OUT] : []),
  ]);
  return { cloud: made.cloud, group: byId(made.cloud.securityGroups, id) };
}

/** Throws CloudError for a default group (A1) and for one that an interface or another group uses (A17). */
export function deleteSecurityGroup(cloud: Cloud, groupId: string): Cloud {
  const group = getSecurityGroup(cloud, groupId);
  if (byId(cloud.vpcs, group.vpcId).defaultGroupId === group.id) {
    throw new CloudError(
      'CannotDelete',
      `the specified group: "${group.id}" name: "${group.name}" cannot be deleted by a user`,
      'A default group lives as long as its VPC; its rules can be changed.',
    );
  }
  const user = userOf(cloud, group);
  if (user !== undefined) {
    throw new CloudError(
      'DependencyViolation',
      `resource ${group.id} has a dependent object`,
      `${user} uses ${group.name}.`,
    );
  }
  return { ...cloud, securityGroups: withoutEntry(cloud.securityGroups, group.id) };
}

const EVERYTHING = { protocol: '-1', fromPort: null, toPort: null, description: null } as const;

const ALL_IPV6_OUT: RuleBody = {
  ...EVERYTHING,
  direction: 'egress',
  peer: { type: 'cidr', family: 'ipv6', cidr: '::/0' },
};

/** The first interface, associated VPC or other group that depends on the group; a rule that refers to its own group is no obstacle. */
function userOf(cloud: Cloud, group: SecurityGroup): string | undefined {
  const eni = allInterfaces(cloud).find(({ groupIds }) => groupIds.includes(group.id));
  if (eni !== undefined) return `Network interface ${eni.id}`;
  if (group.associatedVpcIds.length > 0) return `VPC ${group.associatedVpcIds.join(', ')}`;
  const referring = Object.values(cloud.securityGroups).find(
    (other) =>
      other.id !== group.id && other.rules.some(({ peer }) => peer.type === 'group' && peer.groupId === group.id),
  );
  return referring === undefined ? undefined : `Group ${referring.name}`;
}
