/** Clouds that random changes of machines, networks and rules lead to; the same numbers give the same cloud. */

import type { Choices } from '../../../src/changes/choices.js';
import { applyMutation } from '../../../src/changes/mutation.js';
import { createPeering } from '../../../src/cloud/gateways/peering.js';
import { createExternalHost } from '../../../src/cloud/instances/external-host.js';
import { runInstance } from '../../../src/cloud/instances/instance.js';
import { startInstance, stopInstance, terminateInstance } from '../../../src/cloud/instances/instance-life.js';
import { assignAddresses, unassignAddresses } from '../../../src/cloud/interfaces/interface-addresses.js';
import { setSourceDestCheck } from '../../../src/cloud/interfaces/interface-attributes.js';
import { changeRoutes } from '../../../src/cloud/network/routes.js';
import { createSubnet } from '../../../src/cloud/network/subnet.js';
import { createVpc } from '../../../src/cloud/network/vpc.js';
import type { Cloud } from '../../../src/cloud/types.js';
import { choose, DRAFT_KINDS } from '../../../src/verify/fuzz/event.js';
import { fuzzCloud } from '../../../src/verify/fuzz/lab.js';

/** Numbers that a seed repeats (mulberry32). */
export function randomNumbers(seed: number): number[] {
  let state = seed;
  return Array.from({ length: 2000 }, () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  });
}

export function startingCloud(name: string): Cloud {
  return fuzzCloud(name);
}

type Step = (cloud: Cloud, choices: Choices, serial: number) => Cloud;

const one = <T>(choices: Choices, records: Readonly<Record<string, T>>): T => {
  const found = choices.of(Object.values(records));
  if (found === undefined) throw new RangeError('there is none');
  return found;
};

const STEPS: readonly Step[] = [
  (cloud, choices, serial) =>
    runInstance(cloud, { name: `n${serial}`, interfaces: [{ subnetId: one(choices, cloud.subnets).id }] }).cloud,
  (cloud, choices) => terminateInstance(cloud, one(choices, cloud.instances).id),
  (cloud, choices) => stopInstance(cloud, one(choices, cloud.instances).id),
  (cloud, choices) => startInstance(cloud, one(choices, cloud.stoppedInstances).id),
  (cloud, choices) => {
    const { id, name, interfaceIds } = one(choices, cloud.instances);
    const subnetId = cloud.networkInterfaces[interfaceIds[0] ?? '']?.subnetId ?? '';
    return runInstance(terminateInstance(cloud, id), { name, interfaces: [{ subnetId }] }).cloud;
  },
  (cloud, choices, serial) => {
    const block = 20 + choices.number(200);
    const ipv6Cidr = choices.number(2) === 0 ? null : `2001:db8:${(0x4000 + block).toString(16)}::/56`;
    const vpc = createVpc(cloud, {
      name: `v${serial}`,
      cidrs: [`10.${block}.0.0/16`],
      ipv6Cidr,
      internetGateway: true,
    });
    return createSubnet(vpc.cloud, { vpcId: vpc.vpc.id, name: `s${serial}`, cidr: `10.${block}.1.0/24` }).cloud;
  },
  (cloud, choices, serial) =>
    createPeering(cloud, {
      name: `p${serial}`,
      requesterVpcId: one(choices, cloud.vpcs).id,
      accepterVpcId: one(choices, cloud.vpcs).id,
      status: 'active',
    }).cloud,
  (cloud, choices, serial) =>
    createExternalHost(cloud, { name: `h${serial}`, addresses: [`203.0.113.${20 + choices.number(200)}`] }).cloud,
  (cloud, choices) => {
    const eni = one(choices, cloud.networkInterfaces);
    return setSourceDestCheck(cloud, eni.id, !eni.sourceDestCheck);
  },
  (cloud, choices) =>
    assignAddresses(cloud, one(choices, cloud.networkInterfaces).id, choices.number(2) === 0 ? 'ipv4' : 'ipv6', 1),
  (cloud, choices) => {
    const { id, ipv6Addresses } = one(choices, cloud.networkInterfaces);
    return unassignAddresses(cloud, id, 'ipv6', ipv6Addresses);
  },
  (cloud, choices) =>
    changeRoutes(cloud, one(choices, cloud.routeTables).id, {
      add: [
        {
          destination: choices.of(['172.16.5.0/24', '10.77.3.0/24', '10.0.3.0/24']) ?? '172.16.5.0/24',
          target: { type: 'interface', interfaceId: one(choices, cloud.networkInterfaces).id },
        },
      ],
    }),
  (cloud, choices, serial) => {
    const [kind = 'authorize' as const] = choices.of(DRAFT_KINDS) ?? [];
    const event = choose(cloud, [], { kind, choices: Array.from({ length: 12 }, () => choices.number(1000)) }, serial);
    return event?.type === 'mutate' ? applyMutation(cloud, event.mutation) : cloud;
  },
];

/** The cloud after that many changes. What is not allowed at the moment is none. */
export function changedCloud(cloud: Cloud, choices: Choices, count: number): Cloud {
  let next = cloud;
  for (let done = 0, tried = 0; done < count && tried < 200; tried++) {
    const changed = attempt(next, choices, tried);
    if (changed !== next) done++;
    next = changed;
  }
  return next;
}

function attempt(cloud: Cloud, choices: Choices, serial: number): Cloud {
  const step = choices.of([...STEPS, ...STEPS.slice(-1), ...STEPS.slice(-1)]);
  try {
    return step?.(cloud, choices, serial + choices.number(1_000_000)) ?? cloud;
  } catch {
    return cloud;
  }
}
