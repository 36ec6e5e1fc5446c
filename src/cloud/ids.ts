import { createHash } from 'node:crypto';
import { CloudError } from './errors.js';
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
