import { CloudError } from '../errors.js';
import { isId, makeId, nextSerial } from '../ids.js';
import { findById, getVpc, withEntry } from '../lookup.js';
import { cidrsOverlap, parseCidr } from '../network/cidr.js';
import type { Vpc } from '../network/types.js';
import { vpcBlocks } from '../network/vpc-blocks.js';
import { notFound } from '../resources.js';
import { checkName } from '../text/names.js';
import { quote } from '../text/quote.js';
import { hintFor } from '../text/suggest.js';
import type { Cloud } from '../types.js';
import type { Peering, PeeringStatus } from './types.js';

export interface PeeringInput {
  /** Left out: its id. */
  readonly name?: string;
  readonly requesterVpcId: string;
  readonly accepterVpcId: string;
  readonly status: PeeringStatus;
  /** DNS resolution for both sides. Default false, as in AWS. */
  readonly dnsResolution?: boolean;
}

/**
 * A peering connection of two VPCs: one per pair, and no block of one may overlap one of the other (PEER). Throws
 * CloudError; AWS itself makes one that has `failed` where blocks overlap.
 */
export function createPeering(cloud: Cloud, input: PeeringInput): { cloud: Cloud; peering: Peering } {
  if (input.name !== undefined) checkName('a peering', input.name);
  const requester = getVpc(cloud, input.requesterVpcId);
  const accepter = getVpc(cloud, input.accepterVpcId);
  checkPair(cloud, input.name, requester, accepter);
  checkDisjoint(requester, accepter);
  const base = nextSerial(cloud);
  const id = makeId(base, 'pcx');
  const { dnsResolution = false } = input;
  const peering: Peering = {
    id,
    name: input.name ?? id,
    requesterVpcId: requester.id,
    accepterVpcId: accepter.id,
    status: input.status,
    dnsResolution: { requester: dnsResolution, accepter: dnsResolution },
  };
  return { cloud: { ...base, peerings: withEntry(base.peerings, peering) }, peering };
}

/**
 * Gives a peering its next status. One that has ended stays what it is: a new one of the same VPCs, with an id of its own,
 * takes its name. Throws CloudError for a step that AWS does not have.
 */
export function changePeering(cloud: Cloud, word: string, status: PeeringStatus): Cloud {
  const peering = resolvePeering(cloud, word);
  if (peering.status === status) return cloud;
  if (!isEnded(peering) && status !== 'pending-acceptance' && !(peering.status === 'active' && status !== 'deleted')) {
    return { ...cloud, peerings: withEntry(cloud.peerings, { ...peering, status }) };
  }
  if (isEnded(peering) && (status === 'active' || status === 'pending-acceptance')) {
    const { dnsResolution, ...again } = peering;
    return createPeering(cloud, { ...again, status, dnsResolution: dnsResolution.requester && dnsResolution.accepter })
      .cloud;
  }
  throw new CloudError(
    'InvalidStateTransition',
    `peering ${peering.name} is ${peering.status} and cannot become ${status}`,
    'A request becomes active, rejected, expired or deleted; an active peering is deleted; after that a new one is requested.',
  );
}

/** ModifyVpcPeeringConnectionOptions. Throws CloudError for one that is not active. */
export function modifyPeering(
  cloud: Cloud,
  id: string,
  dnsResolution: Partial<Peering['dnsResolution']>,
): { cloud: Cloud; peering: Peering } {
  const before = getPeering(cloud, id);
  if (before.status !== 'active') {
    throw new CloudError(
      'OperationNotPermitted',
      `Peering ${before.id} is not active. Peering options can be added only to active peerings.`,
      `It is ${before.status}.`,
    );
  }
  const peering = { ...before, dnsResolution: { ...before.dnsResolution, ...dnsResolution } };
  return { cloud: { ...cloud, peerings: withEntry(cloud.peerings, peering) }, peering };
}

export function getPeering(cloud: Cloud, id: string): Peering {
  return findById(cloud.peerings, id) ?? notFound('pcx', id);
}

/** The newest peering of that name or id: older ones of the same name have ended. */
export function findPeering(cloud: Cloud, word: string): Peering | undefined {
  if (isId('pcx', word)) return findById(cloud.peerings, word);
  return Object.values(cloud.peerings).findLast(({ name }) => name === word);
}

export function peeringNames(cloud: Cloud): string[] {
  return [...new Set(Object.values(cloud.peerings).map(({ name }) => name))];
}

/** The VPC at the other side; null if the peering is not the VPC's. */
export function peerVpcId({ requesterVpcId, accepterVpcId }: Peering, vpcId: string): string | null {
  if (vpcId === requesterVpcId) return accepterVpcId;
  return vpcId === accepterVpcId ? requesterVpcId : null;
}

/** The VPCs whose names the resolver of a VPC knows besides its own. */
export function resolvableVpcs(cloud: Cloud, vpcId: string): string[] {
  return Object.values(cloud.peerings)
    .filter(({ status }) => status === 'active')
    .flatMap(({ requesterVpcId, accepterVpcId, dnsResolution }) => [
      ...(accepterVpcId === vpcId && dnsResolution.requester ? [requesterVpcId] : []),
      ...(requesterVpcId === vpcId && dnsResolution.accepter ? [accepterVpcId] : []),
    ]);
}

/** The newest peering of the two: older ones have ended. */
export function peeringBetween(cloud: Cloud, vpcId: string, otherVpcId: string): Peering | undefined {
  return Object.values(cloud.peerings).findLast((peering) => peerVpcId(peering, vpcId) === otherVpcId);
}

/** Whether an active peering connects the two. */
export function isPeered(cloud: Cloud, vpcId: string, otherVpcId: string): boolean {
  return Object.values(cloud.peerings).some(
    (peering) => peering.status === 'active' && peerVpcId(peering, vpcId) === otherVpcId,
  );
}

function resolvePeering(cloud: Cloud, word: string): Peering {
  const found = findPeering(cloud, word);
  if (found !== undefined) return found;
  const text = `there is no peering ${quote(word)}`;
  throw new CloudError('InvalidVpcPeeringConnectionID.NotFound', text, hintFor(word, peeringNames(cloud)));
}

function isEnded({ status }: Peering): boolean {
  return status !== 'active' && status !== 'pending-acceptance';
}

function checkPair(cloud: Cloud, name: string | undefined, requester: Vpc, accepter: Vpc): void {
  if (requester.id === accepter.id) {
    throw new CloudError('InvalidParameterValue', `a peering connects two VPCs, not ${requester.name} with itself`);
  }
  const present = Object.values(cloud.peerings).filter((peering) => !isEnded(peering));
  const other = present.find((peering) => peerVpcId(peering, requester.id) === accepter.id || peering.name === name);
  if (other === undefined) return;
  throw new CloudError(
    'VpcPeeringConnectionAlreadyExists',
    `there is a peering ${other.name} already`,
    'Two VPCs have one peering at a time, and each has a name of its own.',
  );
}

function checkDisjoint(requester: Vpc, accepter: Vpc): void {
  for (const one of vpcBlocks(requester)) {
    const other = vpcBlocks(accepter).find((block) => cidrsOverlap(parseCidr(one), parseCidr(block)));
    if (other === undefined) continue;
    throw new CloudError(
      'OverlappingCidr',
      `VPCs ${requester.name} (${one}) and ${accepter.name} (${other}) overlap, so they cannot be peered`,
      'Give one of them another block.',
    );
  }
}
