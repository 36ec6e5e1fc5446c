import { associationId } from '../../cloud/ids.js';
import { associateSubnetCidrBlock, disassociateSubnetCidrBlock } from '../../cloud/network/subnet.js';
import type { Subnet, Vpc } from '../../cloud/network/types.js';
import { vpcBlocks } from '../../cloud/network/vpc-blocks.js';
import { associateVpcCidrBlock, disassociateVpcCidrBlock, nextIpv6Block } from '../../cloud/network/vpc-cidr.js';
import type { Cloud } from '../../cloud/types.js';
import type { ActionContext, Input, Output } from '../action.js';
import { Ec2Error } from '../ec2-error.js';
import { missingParameter, noAssociation, refuseParameters } from '../refusals.js';
import { subnetCidrAssociation } from '../views/subnet.js';
import { vpcCidrAssociation, vpcIpv6CidrAssociation } from '../views/vpc.js';

export const cidrBlockActions = {
  AssociateVpcCidrBlock,
  DisassociateVpcCidrBlock,
  AssociateSubnetCidrBlock,
  DisassociateSubnetCidrBlock,
};

async function AssociateVpcCidrBlock(
  request: Input<'AssociateVpcCidrBlock'>,
  context: ActionContext,
): Promise<Output<'AssociateVpcCidrBlock'>> {
  refuseParameters(request, ['Ipv4IpamPoolId', 'Ipv6IpamPoolId', 'Ipv4NetmaskLength', 'Ipv6NetmaskLength', 'Ipv6Pool']);
  const { VpcId = '', CidrBlock, Ipv6CidrBlock, AmazonProvidedIpv6CidrBlock } = request;
  const made = await context.change((before) => {
    if (CidrBlock !== undefined) return associateVpcCidrBlock(before, VpcId, { family: 'ipv4', cidr: CidrBlock });
    const cidr = Ipv6CidrBlock ?? (AmazonProvidedIpv6CidrBlock === true ? nextIpv6Block(before) : null);
    if (cidr !== null) return associateVpcCidrBlock(before, VpcId, { family: 'ipv6', cidr });
    throw new Ec2Error('MissingParameter', 'Either cidrBlock or amazonProvidedIpv6CidrBlock must be given.');
  });
  return { VpcId, ...vpcAssociation(made, 'associating') };
}

async function DisassociateVpcCidrBlock(
  { AssociationId = '' }: Input<'DisassociateVpcCidrBlock'>,
  context: ActionContext,
): Promise<Output<'DisassociateVpcCidrBlock'>> {
  const { before, vpc, cidr } = await context.change((before) => {
    const found = vpcBlockOf(before, AssociationId);
    return { ...found, before, cloud: disassociateVpcCidrBlock(before, found.vpc.id, found.cidr) };
  });
  return { VpcId: vpc.id, ...vpcAssociation({ cloud: before, vpc, cidr }, 'disassociating') };
}

/** The state in an answer: AWS needs its time. */
type Transition = 'associating' | 'disassociating';

interface VpcBlock {
  readonly cloud: Cloud;
  readonly vpc: Vpc;
  readonly cidr: string;
}

function vpcAssociation({ cloud, vpc, cidr }: VpcBlock, State: Transition): Output<'AssociateVpcCidrBlock'> {
  return cidr.includes(':')
    ? { Ipv6CidrBlockAssociation: { ...vpcIpv6CidrAssociation(cloud, vpc, cidr), Ipv6CidrBlockState: { State } } }
    : { CidrBlockAssociation: { ...vpcCidrAssociation(vpc, cidr), CidrBlockState: { State } } };
}

function subnetAssociation(subnetId: string, cidr: string, State: Transition): Output<'AssociateSubnetCidrBlock'> {
  const Ipv6CidrBlockAssociation = { ...subnetCidrAssociation(subnetId, cidr), Ipv6CidrBlockState: { State } };
  return { SubnetId: subnetId, Ipv6CidrBlockAssociation };
}

function vpcBlockOf(cloud: Cloud, id: string): { vpc: Vpc; cidr: string } {
  for (const vpc of Object.values(cloud.vpcs)) {
    const cidr = vpcBlocks(vpc).find((each) => associationId('vpc-cidr-assoc', vpc.id, each) === id);
    if (cidr !== undefined) return { vpc, cidr };
  }
  throw noAssociation('InvalidVpcCidrBlockAssociationID.NotFound', id);
}

async function AssociateSubnetCidrBlock(
  { SubnetId = '', Ipv6CidrBlock, ...request }: Input<'AssociateSubnetCidrBlock'>,
  context: ActionContext,
): Promise<Output<'AssociateSubnetCidrBlock'>> {
  refuseParameters(request, ['Ipv6IpamPoolId', 'Ipv6NetmaskLength']);
  if (Ipv6CidrBlock === undefined) throw missingParameter('ipv6CidrBlock');
  const { subnet } = await context.change((before) => associateSubnetCidrBlock(before, SubnetId, Ipv6CidrBlock));
  return subnetAssociation(subnet.id, subnet.ipv6Cidr ?? Ipv6CidrBlock, 'associating');
}

async function DisassociateSubnetCidrBlock(
  { AssociationId = '' }: Input<'DisassociateSubnetCidrBlock'>,
  context: ActionContext,
): Promise<Output<'DisassociateSubnetCidrBlock'>> {
  const { id, ipv6Cidr } = await context.change((before) => {
    const found = subnetOf(before, AssociationId);
    return { id: found.id, ipv6Cidr: found.ipv6Cidr ?? '', cloud: disassociateSubnetCidrBlock(before, found.id).cloud };
  });
  return subnetAssociation(id, ipv6Cidr, 'disassociating');
}

function subnetOf(cloud: Cloud, id: string): Subnet {
  const isIt = (subnet: Subnet) =>
    subnet.ipv6Cidr !== null && associationId('subnet-cidr-assoc', subnet.id, subnet.ipv6Cidr) === id;
  const found = Object.values(cloud.subnets).find(isIt);
  if (found === undefined) throw noAssociation('InvalidSubnetCidrBlockAssociationID.NotFound', id);
  return found;
}
