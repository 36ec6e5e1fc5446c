import { type Cidr, cidrContainsCidr, parseCidr } from './cidr.js';

interface Blocks {
  readonly cidrs: readonly string[];
  readonly ipv6Cidr: string | null;
}

/** All blocks of a VPC, the primary one first. */
export function vpcBlocks(vpc: Blocks): string[] {
  return vpc.ipv6Cidr === null ? [...vpc.cidrs] : [...vpc.cidrs, vpc.ipv6Cidr];
}

/** Whether all of the block belongs to the VPC: then its local routes decide unless a route table says otherwise. */
export function isInsideVpc(vpc: Blocks, block: Cidr): boolean {
  return vpcBlocks(vpc).some((own) => cidrContainsCidr(parseCidr(own), block));
}

/** Whether the VPC is connected to the internet at all: one namespace is both gateways. */
export function hasGateway(vpc: {
  readonly internetGatewayId: string | null;
  readonly egressOnlyInternetGatewayId: string | null;
}): boolean {
  return vpc.internetGatewayId !== null || vpc.egressOnlyInternetGatewayId !== null;
}
