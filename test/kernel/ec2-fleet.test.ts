/** Many instances by many clients at once: all reachable when their calls return, and nothing of them left afterwards. */
import fs from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { authorize } from '../../src/cloud/groups/rules.js';
import { createDefaultVpc } from '../../src/cloud/network/default-vpc.js';
import { Endpoint } from '../../src/ec2/endpoint.js';
import { Ec2Client } from './support/ec2-client.js';
import { OwnLab } from './support/own-lab.js';

const CLIENTS = 8;
const INSTANCES = 20;
const RUN = { ImageId: 'ami-0abcdef1234567890', InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 };

let lab: OwnLab;
let endpoint: Endpoint;
let groupId: string;
const clients: Ec2Client[] = [];

/** The default VPC, whose default group lets SSH in. */
beforeAll(async () => {
  lab = await OwnLab.up();
  await lab.change((cloud) => {
    const { cloud: made, vpc } = createDefaultVpc(cloud);
    groupId = vpc.defaultGroupId;
    const peer = { type: 'cidr', cidr: '0.0.0.0/0' } as const;
    return authorize(made, groupId, [{ direction: 'ingress', protocol: 'tcp', fromPort: 22, toPort: 22, peer }]).cloud;
  });
  endpoint = await Endpoint.listen({ wanted: null, before: null });
  endpoint.serve(lab.live, null);
  clients.push(...Array.from({ length: CLIENTS }, () => new Ec2Client(endpoint.url)));
  for (const client of clients) await client.send('DescribeInstances');
});
afterAll(async () => {
  for (const client of clients) client.close();
  endpoint?.destroy();
  await lab?.down();
});

/** Deals numbers out to the clients, each of which works through its own one after the other. */
async function shared<T>(action: (client: Ec2Client, number: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  const work = clients.map(async (client, at) => {
    for (let number = at; number < INSTANCES; number += CLIENTS) results[number] = await action(client, number);
  });
  await Promise.all(work);
  return results;
}

const descriptors = () => fs.readdirSync('/proc/self/fd').length;

it(`${INSTANCES} instances of ${CLIENTS} clients are reachable when their calls return; terminated, they leave nothing`, async () => {
  const before = { namespaces: lab.namespaces(), state: await lab.state() };
  const descriptorsAfter: number[] = [];
  for (const round of [1, 2]) {
    const ids = await shared(async (client, number) => {
      const { status, answer } = await client.send('RunInstances', {
        ...RUN,
        'TagSpecification.1.ResourceType': 'instance',
        'TagSpecification.1.Tag.1.Key': 'Name',
        'TagSpecification.1.Tag.1.Value': `vm-${number}`,
        'TagSpecification.1.Tag.2.Key': 'sglab:listen',
        'TagSpecification.1.Tag.2.Value': 'tcp/22',
      });
      expect(status).toBe(200);
      return answer.instancesSet.item[0].instanceId as string;
    });
    expect(new Set(ids).size).toBe(INSTANCES);
    const addresses = Object.values(lab.cloud.networkInterfaces).flatMap((eni) => eni.privateIpAddresses);
    expect(new Set(addresses).size).toBe(INSTANCES);
    for (let number = 0; number < INSTANCES; number++) {
      const other = `vm-${(number + round) % INSTANCES}`;
      expect(`${number} ${await lab.probe(`vm-${number} -> ${other} tcp/22`)}`).toBe(`${number} connected`);
    }
    await shared(async (client, number) => {
      const { status } = await client.send('TerminateInstances', { 'InstanceId.1': ids[number] ?? '' });
      expect(status).toBe(200);
    });
    descriptorsAfter.push(descriptors());
  }
  expect(lab.namespaces()).toEqual(before.namespaces);
  // The first round opens what the process keeps for all that follow.
  expect(descriptorsAfter[1]).toBe(descriptorsAfter[0]);
  expect({ ...(await lab.state()), journal: null }).toEqual({ ...before.state, journal: null });
});

it('one call runs many, and one ends them', async () => {
  const [client] = clients;
  if (client === undefined) throw new Error('there are clients');
  const { answer } = await client.send('RunInstances', { ...RUN, MinCount: INSTANCES, MaxCount: INSTANCES });
  const ids: string[] = answer.instancesSet.item.map((each: { instanceId: string }) => each.instanceId);
  for (const id of ids.slice(1)) expect(await lab.probe(`${ids[0]} -> ${id} tcp/22`)).toBe('refused listener');
  const wanted = Object.fromEntries(ids.map((id, at) => [`InstanceId.${at + 1}`, id]));
  expect((await client.send('TerminateInstances', wanted)).status).toBe(200);
  expect(lab.namespaces().filter((name) => /^(i-|vm-)/.test(name))).toEqual([]);
});
