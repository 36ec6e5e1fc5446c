/** Measures how soon a change of the rules is in force. */

import type { Mutation } from '../../src/changes/verbs.js';
import { makeProbe } from '../../src/cloud/text/probe.js';
import type { Cloud } from '../../src/cloud/types.js';
import { cardNamespace } from '../../src/kernel/lab-names.js';
import { run } from '../../src/kernel/process.js';
import { Lab } from '../../src/lab/lab.js';
import { type BenchContext, type Benchmark, interleave, timed } from './benchmark.js';
import { addGroup, addInstance, allow, emptyCloud, HTTPS_FROM_ANYWHERE, ingress } from './clouds.js';
import { figure } from './figure.js';

const CARDS = 100;
const LISTEN = [{ protocol: 'tcp', port: 443 }] as const;

/**
 * A cloud in which the instances `i-0` … `i-99` have group `all`, which lets tcp/22 in from group `friends`; `lone`
 * alone has group `one`; `client` has the default group.
 */
function authorizeCloud(name: string): Cloud {
  const empty = emptyCloud(name);
  const one = addGroup(empty, 'one');
  const friends = addGroup({ ...empty, cloud: one.cloud }, 'friends');
  const all = addGroup({ ...empty, cloud: friends.cloud }, 'all');
  const others = addGroup({ ...empty, cloud: all.cloud }, 'others');
  let cloud = allow(others.cloud, all.groupId, [ingress('tcp', 22, { type: 'group', groupId: friends.groupId })]);
  const add = (instance: string, groupId: string) => {
    cloud = addInstance(cloud, { name: instance, subnetId: empty.subnetId, groupId, listen: [...LISTEN] });
  };
  for (let i = 0; i < CARDS; i++) add(`i-${i}`, all.groupId);
  add('lone', one.groupId);
  add('client', others.groupId);
  return cloud;
}

export const authorize: Benchmark = {
  name: 'authorize',
  summary: 'from the change of a group to the first packet that meets it, on 1 card and on 100',
  run: async (context) => {
    const live = await Lab.up(authorizeCloud(context.labName('auth')), { file: null, leftovers: 'rebuild' });
    try {
      await live.prepareChanges();
      return await measure(context, live);
    } finally {
      await live.down();
    }
  },
};

async function measure(context: BenchContext, live: Lab) {
  const times = await interleave(context, context.quick ? 5 : 15, {
    one: () => authorized(live, 'one', 'lone'),
    all: () => authorized(live, 'all', `i-${CARDS - 1}`),
    members: () => memberAdded(live),
    nft: () => timed(() => addTable(live)),
  });
  const baseline = { what: 'nft -f, one rule on one card', values: times.nft };
  const within = (limit: number) => ({ of: 'value', bound: 'at most', limit }) as const;
  return [
    figure({
      name: 'authorize.1',
      what: 'authorize, on the 1 card with the group',
      unit: 'ms',
      values: times.one,
      baseline,
      budget: within(10),
    }),
    figure({
      name: 'authorize.100',
      what: `authorize, on the ${CARDS} cards with the group`,
      unit: 'ms',
      values: times.all,
      baseline,
      budget: within(100),
    }),
    figure({
      name: 'authorize.members',
      what: `attach, on the ${CARDS} cards that refer to the group`,
      unit: 'ms',
      values: times.members,
      baseline,
      budget: within(100),
    }),
  ];
}

/** Milliseconds until the change has returned; fails unless the very next packet passes. */
async function authorized(live: Lab, group: string, to: string): Promise<number> {
  const rule = HTTPS_FROM_ANYWHERE;
  await expectOutcome(live, to, 'timed-out');
  const ms = await timed(() => live.mutate({ type: 'authorize', group, rules: [rule] }));
  await expectOutcome(live, to, 'connected');
  await live.mutate({ type: 'revoke', group, rules: [rule], ruleIds: [] });
  return ms;
}

/** Milliseconds until all cards know a new member of a group that their rules reference. */
async function memberAdded(live: Lab): Promise<number> {
  const change = (type: 'attach' | 'detach'): Mutation => ({ type, instance: 'client', group: 'friends' });
  const ms = await timed(() => live.mutate(change('attach')));
  await live.mutate(change('detach'));
  return ms;
}

async function expectOutcome(live: Lab, to: string, expected: string): Promise<void> {
  const { outcome, explanation } = await live.traffic.probe(makeProbe({ from: 'client', to, what: 'tcp/443' }));
  if (outcome !== expected)
    throw new Error(`client -> ${to} tcp/443: ${outcome} instead of ${expected} (${explanation})`);
}

/** Measures the same with a fresh `nft` that only adds a table of one rule. */
async function addTable(live: Lab): Promise<void> {
  const namespace = live.namespaces.netns(cardNamespace(live.cloud.name, 'client', 0));
  const text =
    'add table inet bench\ndelete table inet bench\ntable inet bench { chain any { tcp dport 443 accept; }; }\n';
  await run('nft', ['-f', '-'], { namespace, input: text });
}
