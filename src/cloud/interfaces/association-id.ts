import { createHash } from 'node:crypto';

/** What EC2 gives an id to although it is nothing but the fact that two things belong together. */
export type AssociationPrefix = 'rtbassoc' | 'aclassoc' | 'vpc-cidr-assoc' | 'subnet-cidr-assoc' | 'dopt';

const DIGITS = 17;

/** The same things have the same association always; other things, another one. @param ends ids, blocks */
export function associationId(prefix: AssociationPrefix, ...ends: readonly string[]): string {
  const digest = createHash('sha256')
    .update([prefix, ...ends].join(' '))
    .digest('hex');
  return `${prefix}-${digest.slice(0, DIGITS)}`;
}
