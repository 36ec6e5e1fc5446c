/** One sentence for people about what happened to a probe. */
import { byId } from '../cloud/by-id.js';
import { traitsOfInterface } from '../cloud/instances/kinds.js';
import { interfaceName } from '../cloud/lookup.js';
import { readEntryId } from '../cloud/text/network-acl-words.js';
import { type ProbeQuestion, probeTrafficWords } from '../cloud/text/probe.js';
import type { Cloud } from '../cloud/types.js';
import type { ProbeResult } from '../verdict/types.js';
import type { Seen, Sighting } from './sighting.js';
import { staysInside } from './stays-inside.js';

export interface ToExplain extends Omit<ProbeResult, 'explanation'> {
  readonly question: ProbeQuestion;
  /** The packet that was dropped, where one was. */
  readonly drop: Seen | null;
  readonly reason: string | null;
}

/** What is known of a packet that was dropped. */
export type Dropped = Pick<Sighting, 'stage' | 'cause' | 'interfaceId'> & {
  readonly packet: Pick<Sighting['packet'], 'source' | 'destination'>;
};

export function explain(cloud: Cloud, result: ToExplain): string {
  const traffic = probeTrafficWords(result.question);
  switch (result.outcome) {
    case 'connected':
      return result.protocol === 'tcp' ? `${result.to} accepted the connection` : `${result.to} answered`;
    case 'refused':
      return `${letIn(cloud, result)}; nothing listens on ${traffic}`;
    case 'unreachable':
      return `an ICMP error said that ${result.to} cannot be reached`;
    case 'timed-out':
      return result.drop
        ? dropped(cloud, result, result.drop)
        : `${letIn(cloud, result)}; it did not answer ${traffic}`;
    case 'unknown':
      return result.reason ?? 'the outcome could not be observed';
  }
}

function letIn(cloud: Cloud, { to, question }: ToExplain): string {
  if (staysInside(cloud, question)) return `${to} asked itself, which no security group sees`;
  return question.to.kind === 'interface' ? `${to}'s security groups let it in` : `it reached ${to}`;
}

function dropped(cloud: Cloud, result: ToExplain, { sighting, leg, error }: Seen): string {
  // Behind a balancer it is for another port than the client's question.
  const port =
    result.question.port === null || error || leg === 'reply' ? result.question.port : sighting.packet.destinationPort;
  const traffic = probeTrafficWords({ ...result.question, port });
  if (error) {
    const reason = whyDropped(cloud, result, sighting, 'the ICMP error');
    return `nothing listens on ${traffic} of ${result.to}, but the ICMP error that says so was dropped: ${reason}`;
  }
  if (leg === 'reply') return `the reply was dropped: ${whyDropped(cloud, result, sighting, 'it')}`;
  return `${whyDropped(cloud, result, sighting, traffic)}${byPath(cloud, result, sighting)}`;
}

/** @param what the dropped packet in words */
export function whyDropped(
  cloud: Cloud,
  { from, question }: { readonly from: string; readonly question: Pick<ProbeQuestion, 'destinationAddress'> },
  sighting: Dropped,
  what: string,
): string {
  const { stage, cause, packet } = sighting;
  if (cause === 'allowance') return `${ownerOf(cloud, sighting)} tracks as many connections as its allowance permits`;
  switch (stage) {
    case 'sg-egress':
      return `no egress rule of ${groupsOf(cloud, sighting)} allows ${what} to ${packet.destination}`;
    case 'sg-ingress':
      if (isClosed(cloud, sighting))
        return `${what} is for a function's interface, and nothing can connect to a function`;
      return `no ingress rule of ${groupsOf(cloud, sighting)} allows ${what} from ${packet.source}`;
    case 'source-dest-check':
      return `the packet from ${packet.source} to ${packet.destination} is neither from nor to the interface that it passes`;
    case 'nacl-outbound':
      return deniedByNetworkAcl(cloud, sighting, 'outbound', `${what} to ${packet.destination}`);
    case 'nacl-inbound':
      return deniedByNetworkAcl(cloud, sighting, 'inbound', `${what} from ${packet.source}`);
    case 'route':
      if (cause === 'no-public-address')
        return `${from} has no public address, and the internet gateway translates no other`;
      if (cause === 'no-interface') return `no interface of the VPC has the address ${packet.destination}`;
      if (cause === 'peering-not-active')
        return `the peering that the route to ${packet.destination} names is not active`;
      if (cause === 'not-transitive')
        return `a peering leads to addresses of the other VPC and no further, and ${packet.destination} is none of them`;
      if (cause === 'egress-only')
        return `an egress-only internet gateway lets in what was begun inside, and ${packet.source} begins anew`;
      if (cause === 'not-begun-inside')
        return `the gateway at ${packet.destination} knows no such connection, and nothing from outside can begin one`;
      if (cause === 'fragment') return 'a NAT gateway passes on no fragments of TCP and ICMP';
      if (cause === 'untranslatable') return 'a NAT gateway passes on nothing but TCP, UDP and ICMP';
      if (cause === 'blackhole') return `the route to ${packet.destination} is a black hole: its target is gone`;
      return `there is no route to ${packet.destination}`;
    case 'listener':
      return `${question.destinationAddress} did not answer`;
  }
}

/** `strict`'s entry, or that there was none. */
function deniedByNetworkAcl(cloud: Cloud, { cause }: Dropped, direction: string, what: string): string {
  const denied = cause === null ? null : readEntryId(cloud, cause);
  if (denied === null) return `the ${direction} network ACL denies ${what}`;
  const { list, number } = denied;
  return number === null
    ? `no ${direction} entry of network ACL ${list.name} matches ${what}`
    : `${direction} entry ${number} of network ACL ${list.name} denies ${what}`;
}

/** A rule that names the sender's group is what one expects to match, and a middlebox is why it does not. */
function byPath(cloud: Cloud, { path, question }: ToExplain, { stage }: Sighting): string {
  if (stage !== 'sg-ingress') return '';
  const ends = [question.from, question.to].map((end) => (end.kind === 'interface' ? end.interfaceId : null));
  const forwarder = path.find(
    ({ interface: id, leg, verdict }) => leg === 'request' && verdict === 'pass' && !ends.includes(id),
  );
  if (forwarder === undefined || forwarder.interface === null) return '';
  return `: ${interfaceName(cloud, forwarder.interface)} forwarded it, and references to groups match only what their members send themselves`;
}

function isClosed(cloud: Cloud, { interfaceId }: Dropped): boolean {
  return (
    interfaceId !== null && traitsOfInterface(cloud, byId(cloud.networkInterfaces, interfaceId)).ingress === 'closed'
  );
}

function ownerOf(cloud: Cloud, { interfaceId }: Dropped): string {
  return interfaceId === null ? 'the instance' : interfaceName(cloud, interfaceId);
}

/** `web-1's security groups (web, admin)` */
function groupsOf(cloud: Cloud, { interfaceId }: Dropped): string {
  if (interfaceId === null) return 'the security groups';
  const names = byId(cloud.networkInterfaces, interfaceId).groupIds.map((id) => byId(cloud.securityGroups, id).name);
  return `${interfaceName(cloud, interfaceId)}'s security groups (${names.join(', ')})`;
}
