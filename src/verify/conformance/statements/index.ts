import type { Section, Statement } from '../statement.js';
import { DEFAULT_DENY } from './default-deny.js';
import { EXEMPT_SERVICES } from './exempt-services.js';
import { NETWORK_ACLS } from './network-acls.js';
import { PROTOCOLS } from './protocols.js';
import { REFERENCES } from './references.js';
import { SEVERAL_GROUPS } from './several-groups.js';
import { TOPOLOGY } from './topology.js';
import { TRACKING } from './tracking.js';

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
