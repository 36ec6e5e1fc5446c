import type { Section, Statement } from '../types.js';
import { DEFAULT_DENY, PROTOCOLS, REFERENCES, SEVERAL_GROUPS } from './groups.js';
import { NETWORK_ACLS, TOPOLOGY } from './network.js';
import { EXEMPT_SERVICES, TRACKING } from './tracking.js';

/** Every statement about packets of docs/aws-semantics.md, section 8, in its order; a test compares the two. */
export const SECTIONS: readonly Section[] = [
  DEFAULT_DENY,
  PROTOCOLS,
  SEVERAL_GROUPS,
  REFERENCES,
  TRACKING,
  EXEMPT_SERVICES,
  NETWORK_ACLS,
  TOPOLOGY,
];

export const STATEMENTS: readonly Statement[] = SECTIONS.flatMap(({ statements }) => statements);
