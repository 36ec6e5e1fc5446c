/**
 * The cloud as data. Everything here is plain JSON: a `Cloud` can be written to the journal and read back without loss,
 * and a mutation returns a new `Cloud` and leaves the old one untouched, so a failing one changes nothing.
 */
export type * from './types/cloud.js';
export * from './types/flow-logs.js';
export * from './types/gateways.js';
export type * from './types/groups.js';
export type * from './types/interfaces.js';
export type * from './types/machines.js';
export type * from './types/network.js';
