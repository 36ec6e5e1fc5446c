import { CloudError } from '../errors.js';
import { modifyRule } from '../groups/modify-rules.js';
import { ruleIdsFor } from '../groups/rules.js';
import type { SecurityGroup, SecurityGroupRule } from '../groups/types.js';
import { getRule } from '../lookup.js';
import type { Cloud } from '../types.js';
import { printable } from './quote.js';
import { toRuleSpec } from './resolve.js';
import { trafficText, type UnresolvedRule } from './rule.js';

/** The new text of a rule; omitted parts stay as they are. */
export type RuleModification = Partial<UnresolvedRule>;

/**
 * Changes one rule, which keeps its id (A12).
 * @param word its id or description
 * @throws CloudError when the word means no rule or several, when the direction would change, and what `modifyRule` throws
 */
export function modifyRuleByReference(cloud: Cloud, group: SecurityGroup, word: string, to: RuleModification): Cloud {
  const [id, ...others] = ruleIdsFor(group, word);
  if (id === undefined || others.length > 0) {
    throw new CloudError(
      'InvalidParameterValue',
      `group ${group.name} has several rules described as '${printable(word)}'`,
      `Name one by its id: ${[id, ...others].join(', ')}.`,
    );
  }
  const old = getRule(group, id);
  if (to.direction !== undefined && to.direction !== old.direction) {
    throw new CloudError(
      'InvalidParameterValue',
      `the rule '${printable(word)}' is an ${old.direction} rule`,
      old.direction === 'ingress' ? 'Write `from`.' : 'Write `to`.',
    );
  }
  const { direction, description } = { ...old, ...to };
  const traffic = trafficAfter(old, to);
  const peer = to.peer === undefined ? old.peer : peerOf(cloud, group, { ...traffic, direction, description }, to.peer);
  return modifyRule(cloud, group.id, id, { ...traffic, description, peer }).cloud;
}

/** `tcp/22 from 10.0.0.9/32`, as far as it changes. */
export function modificationText({ direction, peer, description, ...traffic }: RuleModification): string {
  const { protocol, fromPort = null, toPort = null } = traffic;
  const ports = fromPort === toPort ? `${fromPort}` : `${fromPort}${toPort === -1 ? '/' : '-'}${toPort}`;
  return [
    ...(protocol === undefined ? [] : [trafficText({ protocol, fromPort, toPort })]),
    ...(protocol === undefined && fromPort !== null ? [ports] : []),
    ...(peer === undefined ? [] : [`${direction === 'egress' ? 'to' : 'from'} ${peer}`]),
    ...(description == null ? [] : [JSON.stringify(description)]),
  ].join(' ');
}

/** Ports belong to their protocol: another protocol does not keep them. */
function trafficAfter(old: SecurityGroupRule, to: RuleModification) {
  const protocol = to.protocol ?? old.protocol;
  const { fromPort, toPort } = protocol === old.protocol ? old : { fromPort: null, toPort: null };
  return {
    protocol,
    fromPort: to.fromPort === undefined ? fromPort : to.fromPort,
    toPort: to.toPort === undefined ? toPort : to.toPort,
  };
}

function peerOf(cloud: Cloud, group: SecurityGroup, rule: Omit<UnresolvedRule, 'peer'>, peer: string) {
  return toRuleSpec(cloud, group.vpcId, { ...rule, peer }).peer;
}
