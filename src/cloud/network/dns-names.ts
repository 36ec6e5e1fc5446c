/** The names that AWS's DNS gives to addresses (DNS). */
import type { Cloud } from '../types.js';

const HOME_REGION = 'us-east-1';

/** `ec2.internal`, outside us-east-1 `eu-west-1.compute.internal`. */
export function privateDnsDomain({ region }: Pick<Cloud, 'region'>): string {
  return region === HOME_REGION ? 'ec2.internal' : `${region}.compute.internal`;
}

/** `compute-1.amazonaws.com`, outside us-east-1 `eu-west-1.compute.amazonaws.com`. */
export function publicDnsDomain({ region }: Pick<Cloud, 'region'>): string {
  return region === HOME_REGION ? 'compute-1.amazonaws.com' : `${region}.compute.amazonaws.com`;
}

/** `ip-10-0-1-4.ec2.internal` of a private IPv4 address. */
export function privateDnsName(cloud: Pick<Cloud, 'region'>, privateIp: string): string {
  return `ip-${privateIp.replaceAll('.', '-')}.${privateDnsDomain(cloud)}`;
}

/** `ec2-198-18-0-1.compute-1.amazonaws.com` of a public IPv4 address. */
export function publicDnsName(cloud: Pick<Cloud, 'region'>, publicIp: string): string {
  return `ec2-${publicIp.replaceAll('.', '-')}.${publicDnsDomain(cloud)}`;
}
