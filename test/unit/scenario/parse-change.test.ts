/** A step on a command line is the same as in a file: whatever a change is, its step says it, and is read back. */
import { describe, expect, it } from 'vitest';
import { commandFor } from '../../../src/changes/command-text.js';
import type { Mutation } from '../../../src/changes/verbs.js';
import { parseChange } from '../../../src/scenario/parse-change.js';

const RULE = {
  direction: 'ingress',
  protocol: 'tcp',
  fromPort: 22,
  toPort: 22,
  peer: '10.0.0.0/8',
  description: null,
} as const;
const ENTRY = { number: 90, direction: 'egress', action: 'deny', protocol: 'icmp', fromPort: 8, toPort: -1 } as const;

const MUTATIONS: readonly Mutation[] = [
  {
    type: 'authorize',
    group: 'web',
    rules: [RULE, { ...RULE, direction: 'egress', protocol: '47', fromPort: null, toPort: null }],
  },
  { type: 'revoke', group: 'web', rules: [], ruleIds: ['SSH from anywhere', "the office's"] },
  { type: 'source-dest-check', instance: 'fw-1', enabled: false },
  { type: 'prefix-list', name: 'partners', add: ['10.2.0.0/16'], remove: ['10.1.0.0/16', '10.3.0.0/16'] },
  { type: 'routes', table: 'dmz', add: [{ to: '::/0', via: 'internetGateway' }], remove: ['10.0.2.0/24'] },
  { type: 'subnet', name: 'public', routeTable: 'dmz' },
  {
    type: 'network-acl',
    name: 'strict',
    set: [{ ...ENTRY, cidr: '0.0.0.0/0' }],
    remove: [{ direction: 'ingress', number: 1 }],
  },
  { type: 'peering', name: 'link', status: 'active' },
  { type: 'connection-tracking', instance: 'web-1', timeouts: { udpTimeout: 60 } },
  {
    type: 'listen',
    on: 'web-1',
    listeners: [
      { protocol: 'tcp', port: 80 },
      { protocol: 'raw', number: 47 },
    ],
  },
  { type: 'close', on: 'web-1', listeners: [{ protocol: 'udp', port: 53 }] },
];

describe('sglab change', () => {
  it.each(MUTATIONS.map((mutation) => [mutation.type, mutation] as const))('%s', (_, mutation) => {
    const [, quoted = ''] = /^sudo sglab change '(.*)' --lab shop$/s.exec(commandFor(mutation, 'shop')) ?? [];
    expect(parseChange(quoted.replaceAll(`'\\''`, "'"))).toEqual(mutation);
  });
});

it.each(['attach', 'detach'] as const)('%s is a command of its own', (type) => {
  const words = `sudo sglab ${type} web-1.eth1 web --lab shop`;
  expect(commandFor({ type, instance: 'web-1.eth1', group: 'web' }, 'shop')).toBe(words);
});

it.each([
  [{ ...RULE, protocol: '-1', fromPort: null, toPort: null }, 'sudo sglab revoke web all from 10.0.0.0/8'],
  [{ ...RULE, direction: 'egress', peer: 'db' }, 'sudo sglab revoke web tcp/22 to db'],
] as const)('one rule is a command of its own: %#', (rule, command) => {
  expect(commandFor({ type: 'revoke', group: 'web', rules: [rule], ruleIds: [] }, null)).toBe(command);
});
