/** The IPv6 blocks that AWS gives: nobody knows them before, so that blocks for examples stand for them (RFC 3849). */
import type { Cursor } from '../../source/cursor.js';

const FIRST = 0x1000;

/** The block of the VPC: each of a template has another. */
export function amazonBlock(resources: Cursor, vpc: string): string {
  const vpcs = resources.keys().filter((key) => resources.at(key).text('Type') === 'AWS::EC2::VPC');
  return `2001:db8:${(FIRST + Math.max(0, vpcs.indexOf(vpc))).toString(16)}::/56`;
}
