import { CloudError } from '../errors.js';
import { makeId, nextSerial } from '../ids.js';
import { byId, findById, getVpc, withEntry } from '../lookup.js';
import { cidrsOverlap, parseCidr } from '../network/cidr.js';
import { vpcBlocks } from '../network/vpc-blocks.js';
import { checkName } from '../text/names.js';
import { printable } from '../text/quote.js';
import type { Cloud } from '../types.js';
import type { TransitGateway, TransitGatewayAttachment } from './types.js';

export interface TransitGatewayInput {
  readonly name: string;
  readonly attachments: readonly TransitGatewayAttachment[];
  readonly securityGroupReferencing: boolean;
}

/**
 * A transit gateway with its attachments, which all use its one route table. Throws CloudError; also for VPCs whose blocks
 * overlap, of which AWS would route to one only.
 */
export function createTransitGateway(
  cloud: Cloud,
  input: TransitGatewayInput,
): { cloud: Cloud; transitGateway: TransitGateway } {
  checkName('a transit gateway', input.name);
  if (findTransitGateway(cloud, input.name) !== undefined) {
    const text = `the transit gateway ${input.name} exists already`;
    throw new CloudError('InvalidParameterValue', text, 'Give it another name.');
  }
  checkDisjoint(
    cloud,
    input.attachments.map(({ vpcId }) => vpcId),
  );
  const base = nextSerial(cloud);
  const transitGateway: TransitGateway = { id: makeId(base, 'tgw'), ...input };
  return {
    cloud: { ...base, transitGateways: withEntry(base.transitGateways, transitGateway) },
    transitGateway,
  };
}

export function getTransitGateway(cloud: Cloud, id: string): TransitGateway {
  const found = findById(cloud.transitGateways, id);
  if (found !== undefined) return found;
  const text = `Transit Gateway ${printable(id)} was deleted or does not exist.`;
  throw new CloudError('InvalidTransitGatewayID.NotFound', text);
}

/** Finds a transit gateway by name or id. */
export function findTransitGateway(cloud: Cloud, word: string): TransitGateway | undefined {
  return Object.values(cloud.transitGateways).find(({ id, name }) => word === id || word === name);
}

export function isAttached({ attachments }: TransitGateway, vpcId: string): boolean {
  return attachments.some((attachment) => attachment.vpcId === vpcId);
}

/** Whether a gateway connects the two VPCs and lets one refer to groups of the other: at itself and at both attachments (TGW). */
export function isReferencedByTransit(cloud: Cloud, vpcId: string, otherVpcId: string): boolean {
  return Object.values(cloud.transitGateways).some(({ securityGroupReferencing, attachments }) => {
    const refers = (id: string) => attachments.some((each) => each.vpcId === id && each.securityGroupReferencing);
    return securityGroupReferencing && refers(vpcId) && refers(otherVpcId);
  });
}

function checkDisjoint(cloud: Cloud, vpcIds: readonly string[]): void {
  const blocks = vpcIds.flatMap((id) => vpcBlocks(getVpc(cloud, id)).map((cidr) => ({ id, cidr })));
  for (const [position, one] of blocks.entries()) {
    const other = blocks
      .slice(0, position)
      .find(({ id, cidr }) => id !== one.id && cidrsOverlap(parseCidr(one.cidr), parseCidr(cidr)));
    if (other === undefined) continue;
    const [first, second] = [other, one].map(({ id, cidr }) => `${byId(cloud.vpcs, id).name} (${cidr})`);
    throw new CloudError(
      'OverlappingCidr',
      `VPCs ${first} and ${second} overlap, so one transit gateway cannot route to both`,
      'Give one of them another block, or attach one only.',
    );
  }
}
