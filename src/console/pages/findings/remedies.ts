/** What can be done about a finding, as requests of the EC2 API. Pure. */
import type { SecurityGroupRule } from '../../../cloud/groups/types.js';
import { familyOf, hostCidr } from '../../../cloud/network/cidr.js';
import { ruleText } from '../../../cloud/text/rule.js';
import type { Cloud } from '../../../cloud/types.js';
import type { Ec2Request } from '../../../controller/console/protocol.js';
import type { Finding } from '../../../verify/audit/types.js';
import { ec2Request } from '../../live/call.js';
import { type RuleChanges, ruleRequests } from '../groups/rule-requests.js';

export interface Remedy {
  readonly label: string;
  readonly requests: readonly Ec2Request[];
}

/** Findings whose rule is right but for the world that it lets in. */
const TOO_WIDE: ReadonlySet<Finding['kind']> = new Set([
  'all-from-anywhere',
  'ssh-open',
  'rdp-open',
  'database-open',
  'admin-open',
]);

const NO_CHANGE: RuleChanges = { authorize: [], modify: [], describe: [], revoke: [] };

/** Empty where people have to decide what the group was for. */
export function remediesOf(cloud: Cloud, { kind, groupId, rule }: Finding): Remedy[] {
  const group = cloud.securityGroups[groupId];
  if (group === undefined) return [];
  if (kind === 'unused-group') {
    const requests = [ec2Request('DeleteSecurityGroup', { GroupId: groupId })];
    return [{ label: `Delete ${group.name}`, requests }];
  }
  if (kind === 'default-group-rules') {
    const requests = group.rules.flatMap((each) => removed(groupId, each));
    return [{ label: `Remove all rules of ${group.name}`, requests }];
  }
  if (rule === null) return [];
  const remove = { label: `Remove ${ruleText(cloud, rule)}`, requests: removed(groupId, rule) };
  return [...(TOO_WIDE.has(kind) ? narrowed(cloud, groupId, rule) : []), remove];
}

function removed(groupId: string, { id, direction }: SecurityGroupRule): Ec2Request[] {
  return ruleRequests({ groupId, direction }, { ...NO_CHANGE, revoke: [id] });
}

/** One for each machine on the internet that has an address of the rule's family. */
function narrowed(cloud: Cloud, groupId: string, rule: SecurityGroupRule): Remedy[] {
  const { peer, direction } = rule;
  if (peer.type !== 'cidr') return [];
  return Object.values(cloud.externalHosts).flatMap(({ name, addresses }) => {
    const address = addresses.find((each) => familyOf(each) === peer.family);
    if (address === undefined) return [];
    const body = { ...rule, peer: { ...peer, cidr: hostCidr(address) } };
    const requests = ruleRequests({ groupId, direction }, { ...NO_CHANGE, modify: [{ ruleId: rule.id, body }] });
    return [{ label: `Allow only ${name} (${hostCidr(address)})`, requests }];
  });
}
