/** Random changes: the numbers that decide them, and the peers, ports and rules that several verbs choose from. */

import type { SecurityGroup } from '../cloud/groups/types.js';
import { byId } from '../cloud/lookup.js';
import type { UnresolvedRule } from '../cloud/text/rule.js';
import type { Cloud } from '../cloud/types.js';

/** Numbers that were drawn before it was known what there is to choose from; each is taken once. */
export class Choices {
  readonly #numbers: readonly number[];
  #at = 0;

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers;
  }

  /** One of the items; undefined of none. */
  of<T>(items: readonly T[]): T | undefined {
    return items[this.number(items.length)];
  }

  /** 0 … count - 1. */
  number(count: number): number {
    const next = this.#numbers[this.#at++] ?? 0;
    return count === 0 ? 0 : next % count;
  }
}

const PORT_RANGES = [
  [22, 22],
  [80, 80],
  [0, 65_535],
  [1, 65_535],
  [20, 60],
  [53, 53],
  [79, 81],
] as const;

export const BLOCKS4 = [
  '0.0.0.0/0',
  '10.0.0.0/16',
  '10.0.1.0/24',
  '10.0.1.4/32',
  '10.0.2.0/23',
  '10.1.0.0/16',
  '198.51.100.0/24',
  '203.0.113.7/32',
  '0.0.0.0/1',
  '128.0.0.0/1',
] as const;

export const BLOCKS6 = ['::/0', '2001:db8:1::/56', '2001:db8:1:2::/64', '2001:db8:ffff::10/128', '::/1'] as const;

export function chooseRule(cloud: Cloud, group: SecurityGroup, choices: Choices): UnresolvedRule {
  const direction = choices.number(3) === 2 ? 'egress' : 'ingress';
  const protocol = choices.of(['tcp', 'udp', '-1', 'icmp', 'icmpv6', '47', 'tcp', 'udp']) ?? 'tcp';
  return {
    direction,
    protocol,
    ...chooseRange(protocol, choices),
    peer: choosePeer(cloud, group, choices),
    description: null,
  };
}

export function chooseRange(protocol: string, choices: Choices): Pick<UnresolvedRule, 'fromPort' | 'toPort'> {
  if (protocol === 'icmp' || protocol === 'icmpv6') {
    const echo = protocol === 'icmp' ? 8 : 128;
    const [fromPort, toPort] = choices.of([[-1, -1] as const, [echo, -1] as const, [echo, 0] as const]) ?? [-1, -1];
    return { fromPort, toPort };
  }
  if (protocol !== 'tcp' && protocol !== 'udp') return { fromPort: null, toPort: null };
  const [fromPort, toPort] = choices.of(PORT_RANGES) ?? [80, 80];
  return { fromPort, toPort };
}

function choosePeer(cloud: Cloud, { vpcId }: SecurityGroup, choices: Choices): string {
  const groups = Object.values(cloud.securityGroups).filter((other) => other.vpcId === vpcId || hasPeering(cloud));
  const peers = [
    BLOCKS4,
    groups.map((each) => groupReference(cloud, each)),
    BLOCKS6,
    BLOCKS4,
    Object.values(cloud.prefixLists).map(({ name }) => name),
  ];
  return choices.of(choices.of(peers) ?? BLOCKS4) ?? '0.0.0.0/0';
}

/** The name, with its VPC's where several VPCs have a group of that name: ids differ from lab to lab. */
export function groupReference(cloud: Cloud, { vpcId, name }: SecurityGroup): string {
  const isOnly = Object.values(cloud.securityGroups).filter((group) => group.name === name).length === 1;
  return isOnly ? name : `${byId(cloud.vpcs, vpcId).name}/${name}`;
}

function hasPeering(cloud: Cloud): boolean {
  return Object.values(cloud.peerings).some(({ status }) => status === 'active');
}
