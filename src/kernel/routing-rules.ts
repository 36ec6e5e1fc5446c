/** The routing rules of a namespace, asked of the kernel. */
import type { Family } from '../cloud/groups/types.js';
import { formatAddress } from '../cloud/network/cidr.js';
import { type Attributes, attributesOf, dump, NETLINK, openNetlink } from './netlink.js';
import type { Netns } from './netns.js';
import type { RoutingRule } from './objects.js';
import { AF_INET, AF_INET6 } from './sockaddr.js';
import { closeSocket } from './sockets.js';

const GET_RULE = 34;
/** AF_UNSPEC */
const EVERY_FAMILY = 0;
/** struct nlmsghdr, then struct fib_rule_hdr. */
const HEADERS = 16 + 12;
const AT = { family: 16, destinationLength: 17, sourceLength: 18, typeOfService: 19, action: 23, flags: 24 } as const;
const TO_TABLE = 1;
const INVERTED = 2;
/** Attributes of linux/fib_rules.h. */
const FRA = { source: 2, priority: 6, mark: 10, suppressPrefixLength: 14, table: 15, mask: 16, pad: 18, protocol: 21 };
const PLAIN: ReadonlySet<number> = new Set(Object.values(FRA));
const NOT_SUPPRESSED = 0xffff_ffff;

/** What every namespace is born with: the tables `local`, `main` and, of IPv4, `default`. */
export const KERNELS_RULES: readonly RoutingRule[] = [
  { family: 'ipv4', priority: 0, table: 255 },
  { family: 'ipv4', priority: 32_766, table: 254 },
  { family: 'ipv4', priority: 32_767, table: 253 },
  { family: 'ipv6', priority: 0, table: 255 },
  { family: 'ipv6', priority: 32_766, table: 254 },
];

/** @returns the rules of both families, the kernel's own among them, in its order @throws KernelError */
export function readRoutingRules(netns: Netns): RoutingRule[] {
  const fd = openNetlink(netns, NETLINK.route);
  try {
    return dump(fd, GET_RULE, EVERY_FAMILY, 'list routing rules').flatMap(ruleOf);
  } finally {
    closeSocket(fd);
  }
}

/** There are rules of multicast routing, too. */
function ruleOf(part: Buffer): RoutingRule[] {
  const family = FAMILIES.get(part.readUInt8(AT.family));
  if (family === undefined) return [];
  const attributes = attributesOf(part.subarray(HEADERS));
  const number = (type: number) => attributes.get(type)?.readUInt32LE(4);
  const rule = { family, priority: number(FRA.priority) ?? 0 };
  if (!isPlain(part, attributes)) return [rule];
  const [mark, mask, table = 0] = [FRA.mark, FRA.mask, FRA.table].map(number);
  return [
    {
      ...rule,
      ...from(attributes, family, part.readUInt8(AT.sourceLength)),
      ...(mark === undefined || mask === undefined ? {} : { mark: `0x${mark.toString(16)}/0x${mask.toString(16)}` }),
      table,
    },
  ];
}

const FAMILIES: ReadonlyMap<number, Family> = new Map([
  [AF_INET, 'ipv4'],
  [AF_INET6, 'ipv6'],
]);

/** Whether it is of the kind that the lab writes: it asks a table, by the source and the mark. */
function isPlain(part: Buffer, attributes: Attributes): boolean {
  const suppressed = attributes.get(FRA.suppressPrefixLength)?.readUInt32LE(4) ?? NOT_SUPPRESSED;
  return (
    part.readUInt8(AT.destinationLength) === 0 &&
    part.readUInt8(AT.typeOfService) === 0 &&
    part.readUInt8(AT.action) === TO_TABLE &&
    (part.readUInt32LE(AT.flags) & INVERTED) === 0 &&
    suppressed === NOT_SUPPRESSED &&
    [...attributes.keys()].every((type) => PLAIN.has(type))
  );
}

function from(attributes: Attributes, family: Family, length: number): { readonly from?: string } {
  const bytes = attributes.get(FRA.source)?.subarray(4);
  if (bytes === undefined) return {};
  const address = formatAddress(family, BigInt(`0x${bytes.toString('hex')}`));
  return { from: length === bytes.length * 8 ? address : `${address}/${length}` };
}
