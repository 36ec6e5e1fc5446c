/**
 * Address translation by load balancers, connect endpoints and NAT gateways inside their own machine, without a filter.
 */

import { addressesOf } from '../cloud/groups/members.js';
import type { Family } from '../cloud/groups/types.js';
import type { ForwardedPort, Instance } from '../cloud/instances/types.js';
import { byId, presentInterfaces } from '../cloud/lookup.js';
import type { Cloud } from '../cloud/types.js';
import { natGatewayRuleset } from './nat-gateway.js';
import { type Chain, chain, drop, type Ruleset } from './ruleset.js';

const FAMILIES = ['ipv4', 'ipv6'] as const;

/**
 * A network load balancer distributes connections to its ports over its targets in turn; without client address
 * preservation it sends from its own address. A connect endpoint that preserves the client's address sends from that.
 * The result is null for machines that do neither.
 */
export function forwarderRuleset(cloud: Cloud, { kind, forwarding, interfaceIds }: Instance): Ruleset | null {
  if (kind === 'nat-gateway') return natGatewayRuleset(cloud, byId(cloud.networkInterfaces, interfaceIds[0] ?? ''));
  if (forwarding === null) return null;
  const { preserveClientIp, clientIp, ports } = forwarding;
  if (kind === 'network-load-balancer') {
    const forwards = ports.flatMap((port) => FAMILIES.flatMap((family) => forward(cloud, port, family)));
    return nat([
      chain('prerouting', forwards, 'type nat hook prerouting priority dstnat; policy accept;'),
      preserveClientIp ? hairpin(cloud, ports) : postrouting('ct status dnat masquerade'),
    ]);
  }
  return kind === 'connect-endpoint' && clientIp !== null
    ? nat([postrouting(`oifname "eth0" snat ip to ${clientIp}`)])
    : null;
}

function nat(chains: readonly Chain[]): Ruleset {
  return { tables: [{ family: 'inet', name: 'forwarder', sets: [], chains }] };
}

function postrouting(rule: string): Chain {
  return chain('postrouting', [rule], 'type nat hook postrouting priority srcnat; policy accept;');
}

/** A target that is chosen for a connection of its own would get packets from its own address, which no host takes (S124). */
function hairpin(cloud: Cloud, ports: readonly ForwardedPort[]): Chain {
  const drops = FAMILIES.flatMap((family) => {
    const targets = new Set(ports.flatMap((port) => targetAddresses(cloud, port, family)));
    const ip = family === 'ipv4' ? 'ip' : 'ip6';
    const pairs = [...targets].map((address) => `${address} . ${address}`);
    return pairs.length === 0 ? [] : [`${ip} saddr . ${ip} daddr { ${pairs.join(', ')} } ${drop('route', 'hairpin')}`];
  });
  return chain('hairpin', drops, 'type filter hook forward priority filter; policy accept;');
}

function targetAddresses(cloud: Cloud, { targetIds }: ForwardedPort, family: Family): string[] {
  return presentInterfaces(cloud, targetIds).flatMap((eni) => addressesOf(eni, family).slice(0, 1));
}

function forward(cloud: Cloud, forwarded: ForwardedPort, family: Family): string[] {
  const { port, targetPort } = forwarded;
  const targets = targetAddresses(cloud, forwarded, family);
  if (targets.length === 0) return [];
  const ip = family === 'ipv4' ? 'ip' : 'ip6';
  const inTurn = `numgen inc mod ${targets.length} map { ${targets.map((address, at) => `${at} : ${address}`).join(', ')} }`;
  return [`meta nfproto ${family} iifname "eth0" tcp dport ${port} dnat ${ip} to ${inTurn} : ${targetPort}`];
}
