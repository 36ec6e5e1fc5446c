/** Addresses of the services that every VPC offers to its interfaces, whatever groups and network ACLs say (4.7). */

import type { Family } from '../groups/types.js';
import { nthAddress, parseCidr } from './cidr.js';
import type { Vpc } from './types.js';

export const RESOLVER: Readonly<Record<Family, string>> = { ipv4: '169.254.169.253', ipv6: 'fd00:ec2::253' };
export const METADATA: Readonly<Record<Family, string>> = { ipv4: '169.254.169.254', ipv6: 'fd00:ec2::254' };
export const TIME: Readonly<Record<Family, string>> = { ipv4: '169.254.169.123', ipv6: 'fd00:ec2::123' };

/** The blocks of these services, which no router forwards. */
export const LINK_LOCAL: Readonly<Record<Family, string>> = { ipv4: '169.254.0.0/16', ipv6: 'fd00:ec2::/32' };

/** The resolver also answers at the base of the VPC's primary block plus two (DNS); none in a VPC without a block. */
export function vpcResolver({ cidrs: [primary] }: Vpc): string[] {
  return primary === undefined ? [] : [nthAddress(parseCidr(primary), 2n)];
}

/** Every address that belongs to such a service in this VPC. */
export function serviceAddresses(vpc: Vpc): string[] {
  const services = [RESOLVER, METADATA, TIME];
  const ipv6 = vpc.ipv6Cidr === null ? [] : services.map((service) => service.ipv6);
  return [...vpcResolver(vpc), ...services.map((service) => service.ipv4), ...ipv6];
}
