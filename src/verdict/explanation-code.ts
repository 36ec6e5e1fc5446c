/** The code by which AWS's Reachability Analyzer explains the same decision. */
import { cidrContains, parseAddress, parseCidr } from '../cloud/network/cidr.js';
import type { DropReason } from './reason.js';

const CODES: Readonly<Partial<Record<DropReason['type'], string>>> = {
  'no-rule': 'ENI_SG_RULES_MISMATCH',
  'foreign-addresses': 'ENI_SOURCE_DEST_CHECK_RESTRICTION',
  denied: 'SUBNET_ACL_RESTRICTION',
  'no-route': 'NO_ROUTE_TO_DESTINATION',
  'no-interface': 'NO_ROUTE_TO_DESTINATION',
  blackhole: 'BAD_STATE_ROUTE',
  'no-public-address': 'IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS',
  'not-transitive': 'PCX_REQUIRES_ADDRESS_IN_VPC_CIDR',
  spoofed: 'GATEWAY_REJECTS_SPOOFED_TRAFFIC',
  'endpoint-protocol': 'VPCE_GATEWAY_PROTOCOL_RESTRICTION',
};

const SHARED_ADDRESS_SPACE = parseCidr('100.64.0.0/10');

/** Null where the analyser has no code of its own: it sends no packets and knows no IPv6. */
export function explanationCode(reason: DropReason): string | null {
  return reason.type === 'private-address' ? privateAddressCode(reason) : (CODES[reason.type] ?? null);
}

function privateAddressCode({
  direction,
  address,
}: Extract<DropReason, { readonly type: 'private-address' }>): string | null {
  const parsed = parseAddress(address);
  if (parsed.family === 'ipv6') return null;
  const blocks = cidrContains(SHARED_ADDRESS_SPACE, parsed) ? 'RFC6598' : 'RFC1918';
  return direction === 'egress'
    ? `IGW_DESTINATION_ADDRESS_NOT_IN_${blocks}_EGRESS`
    : `IGW_SOURCE_ADDRESS_NOT_IN_${blocks}_INGRESS`;
}
