/** All verbs of change, by the type of their changes, in the order in which the reference of scenario files has them. */
import type { ChangeCommand, Verb } from './verb.js';
import { attach, detach } from './verbs/attach.js';
import { authorize } from './verbs/authorize.js';
import { connectionTracking } from './verbs/connection-tracking.js';
import { launch } from './verbs/launch.js';
import { close, listen } from './verbs/listen.js';
import { modify } from './verbs/modify.js';
import { networkAcl } from './verbs/network-acl.js';
import { peering } from './verbs/peering.js';
import { prefixList } from './verbs/prefix-list.js';
import { revoke } from './verbs/revoke.js';
import { routes } from './verbs/routes.js';
import { sourceDestCheck } from './verbs/source-dest-check.js';
import { subnet } from './verbs/subnet.js';
import { terminate } from './verbs/terminate.js';

const TABLE = {
  authorize,
  revoke,
  modify,
  attach,
  detach,
  'prefix-list': prefixList,
  'source-dest-check': sourceDestCheck,
  subnet,
  'network-acl': networkAcl,
  routes,
  peering,
  'connection-tracking': connectionTracking,
  launch,
  terminate,
  listen,
  close,
} as const;

/** A change of a lab in words: plain JSON, resolved against the cloud when it is applied. */
export type Mutation = ReturnType<(typeof TABLE)[keyof typeof TABLE]['read']>['mutation'];

export const VERBS: Readonly<Record<Mutation['type'], Verb<Mutation>>> = TABLE;

/** The commands that verbs have for themselves, by their first word. */
export const COMMANDS: ReadonlyMap<string, ChangeCommand<Mutation>> = new Map(
  Object.entries(VERBS).flatMap(([verb, { command }]) => (command === undefined ? [] : [[verb, command] as const])),
);
