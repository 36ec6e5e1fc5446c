import { derive } from '../cloud/derive.js';
import { traitsOf } from '../cloud/instances/kinds.js';
import type { NetworkInterface } from '../cloud/interfaces/types.js';
import { byId, interfacesOfVpc, vpcIdOfInterface } from '../cloud/lookup.js';
import type { Cloud } from '../cloud/types.js';
import { MARK_FROM_UPLINK } from './names.js';

/**
 * A path by which packets come to an interface from another interface than the one that has their source address: a
 * reference to a group means the interface that sends, not its address (section 3.2 of the semantics). The VPC router
 * writes the path's number into the source address of the frame, from which the card reads it.
 */
export interface Path {
  /** 1 … 255, unique in its VPC. */
  readonly number: number;
  /** References to these groups, and to no others, match packets of this path, whatever their source address is. */
  readonly groupIds: readonly string[];
  /** Whether its flows are tracked even if any-peer rules would leave them untracked (4.3). */
  readonly tracked: boolean;
  /**
   * The interface to which answers go back, though they are addressed to the client; null: they are routed as usual.
   */
  readonly answersTo: string | null;
}

/** An instance that forwards packets represents no group: only rules with addresses admit the packets (S50). */
const MIDDLEBOX: Path = { number: 1, groupIds: [], tracked: false, answersTo: null };

/** Load balancers and connect endpoints that send with the addresses of their clients each have a path of their own. */
const FIRST_FORWARDER = 2;

/**
 * The path of packets that an interface sends with addresses other than its own; null if its card drops them. A
 * forwarder's path carries its groups: a target that admits these admits its clients, and no other machine with their
 * addresses (S55, S56).
 */
export function pathOf(cloud: Cloud, eni: NetworkInterface): Path | null {
  if (eni.sourceDestCheck) return null;
  const { kind, forwarding } = byId(cloud.instances, eni.instanceId);
  if (forwarding === null) return MIDDLEBOX;
  const forwarders = interfacesOfVpc(cloud, vpcIdOfInterface(cloud, eni)).filter(
    ({ instanceId }) => byId(cloud.instances, instanceId).forwarding?.preserveClientIp === true,
  );
  const number = FIRST_FORWARDER + forwarders.findIndex(({ id }) => id === eni.id);
  return { number, groupIds: eni.groupIds, tracked: traitsOf(kind).alwaysTracked, answersTo: eni.id };
}

/** The paths of a VPC; most have none, and then rulesets do not mention them. */
export function pathsOf(cloud: Cloud, vpcId: string): readonly Path[] {
  return derive(cloud, `paths ${vpcId}`, (now) => findPaths(now, vpcId));
}

function findPaths(cloud: Cloud, vpcId: string): readonly Path[] {
  const interfaces = Object.values(cloud.networkInterfaces).filter(
    (eni) => !eni.sourceDestCheck && byId(cloud.subnets, eni.subnetId).vpcId === vpcId,
  );
  const paths = interfaces.flatMap((eni) => pathOf(cloud, eni) ?? []);
  return [...new Map(paths.map((path) => [path.number, path])).values()].sort((a, b) => a.number - b.number);
}

/** The source address of a frame that came by a path; the router's own is 02:00:00:00:00:01. */
export function pathMacAddress({ number }: Path): string {
  return `02:00:00:00:01:${number.toString(16).padStart(2, '0')}`;
}

/** The packet's mark inside the receiving card. */
export function pathMark({ number }: Path): string {
  return `0x${(MARK_FROM_UPLINK | (number << 8)).toString(16)}`;
}
