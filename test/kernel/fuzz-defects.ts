/** Defects that random histories must find. */
import { DEFECTS } from '../conformance/mutations.js';
import type { CodeDefect } from '../conformance/private-copy.js';

/**
 * Subjects that histories do not have: load balancers, gateways that translate, transparent middleboxes, services of
 * the VPC.
 */
const OUTSIDE: ReadonlySet<string> = new Set([
  'neighbour discovery needs a rule',
  'a middlebox opens no path: addresses alone make a member',
  'one of the resolvers is not exempt',
  'metadata is judged by the groups',
  'what comes through a load balancer carries none of its groups',
  'no path is always tracked',
  // Without this defect, only the model evaluates entries in order.
  'the entries of a network ACL are asked in the order in which they were made',
  // With this defect the lab is not reset between two histories: it is found, but by a history that finds nothing in a
  // fresh lab.
  'a change does not reach the kernel',
]);

/** Defects in the code that makes the kernel's rules: those of the conformance suite. */
export const RULESET_DEFECTS: readonly CodeDefect[] = DEFECTS.filter(({ name }) => !OUTSIDE.has(name));

export const MODEL_DEFECTS: readonly CodeDefect[] = [
  {
    name: 'the model forgets the last port of a range',
    file: 'oracle/match.js',
    from: 'packet.destinationPort <= toPort)',
    to: 'packet.destinationPort < Math.max(toPort, fromPort + 1))',
  },
  {
    name: 'the model counts only the first group',
    file: 'oracle/card.js',
    from: '[...new Set(groupIds)]',
    to: '[...new Set(groupIds)].slice(0, 1)',
  },
  {
    name: 'the model tracks everything',
    file: 'oracle/card.js',
    from: 'arrival.alwaysTracked || !isUntracked',
    to: "arrival.direction !== '' || !isUntracked",
  },
  {
    name: 'the model remembers the tracked flow for ever',
    file: 'oracle/card.js',
    from: 'entry.expires > now ? entry : null',
    to: 'entry.expires > 0 ? entry : null',
  },
  {
    name: 'the model takes the newest entry of a network ACL first',
    file: 'oracle/network-acl.js',
    from: 'a.number - b.number',
    to: 'b.number - a.number',
  },
  {
    // The opposite, a reference that ignores the state of the peering, has no effect: without the peering no packet
    // arrives from there.
    name: 'the model knows no group of the other VPC',
    file: 'oracle/view.js',
    from: "status === 'active' &&",
    to: "status === 'never' &&",
  },
];
