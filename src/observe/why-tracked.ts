/** Why a connection is tracked or not (aws-semantics 4.2), as its interface's rules say it now. */

import type { Direction, Family } from '../cloud/groups/types.js';
import type { NetworkInterface } from '../cloud/interfaces/types.js';
import { byId } from '../cloud/lookup.js';
import { familyOf } from '../cloud/network/cidr.js';
import { PROTOCOL } from '../cloud/protocol.js';
import type { Cloud } from '../cloud/types.js';
import type { ConntrackTuple } from '../kernel/conntrack.js';
import type { PacketClass } from '../ruleset/axis.js';
import { effectiveRules, isAnyPeer, isOpenToAll } from '../ruleset/rules.js';

export interface Tracking {
  /** False: each of its packets is judged by the rules again. */
  readonly tracked: boolean;
  /** The reason, for people. */
  readonly why: string;
  /** Ids of the two rules that leave it untracked, null where one is gone; null for a tracked one. */
  readonly anyPeerRules: { readonly forward: string | null; readonly reverse: string | null } | null;
}

interface Flow {
  readonly protocolNumber: number;
  readonly original: ConntrackTuple;
  readonly tracked: boolean;
  /** Id of the rule that admitted it. */
  readonly rule: string | null;
}

export function whyTracked(cloud: Cloud, eni: NetworkInterface, flow: Flow): Tracking {
  const { tracked, rule: ruleId } = flow;
  const family = familyOf(flow.original.source);
  const packetClass = classOf(flow.protocolNumber, family);
  const reverse: Direction = isOutward(eni, flow.original) ? 'ingress' : 'egress';
  const rules = effectiveRules(cloud, byId(cloud.networkInterfaces, eni.id), reverse);
  const opensAll = rules.find((rule) => isAnyPeer(rule, family) && isOpenToAll(rule, family, packetClass))?.id ?? null;
  if (!tracked) {
    const why = 'any-peer rules admit it in both directions';
    return { tracked, why, anyPeerRules: { forward: ruleId, reverse: opensAll } };
  }
  const rule = Object.values(cloud.securityGroups)
    .flatMap(({ rules }) => rules)
    .find(({ id }) => id === ruleId);
  const reason = (): string => {
    if (packetClass === 'icmp') return 'ICMP always is';
    if (packetClass === 'other') return 'by address pair';
    if (rule === undefined) return 'by a rule that no longer exists';
    if (!isAnyPeer(rule, family)) return 'its rule is not an any-peer rule';
    if (opensAll === null) return `no any-peer ${reverse} rule opens every ${packetClass} port`;
    return 'it started tracked, or its path is always tracked';
  };
  return { tracked, why: reason(), anyPeerRules: null };
}

function isOutward(eni: NetworkInterface, { source }: ConntrackTuple): boolean {
  return [...eni.privateIpAddresses, ...eni.ipv6Addresses].includes(source);
}

function classOf(protocol: number, family: Family): PacketClass {
  if (protocol === PROTOCOL.tcp) return 'tcp';
  if (protocol === PROTOCOL.udp) return 'udp';
  return protocol === (family === 'ipv4' ? PROTOCOL.icmp : PROTOCOL.icmpv6) ? 'icmp' : 'other';
}
