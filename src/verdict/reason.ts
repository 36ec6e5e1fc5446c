/** Why a place decided about a packet as it did, with all values that its sentence needs. `sentence.ts` writes that. */

import type { Direction } from '../cloud/groups/types.js';
import { traitsOfInterface } from '../cloud/instances/kinds.js';
import { byId, findById, interfaceName } from '../cloud/lookup.js';
import { isPrivate } from '../cloud/network/private-blocks.js';
import { readEntryId } from '../cloud/text/network-acl-text.js';
import type { Cloud } from '../cloud/types.js';
import type { DropCause, PacketHop } from './types.js';

/** The end of a packet that a rule looks at: the source of what comes in, the destination of what goes out. */
interface PeerSeen {
  readonly direction: Direction;
  /** Its address. */
  readonly peer: string;
}

interface AclEntry {
  /** Name of the network ACL. */
  readonly acl: string;
  /** Null where no entry matched. */
  readonly number: number | null;
}

/** Causes whose sentence names the packet's destination and nothing else. */
type DestinationCause = Extract<
  DropCause,
  'no-route' | 'no-interface' | 'blackhole' | 'peering-not-active' | 'not-begun-inside'
>;

export type DropReason =
  /** `interface` is its name, `groups` those of its security groups; null and none where the place is not known. */
  | ({ readonly type: 'no-rule'; readonly interface: string | null; readonly groups: readonly string[] } & PeerSeen)
  | { readonly type: 'closed-interface' }
  | { readonly type: 'allowance'; readonly interface: string | null }
  | { readonly type: 'foreign-addresses'; readonly source: string; readonly destination: string }
  /** `interface` let it out, `owner` of the same machine has its source: both are names. */
  | { readonly type: 'wrong-exit'; readonly interface: string; readonly source: string; readonly owner: string }
  /** `entry`: null where the network ACL is gone. */
  | ({ readonly type: 'denied'; readonly entry: AclEntry | null } & PeerSeen)
  | { readonly type: DestinationCause; readonly destination: string }
  | { readonly type: 'no-public-address'; readonly sender: string }
  | { readonly type: 'not-transitive'; readonly source: string; readonly destination: string }
  | { readonly type: 'egress-only' | 'spoofed' | 'hairpin'; readonly source: string }
  | { readonly type: 'private-address'; readonly direction: Direction; readonly address: string }
  | { readonly type: 'fragment' | 'untranslatable' | 'endpoint-protocol' }
  | { readonly type: 'silent'; readonly destination: string };

export type PassReason =
  | { readonly type: 'admitted'; readonly rules: number }
  /** `admittedBy`: the rules that admitted the connection, in words; none where they are gone. */
  | { readonly type: 'tracked'; readonly admittedBy: readonly string[] }
  | { readonly type: 'exempt' | 'no-groups' }
  /** No rule of this direction is asked. */
  | { readonly type: 'not-filtered'; readonly direction: Direction; readonly access: string }
  | { readonly type: 'own-source' | 'own-destination'; readonly address: string }
  | { readonly type: 'check-off' | 'answers-through'; readonly interface: string }
  | ({ readonly type: 'allowed' } & AclEntry)
  /** `target` in words: `via peering to-shop`. */
  | { readonly type: 'routed'; readonly destination: string; readonly block: string; readonly target: string };

export type Reason = DropReason | PassReason;

/** @param sender of the packet, by the name that its reader knows */
export function dropReason(cloud: Cloud, hop: Omit<PacketHop, 'verdict'>, sender: string): DropReason {
  const { stage, cause, packet } = hop;
  const { source, destination } = packet;
  if (cause === 'allowance') return { type: 'allowance', interface: nameOf(cloud, hop) };
  switch (stage) {
    case 'sg-egress':
      return { type: 'no-rule', direction: 'egress', peer: destination, ...filterOf(cloud, hop) };
    case 'sg-ingress':
      if (isClosed(cloud, hop)) return { type: 'closed-interface' };
      return { type: 'no-rule', direction: 'ingress', peer: source, ...filterOf(cloud, hop) };
    case 'source-dest-check':
      return wrongExit(cloud, hop) ?? { type: 'foreign-addresses', source, destination };
    case 'nacl-outbound':
      return { type: 'denied', direction: 'egress', peer: destination, entry: aclEntry(cloud, hop.rule) };
    case 'nacl-inbound':
      return { type: 'denied', direction: 'ingress', peer: source, entry: aclEntry(cloud, hop.rule) };
    case 'route':
      return routeReason(cause ?? 'no-route', hop.packet, sender);
    case 'listener':
      return { type: 'silent', destination };
  }
}

function routeReason(
  cause: Exclude<DropCause, 'allowance'>,
  { source, destination }: PacketHop['packet'],
  sender: string,
): DropReason {
  switch (cause) {
    case 'no-public-address':
      return { type: cause, sender };
    case 'not-transitive':
      return { type: cause, source, destination };
    case 'egress-only':
    case 'spoofed':
    case 'hairpin':
      return { type: cause, source };
    case 'private-address':
      // What comes in is judged before its public destination is translated.
      return isPrivate(destination)
        ? { type: cause, direction: 'egress', address: destination }
        : { type: cause, direction: 'ingress', address: source };
    case 'fragment':
    case 'untranslatable':
    case 'endpoint-protocol':
      return { type: cause };
    default:
      return { type: cause, destination };
  }
}

/** @param id of an entry: `acl-0123456789abcdef0/90` */
export function aclEntry(cloud: Cloud, id: string | null): AclEntry | null {
  const read = id === null ? null : readEntryId(cloud, id);
  return read === null ? null : { acl: read.list.name, number: read.number };
}

type At = Pick<PacketHop, 'interface'>;

function nameOf(cloud: Cloud, { interface: id }: At): string | null {
  return id === null ? null : interfaceName(cloud, id);
}

function filterOf(cloud: Cloud, hop: At): Pick<Extract<DropReason, { type: 'no-rule' }>, 'interface' | 'groups'> {
  const eni = hop.interface === null ? null : byId(cloud.networkInterfaces, hop.interface);
  const groups = (eni?.groupIds ?? []).map((id) => byId(cloud.securityGroups, id).name);
  return { interface: nameOf(cloud, hop), groups };
}

/** A machine's routes may lead a packet out by another interface than the one that has its source. */
function wrongExit(cloud: Cloud, { interface: id, packet: { source } }: Omit<PacketHop, 'verdict'>): DropReason | null {
  const eni = id === null ? undefined : findById(cloud.networkInterfaces, id);
  const owner = Object.values(cloud.networkInterfaces).find(
    (each) =>
      each.instanceId === eni?.instanceId && [...each.privateIpAddresses, ...each.ipv6Addresses].includes(source),
  );
  if (eni === undefined || owner === undefined || owner.id === eni.id) return null;
  return { type: 'wrong-exit', interface: interfaceName(cloud, eni.id), source, owner: interfaceName(cloud, owner.id) };
}

/** Nothing can connect to the interface of a function. */
function isClosed(cloud: Cloud, { interface: id }: At): boolean {
  const eni = id === null ? undefined : findById(cloud.networkInterfaces, id);
  return eni !== undefined && traitsOfInterface(cloud, eni).ingress === 'closed';
}
