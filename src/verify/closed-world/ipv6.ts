/** IPv6 for a lab that has none: until a network gets it, rules for it open nothing, and then they open at once. */
import { blocksOf } from '../../cloud/groups/members.js';
import { assignAddresses } from '../../cloud/interfaces/interface-addresses.js';
import { cidrAt, parseCidr } from '../../cloud/network/cidr.js';
import { changeRoutes } from '../../cloud/network/routes.js';
import { associateSubnetCidrBlock } from '../../cloud/network/subnet.js';
import { associateVpcCidrBlock, nextIpv6Block } from '../../cloud/network/vpc-cidr.js';
import type { Cloud } from '../../cloud/types.js';

const SUBNET = 64;

/** Whether some rule would open something in a VPC that has no IPv6 yet. */
export function waitsForIpv6(cloud: Cloud): boolean {
  const isLacking = Object.values(cloud.vpcs).some(({ ipv6Cidr }) => ipv6Cidr === null);
  const rules = Object.values(cloud.securityGroups).flatMap((group) => group.rules);
  return isLacking && rules.some(({ peer }) => blocksOf(cloud, peer).some(({ family }) => family === 'ipv6'));
}

/** Every VPC, subnet and interface gets it, and what leads IPv4 to an internet gateway leads IPv6 there, too. */
export function withIpv6(cloud: Cloud): Cloud {
  const lacking = Object.values(cloud.vpcs).filter(({ ipv6Cidr }) => ipv6Cidr === null);
  return lacking.reduce((before, { id }) => routed(addressed(before, id), id), cloud);
}

function addressed(cloud: Cloud, vpcId: string): Cloud {
  const made = associateVpcCidrBlock(cloud, vpcId, { family: 'ipv6', cidr: nextIpv6Block(cloud) });
  const { first } = parseCidr(made.cidr);
  const subnets = Object.values(cloud.subnets).filter((subnet) => subnet.vpcId === vpcId);
  return subnets.reduce((before, { id }, at) => {
    const { text } = cidrAt('ipv6', first + (BigInt(at) << BigInt(SUBNET)), SUBNET);
    const next = associateSubnetCidrBlock(before, id, text).cloud;
    const interfaces = Object.values(cloud.networkInterfaces).filter((eni) => eni.subnetId === id);
    return interfaces.reduce((so, eni) => assignAddresses(so, eni.id, 'ipv6', 1), next);
  }, made.cloud);
}

function routed(cloud: Cloud, vpcId: string): Cloud {
  const tables = Object.values(cloud.routeTables).filter((table) => table.vpcId === vpcId);
  return tables.reduce((before, { id, routes }) => {
    const out = routes.find(({ target, destination }) => {
      return target.type === 'internet-gateway' && destination.type === 'cidr' && destination.cidr === '0.0.0.0/0';
    });
    if (out === undefined) return before;
    return changeRoutes(before, id, { add: [{ destination: '::/0', target: out.target }] });
  }, cloud);
}
