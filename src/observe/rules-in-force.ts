/** The rules of an instance as the kernel holds them, with what each one judged. */

import { isStale } from '../cloud/groups/members.js';
import type { Direction } from '../cloud/groups/types.js';
import { byId, interfaceName } from '../cloud/lookup.js';
import { resolveInterface } from '../cloud/text/endpoint.js';
import { ruleText } from '../cloud/text/rule.js';
import type { Cloud } from '../cloud/types.js';
import { listRuleset, printRuleset } from '../kernel/nft.js';
import { inCard } from './in-card.js';

export interface RuleInForce {
  readonly id: string;
  readonly group: string;
  readonly direction: Direction;
  /** `tcp/443 from 0.0.0.0/0` */
  readonly rule: string;
  readonly description: string | null;
  /** Packets that this rule admitted: of a tracked connection only the first, the rest pass as part of it. */
  readonly packets: number;
  /** It refers to a group that is out of reach, and so matches nothing (aws-semantics 3.4). */
  readonly stale: boolean;
}

export interface RulesInForce {
  /** `web-1.eth0` */
  readonly interface: string;
  readonly groups: readonly string[];
  readonly rules: readonly RuleInForce[];
}

/** @param word an instance or interface @throws CloudError for an unknown one */
export async function rulesInForce(cloud: Cloud, word: string): Promise<RulesInForce> {
  const eni = resolveInterface(cloud, word);
  const packets = await inCard(cloud, word, async (netns) => packetsByRule(await listRuleset(netns)));
  const groups = eni.groupIds.map((id) => byId(cloud.securityGroups, id));
  return {
    interface: interfaceName(cloud, eni.id),
    groups: groups.map(({ name }) => name),
    rules: groups.flatMap((group) =>
      group.rules.map((rule) => ({
        id: rule.id,
        group: group.name,
        direction: rule.direction,
        rule: ruleText(cloud, rule),
        description: rule.description,
        packets: packets.get(rule.id) ?? 0,
        stale: isStale(cloud, group, rule),
      })),
    ),
  };
}

/** The card's whole ruleset, as nft prints it. */
export function cardText(cloud: Cloud, word: string): Promise<string> {
  return inCard(cloud, word, printRuleset);
}

/** Every element and rule carries the id of the security group rule that it stands for as its comment. */
function packetsByRule(ruleset: unknown): Map<string, number> {
  const sums = new Map<string, number>();
  visit(ruleset, (node) => {
    const { comment } = node;
    const count = packetsOf(node);
    if (typeof comment === 'string' && count !== null) sums.set(comment, (sums.get(comment) ?? 0) + count);
  });
  return sums;
}

/** The counter of an element is in it, that of a rule among its expressions. */
function packetsOf(node: Record<string, unknown>): number | null {
  const inRule = Array.isArray(node.expr) ? node.expr.find((each) => isObject(each) && 'counter' in each) : undefined;
  const counter = isObject(inRule) ? inRule.counter : node.counter;
  return isObject(counter) && typeof counter.packets === 'number' ? counter.packets : null;
}

function visit(node: unknown, onObject: (node: Record<string, unknown>) => void): void {
  if (Array.isArray(node)) {
    for (const each of node) visit(each, onObject);
  } else if (isObject(node)) {
    onObject(node);
    for (const each of Object.values(node)) visit(each, onObject);
  }
}

function isObject(node: unknown): node is Record<string, unknown> {
  return typeof node === 'object' && node !== null && !Array.isArray(node);
}
