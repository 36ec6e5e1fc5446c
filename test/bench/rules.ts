/** Measures what a rule costs a packet if there are a thousand of them. */
import type { RuleSpec } from '../../src/cloud/groups/rules.js';
import type { Cloud } from '../../src/cloud/types.js';
import { cardNamespace, instanceNamespace } from '../../src/kernel/lab-names.js';
import { run } from '../../src/kernel/process.js';
import { Lab } from '../../src/lab/lab.js';
import { type BenchContext, type Benchmark, interleave, LAB_OPTIONS } from './benchmark.js';
import { ANYWHERE, addGroup, addInstance, allow, type EmptyCloud, emptyCloud, ingress } from './clouds.js';
import { type Figure, figure } from './figure.js';
import { Flood } from './flood.js';

const MANY = 1000;
const SOURCES = 200;
const DESTINATIONS = 100;
const PORTS = [20_000, 20_000 + DESTINATIONS - 1] as const;

interface Shape {
  readonly name: string;
  readonly what: string;
  /** Whether every packet is judged by the rules, or the first one of each flow. */
  readonly judged: 'every packet' | 'first packets';
  /** Rules for the receiver's group; the last one lets the packets in. */
  rules(empty: EmptyCloud, count: number, senders: string): { cloud: Cloud; rules: RuleSpec[] };
}

const SHAPES: readonly Shape[] = [
  {
    name: 'ports',
    what: 'distinct ports from anywhere, every packet judged (an untracked flow)',
    judged: 'every packet',
    rules: ({ cloud }, count) => {
      const others = Array.from({ length: count - 1 }, (_, i) => ingress('udp', 30_000 + 2 * i, ANYWHERE));
      return { cloud, rules: [...others, ingress('udp', PORTS[0], ANYWHERE)] };
    },
  },
  {
    name: 'cidrs',
    what: 'distinct CIDR blocks, first packets of flows',
    judged: 'first packets',
    rules: ({ cloud }, count) => {
      const others = Array.from({ length: count - 1 }, (_, i) => `172.16.${i >> 8}.${i & 255}/32`);
      return { cloud, rules: [...others, '10.0.0.0/20'].map((cidr) => ingress('udp', PORTS, { type: 'cidr', cidr })) };
    },
  },
  {
    name: 'groups',
    what: 'distinct groups referenced, first packets of flows',
    judged: 'first packets',
    rules: (empty, count, senders) => {
      let { cloud } = empty;
      const others = Array.from({ length: count - 1 }, (_, i) => {
        const made = addGroup({ ...empty, cloud }, `other-${i}`);
        cloud = made.cloud;
        return made.groupId;
      });
      return { cloud, rules: [...others, senders].map((groupId) => ingress('udp', PORTS, { type: 'group', groupId })) };
    },
  },
];

export const rules: Benchmark = {
  name: 'rules',
  summary: `packets per second with ${MANY} rules on the receiving card against 1`,
  run: async (context) => {
    const figures: Figure[] = [];
    for (const shape of SHAPES) figures.push(await measure(context, shape));
    return figures;
  },
};

async function measure(context: BenchContext, shape: Shape): Promise<Figure> {
  const labs: Lab[] = [];
  const floods: Flood[] = [];
  try {
    const contender = async (count: number) => {
      const lab = await Lab.up(shapeCloud(context.labName(`${shape.name}-${count}`), shape, count), LAB_OPTIONS);
      labs.push(lab);
      const flood = openFlood(lab, shape);
      floods.push(flood);
      return () => sample(lab, flood, shape);
    };
    const [one, many] = [await contender(1), await contender(MANY)];
    const rates = await interleave(context, context.quick ? 6 : 30, { one, many });
    return figure({
      name: `rules.${shape.name}`,
      what: `${MANY} rules, ${shape.what}`,
      unit: 'packets/s',
      values: rates.many,
      baseline: { what: '1 rule', values: rates.one },
      budget: { of: 'ratio', bound: 'at least', limit: 0.95 },
    });
  } finally {
    for (const flood of floods) flood.close();
    for (const lab of labs) await lab.down();
  }
}

function shapeCloud(name: string, shape: Shape, count: number): Cloud {
  const empty = emptyCloud(name, { rulesPerGroup: 1000, groupsPerInterface: 1 });
  const senders = addGroup(empty, 'senders');
  const receivers = addGroup({ ...empty, cloud: senders.cloud }, 'receivers');
  const made = shape.rules({ ...empty, cloud: receivers.cloud }, count, senders.groupId);
  let cloud = allow(made.cloud, receivers.groupId, made.rules);
  cloud = addInstance(cloud, { name: 'sender', subnetId: empty.subnetId, groupId: senders.groupId });
  return addInstance(cloud, { name: 'receiver', subnetId: empty.subnetId, groupId: receivers.groupId });
}

function openFlood(lab: Lab, shape: Shape): Flood {
  const [from, to] = ['sender', 'receiver'].map((name) => ({
    netns: lab.namespaces.netns(instanceNamespace(lab.name, name)),
    address: addressOf(lab.cloud, name),
  }));
  if (from === undefined || to === undefined) throw new RangeError('a flood has two ends');
  const flows = shape.judged === 'every packet' ? [1, 1] : [SOURCES, DESTINATIONS];
  return new Flood(from, to, { sources: flows[0] ?? 1, destinations: flows[1] ?? 1 });
}

async function sample(lab: Lab, flood: Flood, { judged }: Shape): Promise<number> {
  for (const machine of ['sender', 'receiver']) {
    // Flows of the previous sample would pass as tracked connections.
    await run('conntrack', ['-F'], { namespace: lab.namespaces.netns(cardNamespace(lab.name, machine, 0)) });
  }
  if (judged === 'first packets') return flood.run({ packets: SOURCES * DESTINATIONS, ms: 5000 });
  flood.establish();
  return flood.run({ packets: Number.POSITIVE_INFINITY, ms: 250 });
}

function addressOf(cloud: Cloud, instance: string): string {
  const eni = Object.values(cloud.networkInterfaces).find(
    ({ instanceId }) => cloud.instances[instanceId]?.name === instance,
  );
  return eni?.privateIpAddresses[0] ?? '';
}
