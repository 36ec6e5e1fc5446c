import type { UnsupportedItem } from '../inventory.js';
import type { PlanResource } from './plan.js';

/** Attributes that change what packets meet, and that sglab does not build: they are reported when they are set. */
const WITH_EFFECT = new Set([
  'assign_generated_ipv6_cidr_block',
  'connection_tracking_specification',
  'customer_owned_ip',
  'enable_dns64',
  'enable_primary_ipv6',
  'ipv4_ipam_pool_id',
  'ipv4_prefixes',
  'ipv4_prefix_count',
  'ipv6_address_count',
  'ipv6_ipam_pool_id',
  'ipv6_native',
  'ipv6_prefixes',
  'ipv6_prefix_count',
  'launch_template',
  'outpost_arn',
  'propagating_vgws',
]);

/** What the resource asks for beside what was read. Names, tags, images and disks have no part in a packet's way. */
export function unsupportedAttributes({ values, address }: PlanResource): UnsupportedItem[] {
  return values
    .keys()
    .filter((key) => WITH_EFFECT.has(key) && isSet(values.at(key).value))
    .map((key) => ({
      place: values.at(key).place(`${address}.${key}`),
      reason: 'sglab does not build this attribute',
    }));
}

function isSet(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return value !== null && value !== undefined && value !== false && value !== '' && value !== 0;
}
