import type { SecurityGroupRule } from '../cloud/groups/types.js';
import type { NetworkInterface } from '../cloud/interfaces/types.js';
import type { Cloud } from '../cloud/types.js';
import { cardRuleset, type Ruleset } from '../ruleset/index.js';

interface Known {
  /** Everything that the ruleset is made of. A change of the cloud makes new objects where it changes something. */
  readonly inputs: readonly unknown[];
  readonly ruleset: Ruleset;
}

const known = new WeakMap<NetworkInterface, Known>();

/** What a card enforces: the very same object as before where a change of the cloud did not touch it. */
export function cardRulesetOf(cloud: Cloud, eni: NetworkInterface): Ruleset {
  const groups = eni.groupIds.map((id) => cloud.securityGroups[id]);
  const allowance = cloud.instances[eni.instanceId]?.connectionAllowance;
  const inputs = [
    allowance,
    cloud.icmpErrors,
    cloud.vpcs,
    cloud.subnets,
    cloud.networkInterfaces,
    cloud.idleInterfaces,
    cloud.prefixLists,
    cloud.peerings,
    cloud.transitGateways,
    cloud.routeTables,
    ...groups,
    ...groups.flatMap((group) => group?.rules.flatMap((rule) => associationsOfPeer(cloud, rule)) ?? []),
  ];
  const before = known.get(eni);
  if (before && inputs.every((input, at) => input === before.inputs[at])) return before.ruleset;
  const ruleset = cardRuleset(cloud, eni.id);
  known.set(eni, { inputs, ruleset });
  return ruleset;
}

/** Whether a rule is stale also depends on the VPCs that the group it refers to can be used in. */
function associationsOfPeer(cloud: Cloud, { peer }: SecurityGroupRule): readonly unknown[] {
  return peer.type === 'group' ? [cloud.securityGroups[peer.groupId]?.associatedVpcIds] : [];
}
