import { createHash } from 'node:crypto';
import { CloudError } from './errors.js';
import { quote } from './text/quote.js';
import type { Cloud } from './types.js';

export type IdPrefix =
  | 'sg'
  | 'sgr'
  | 'vpc'
  | 'subnet'
  | 'eni'
  | 'i'
  | 'r'
  | 'ami'
  | 'key'
  | 'pl'
  | 'rtb'
  | 'acl'
  | 'pcx'
  | 'tgw'
  | 'vpce'
  | 'igw'
  | 'eigw'
  | 'nat'
  | 'eipalloc'
  | 'eipassoc'
  | 'fl';

/** A connection's mark has 24 bits for the rule (SecurityGroupRule.index). */
const MAX_SERIAL = 2 ** 24 - 1;

const ID_DIGITS = 17;

/** Takes the next serial number. What is made with it gets an id that depends on nothing but the lab and its history. */
export function nextSerial(cloud: Cloud): Cloud {
  if (cloud.serial >= MAX_SERIAL) {
    throw new CloudError(
      'ResourceLimitExceeded',
      `the lab ${cloud.name} has made ${MAX_SERIAL} things`,
      'Start it anew.',
    );
  }
  return { ...cloud, serial: cloud.serial + 1 };
}

/** `sg-` and 17 hexadecimal digits: the same file gives the same ids every time. */
export function makeId(cloud: Cloud, prefix: IdPrefix): string {
  return `${prefix}-${hexDigest(cloud, prefix).slice(0, ID_DIGITS)}`;
}

/** Locally administered and unicast, so never that of a real card. */
export function makeMacAddress(cloud: Cloud): string {
  const octets = hexDigest(cloud, 'mac').slice(0, 10).match(/../g) ?? [];
  return ['02', ...octets].join(':');
}

function hexDigest(cloud: Cloud, kind: string): string {
  return createHash('sha256').update(`${cloud.name} ${kind} ${cloud.serial}`).digest('hex');
}

/** EC2's two forms: today's 17 digits, and the 8 of old accounts (MOTO-V: well-formed, so NotFound and not Malformed). */
export function isId(prefix: IdPrefix, text: string): boolean {
  return new RegExp(`^${prefix}-([0-9a-f]{8}|[0-9a-f]{17})$`).test(text);
}

/** Throws CloudError unless what has the id `own` can have the wanted one. `taken`: the ids of everything else. */
export function checkAssignedId(taken: ReadonlySet<string>, own: string, wanted: string): void {
  const prefix = own.slice(0, own.indexOf('-')) as IdPrefix;
  if (!isId(prefix, wanted)) {
    throw new CloudError(
      'InvalidParameterValue',
      `${quote(wanted)} is not an id of this kind`,
      `Write ${prefix}- and 17 (or 8) hexadecimal digits.`,
    );
  }
  if (taken.has(wanted)) {
    throw new CloudError('InvalidParameterValue', `${wanted} is the id of something else`, 'Ids are unique in a lab.');
  }
}

/** The cloud in which things have given ids (own -> given) instead of their own, wherever they are referred to. */
export function assignIds(cloud: Cloud, given: ReadonlyMap<string, string>): Cloud {
  return given.size === 0 ? cloud : renamed(cloud, (text) => given.get(text) ?? text);
}

/** Every id of the cloud. */
export function idsOf(cloud: Cloud): Set<string> {
  const records = Object.values(cloud).filter((value) => typeof value === 'object');
  const rules = Object.values(cloud.securityGroups).flatMap((group) => group.rules.map(({ id }) => id));
  return new Set([...records.flatMap((record) => Object.keys(record)), ...rules]);
}

/** A copy with each text, keys included, renamed. Parts without the text are not copied. */
function renamed<T>(value: T, rename: (text: string) => string): T {
  if (typeof value === 'string') return rename(value) as T;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items = value.map((item) => renamed(item, rename));
    return (items.some((item, position) => item !== value[position]) ? items : value) as T;
  }
  let isSame = true;
  const entries = Object.entries(value).map(([key, item]) => {
    const entry = [rename(key), renamed(item, rename)] as const;
    if (entry[0] !== key || entry[1] !== item) isSame = false;
    return entry;
  });
  return isSame ? value : (Object.fromEntries(entries) as T);
}

/** Associations have an id in EC2 although each is only the fact that two things belong together. */
export type AssociationPrefix = 'rtbassoc' | 'aclassoc' | 'vpc-cidr-assoc' | 'subnet-cidr-assoc' | 'dopt';

const DIGITS = 17;

/** The same things have the same association always; other things, another one. @param ends ids, blocks */
export function associationId(prefix: AssociationPrefix, ...ends: readonly string[]): string {
  const digest = createHash('sha256')
    .update([prefix, ...ends].join(' '))
    .digest('hex');
  return `${prefix}-${digest.slice(0, DIGITS)}`;
}
