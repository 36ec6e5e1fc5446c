import { CloudError } from '../errors.js';
import { makeId, nextSerial } from '../ids.js';
import { allInterfaces, getSubnet, getVpc, withEntry } from '../lookup.js';
import { groupedBy, searched } from '../records.js';
import { checkName } from '../text/names.js';
import type { Cloud } from '../types.js';
import { type Cidr, checkBlockSize, cidrContainsCidr, cidrsOverlap, parseBlock, parseCidr } from './cidr.js';
import { associateRouteTable, publicRouteTable } from './route-table.js';
import type { Subnet, SubnetAttributes, Vpc } from './types.js';
import { IPV4_SIZES, noInternetGateway } from './vpc.js';
import { checkZone, firstZone } from './zones.js';

const IPV6_SIZES = [64, 64] as const;

export interface SubnetInput {
  readonly vpcId: string;
  /** Left out: its id. */
  readonly name?: string;
  readonly cidr: string;
  readonly ipv6Cidr?: string | null;
  /** Left out: the first one of the Region. */
  readonly zone?: string;
  readonly mapPublicIpOnLaunch?: boolean;
  readonly assignIpv6AddressOnCreation?: boolean;
  /** Its default routes point at the VPC's internet gateway: it shares the route table `VPC.public`. */
  readonly public?: boolean;
}

/** A subnet inside the VPC's blocks, overlapping no other. */
export function createSubnet(cloud: Cloud, input: SubnetInput): { cloud: Cloud; subnet: Subnet } {
  if (input.name !== undefined) checkName('a subnet', input.name);
  const vpc = getVpc(cloud, input.vpcId);
  const cidr = checkSubnetBlock(cloud, vpc, parseBlock('cidrBlock', 'ipv4', input.cidr), IPV4_SIZES);
  const ipv6Cidr = input.ipv6Cidr == null ? null : checkSubnetIpv6(cloud, vpc.id, input.ipv6Cidr);
  const base = nextSerial(cloud);
  const id = makeId(base, 'subnet');
  const subnet: Subnet = {
    id,
    name: input.name ?? id,
    vpcId: vpc.id,
    zone: input.zone === undefined ? firstZone(cloud.region) : checkZone(cloud.region, input.zone),
    attributes: {
      mapPublicIpOnLaunch: input.mapPublicIpOnLaunch ?? false,
      assignIpv6AddressOnCreation: input.assignIpv6AddressOnCreation ?? false,
      enableDns64: false,
      privateDnsHostnameType: 'ip-name',
      enableResourceNameDnsARecord: false,
      enableResourceNameDnsAAAARecord: false,
    },
    cidr,
    ipv6Cidr,
    routeTableId: null,
    networkAclId: null,
  };
  const made = { ...base, subnets: withEntry(base.subnets, subnet) };
  if (input.public !== true) return { cloud: made, subnet };
  if (vpc.internetGatewayId === null) throw noInternetGateway(vpc, `subnet ${subnet.name} is public`);
  const table = publicRouteTable(made, vpc, vpc.internetGatewayId);
  return associateRouteTable(table.cloud, subnet.id, table.routeTable.id);
}

/** The block in canonical form. Throws CloudError unless a new subnet of the VPC can have it. */
export function checkSubnetIpv6(cloud: Cloud, vpcId: string, text: string): string {
  return checkSubnetBlock(cloud, getVpc(cloud, vpcId), parseBlock('ipv6CidrBlock', 'ipv6', text), IPV6_SIZES);
}

const BY_VPC = groupedBy<Subnet>(({ vpcId }) => [vpcId]);

function checkSubnetBlock(cloud: Cloud, vpc: Vpc, cidr: Cidr, sizes: readonly [number, number]): string {
  checkBlockSize('InvalidSubnet.Range', cidr, sizes);
  const blocks = cidr.family === 'ipv4' ? vpc.cidrs : [vpc.ipv6Cidr].filter((block) => block !== null);
  if (!blocks.some((block) => cidrContainsCidr(parseCidr(block), cidr))) {
    const has =
      blocks.length === 0 ? `has no ${cidr.family === 'ipv6' ? 'ipv6Cidr' : 'cidr'}` : `is ${blocks.join(', ')}`;
    throw new CloudError('InvalidSubnet.Range', `The CIDR '${cidr.text}' is invalid.`, `VPC ${vpc.name} ${has}.`);
  }
  const other = [...(searched(cloud.subnets, BY_VPC).get(vpc.id) ?? [])].find((subnet) =>
    subnetBlocks(subnet).some((block) => cidrsOverlap(parseCidr(block), cidr)),
  );
  if (other !== undefined) {
    throw new CloudError(
      'InvalidSubnet.Conflict',
      `The CIDR '${cidr.text}' conflicts with another subnet`,
      `Subnet ${other.name} has ${subnetBlocks(other).join(' and ')}.`,
    );
  }
  return cidr.text;
}

function subnetBlocks(subnet: Subnet): string[] {
  return subnet.ipv6Cidr === null ? [subnet.cidr] : [subnet.cidr, subnet.ipv6Cidr];
}

/** ModifySubnetAttribute. Throws CloudError. */
export function modifySubnet(
  cloud: Cloud,
  subnetId: string,
  changes: Partial<SubnetAttributes>,
): { cloud: Cloud; subnet: Subnet } {
  const subnet = getSubnet(cloud, subnetId);
  if (changes.assignIpv6AddressOnCreation === true && subnet.ipv6Cidr === null) {
    throw new CloudError(
      'InvalidParameterValue',
      `Invalid value 'true' for assignIpv6AddressOnCreation. The subnet '${subnet.id}' has no IPv6 CIDR block`,
      'Associate one first.',
    );
  }
  return changed(cloud, { ...subnet, attributes: { ...subnet.attributes, ...changes } });
}

/** AssociateSubnetCidrBlock: a /64 of the VPC's block. Throws CloudError. */
export function associateSubnetCidrBlock(
  cloud: Cloud,
  subnetId: string,
  cidr: string,
): { cloud: Cloud; subnet: Subnet } {
  const subnet = getSubnet(cloud, subnetId);
  if (subnet.ipv6Cidr !== null) {
    throw new CloudError(
      'InvalidParameterValue',
      `The subnet '${subnet.id}' already has an IPv6 CIDR block`,
      `It is ${subnet.ipv6Cidr}.`,
    );
  }
  return changed(cloud, { ...subnet, ipv6Cidr: checkSubnetIpv6(cloud, subnet.vpcId, cidr) });
}

/** DisassociateSubnetCidrBlock. Throws CloudError while an interface has an address of the block. */
export function disassociateSubnetCidrBlock(cloud: Cloud, subnetId: string): { cloud: Cloud; subnet: Subnet } {
  const subnet = getSubnet(cloud, subnetId);
  const user = allInterfaces(cloud).find((eni) => eni.subnetId === subnet.id && eni.ipv6Addresses.length > 0);
  if (user !== undefined) {
    throw new CloudError(
      'InvalidCidrBlock.InUse',
      `The CIDR block ${subnet.ipv6Cidr} of subnet '${subnet.id}' is in use`,
      `Interface ${user.id} has ${user.ipv6Addresses.join(', ')}.`,
    );
  }
  const attributes = { ...subnet.attributes, assignIpv6AddressOnCreation: false };
  return changed(cloud, { ...subnet, ipv6Cidr: null, attributes });
}

function changed(cloud: Cloud, subnet: Subnet): { cloud: Cloud; subnet: Subnet } {
  return { cloud: { ...cloud, subnets: withEntry(cloud.subnets, subnet) }, subnet };
}
