import { CloudError } from '../cloud/errors.js';
import type { Direction } from '../cloud/groups/types.js';
import { type EntryInput, normaliseEntry } from '../cloud/network/network-acl.js';
import { isIcmp } from '../cloud/protocol.js';
import { allAsNumber, parsePorts } from '../cloud/text/rule.js';
import type { ProblemList } from '../source/problems.js';
import type { Path } from '../source/tree.js';
import { itemsWithPaths } from './read-parts.js';
import type { EntryDefinition } from './schema-parts.js';
import type { Place } from './verb.js';

/** An entry with its place in the file. */
export interface LocatedEntry {
  readonly entry: EntryInput;
  readonly path: Path;
}

interface BothDirections {
  readonly inbound?: EntryDefinition | EntryDefinition[] | undefined;
  readonly outbound?: EntryDefinition | EntryDefinition[] | undefined;
}

/** The entries of a network ACL, checked one by one; one with a problem is left out. */
export function readEntries({ problems, path }: Place, { inbound, outbound }: BothDirections): LocatedEntry[] {
  return [
    ...itemsWithPaths([...path, 'inbound'], inbound).flatMap((each) => readEntry(problems, each, 'ingress')),
    ...itemsWithPaths([...path, 'outbound'], outbound).flatMap((each) => readEntry(problems, each, 'egress')),
  ];
}

function readEntry(
  problems: ProblemList,
  { item, path }: { readonly item: EntryDefinition; readonly path: Path },
  direction: Direction,
): LocatedEntry[] {
  const [key, other] = direction === 'ingress' ? (['from', 'to'] as const) : (['to', 'from'] as const);
  if (item[other] !== undefined) {
    const way = direction === 'ingress' ? 'inbound' : 'outbound';
    problems.add([...path, other], {
      message: `an ${way} entry has no \`${other}\``,
      hint: `Write \`${key}\` instead.`,
      on: 'key',
    });
    return [];
  }
  const protocol = allAsNumber(String(item.protocol));
  const cidr = item[key];
  const base = { number: item.rule, direction, action: item.action, protocol, cidr: cidr ?? '' };
  const number = problems.attempt([...path, 'rule'], () => normaliseEntry({ ...base, ...EVERYTHING }).number);
  if (number === undefined) return [];
  const range = problems.attempt(pathOfRange(path, item), () => readRange(protocol, item));
  if (range === undefined) return [];
  const entry = { ...base, ...range };
  const place = cidr === undefined ? path : [...path, key];
  const isFit = problems.attempt(place, () => {
    if (cidr === undefined) throw missing(key);
    return normaliseEntry(entry);
  });
  return isFit === undefined ? [] : [{ entry, path }];
}

/** An entry in which nothing but its number can be wrong. */
const EVERYTHING = { protocol: '-1', cidr: '0.0.0.0/0', fromPort: null, toPort: null } as const;

/** @throws CloudError for ports that are none; what a protocol needs is checked with the entry */
function readRange(protocol: string, { ports, type, code }: EntryDefinition): Pick<EntryInput, 'fromPort' | 'toPort'> {
  const isOfIcmp = isIcmp(protocol.toLowerCase());
  if (isOfIcmp && ports !== undefined) throw misfit(`${protocol} has no ports`, 'Write `type` and `code`.');
  if (!isOfIcmp && (type ?? code) !== undefined) throw misfit(`${protocol} has no types and codes`, 'Write `ports`.');
  const range = isOfIcmp
    ? { fromPort: type ?? -1, toPort: code ?? -1 }
    : ports === undefined
      ? { fromPort: null, toPort: null }
      : parsePorts(String(ports));
  normaliseEntry({ ...EVERYTHING, number: 1, direction: 'ingress', action: 'allow', protocol, ...range });
  return range;
}

function pathOfRange(path: Path, { ports, type, code }: EntryDefinition): Path {
  if (ports !== undefined) return [...path, 'ports'];
  return (type ?? code) === undefined ? [...path, 'protocol'] : [...path, type === undefined ? 'code' : 'type'];
}

function misfit(message: string, hint: string): CloudError {
  return new CloudError('InvalidParameterValue', message, hint);
}

function missing(key: string): CloudError {
  return new CloudError(
    'MissingParameter',
    'Either cidrBlock or ipv6CidrBlock must be provided',
    `Write \`${key}\`: a CIDR block. A network ACL knows no groups and no prefix lists.`,
  );
}
