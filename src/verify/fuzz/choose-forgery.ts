/** A packet with a source that its sender does not have: every edge has to stop it, or the rules to judge it (S103, S119, S120). */
import type { Choices } from '../../changes/choices.js';
import { addressesOf } from '../../cloud/groups/members.js';
import type { Family } from '../../cloud/groups/types.js';
import { byId } from '../../cloud/lookup.js';
import { nthAddress, parseAddress, parseCidr } from '../../cloud/network/cidr.js';
import type { Endpoint } from '../../cloud/text/endpoint.js';
import type { PacketSpec } from '../../cloud/text/packet-spec.js';
import { resolveProbe } from '../../cloud/text/probe.js';
import type { Cloud } from '../../cloud/types.js';
import { chooseQuestion } from './choose-question.js';

type OnInterface = Extract<Endpoint, { readonly kind: 'interface' }>;

/**
 * Services of AWS, networks that nobody has, and the edges of blocks that no gateway passes. Linux drops ::1 and multicast
 * sources of IPv6 before any rule sees them, without a report.
 */
const STRANGERS: Readonly<Record<Family, readonly string[]>> = {
  ipv4: [
    '169.254.169.254',
    '169.254.170.2',
    '10.99.0.1',
    '172.31.255.255',
    '172.32.0.0',
    '100.64.0.0',
    '100.128.0.0',
    '127.0.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '0.0.0.0',
  ],
  ipv6: ['fd00:ec2::254', 'fd00::1', '2001:db8:1::', '2001:db8:99::1', 'fe80::1'],
};

/** Null where there is nothing to ask, or where the packet would be no forgery of its own: without ports it may belong to any other. */
export function chooseForgery(cloud: Cloud, choices: Choices): PacketSpec | null {
  const probe = chooseQuestion(cloud, choices);
  if (probe === null || (probe.protocol !== 'tcp' && probe.protocol !== 'udp')) return null;
  const { from, to } = resolveProbe(cloud, probe);
  // The machine's own link would show the packet as it leaves.
  if (from.kind === 'interface' && to.kind === 'interface' && isSameMachine(cloud, from, to)) return null;
  const family = probe.family ?? 'ipv4';
  const source = choices.of(sourcesOf(cloud, family));
  if (source === undefined) return null;
  const flags = probe.protocol === 'tcp' ? (['syn'] as const) : [];
  const plain = {
    port: null,
    sourcePort: null,
    destination: null,
    about: null,
    mtu: null,
    hopLimit: 64,
    fragment: null,
  };
  return { ...plain, probe: { ...probe, family }, flags, source };
}

function isSameMachine(cloud: Cloud, a: OnInterface, b: OnInterface): boolean {
  const instance = ({ interfaceId }: OnInterface) => byId(cloud.networkInterfaces, interfaceId).instanceId;
  return instance(a) === instance(b);
}

function sourcesOf(cloud: Cloud, family: Family): string[] {
  const members = Object.values(cloud.networkInterfaces).flatMap((eni) => addressesOf(eni, family));
  const blocks = Object.values(cloud.subnets).flatMap(({ cidr, ipv6Cidr }) =>
    family === 'ipv4' ? cidr : (ipv6Cidr ?? []),
  );
  const routers = blocks.map((block) => nthAddress(parseCidr(block), 1n));
  const free = blocks.map((block) => nthAddress(parseCidr(block), 200n));
  const hosts = Object.values(cloud.externalHosts).flatMap(({ addresses }) =>
    addresses.filter((address) => parseAddress(address).family === family),
  );
  return [...members, ...routers, ...free, ...hosts, ...STRANGERS[family]];
}
