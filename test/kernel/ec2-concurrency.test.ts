/** Many clients at once: no change is lost, none is made by half, and the answers are what came true. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSecurityGroup } from '../../src/cloud/groups/security-group.js';
import { createSubnet } from '../../src/cloud/network/subnet.js';
import { createVpc } from '../../src/cloud/network/vpc.js';
import { Endpoint } from '../../src/ec2/endpoint.js';
import { closeNetns, openNetns } from '../../src/kernel/netns.js';
import { run } from '../../src/kernel/process.js';
import { type Ec2Answer, Ec2Client } from './support/ec2-client.js';
import { OwnLab } from './support/own-lab.js';

const CLIENTS = 8;
const CALLS = 1000;
const MANY = 50;
/** Of each group; every client picks among all of them, so that they get in each other's way. */
const PORTS = Array.from({ length: 12 }, (_, at) => 7000 + at);

let lab: OwnLab;
let endpoint: Endpoint;
let vpcId: string;
const groups: Record<'a' | 'b', string> = { a: '', b: '' };
const clients: Ec2Client[] = [];

/** Groups a and b on instances a and b, which c asks. */
beforeAll(async () => {
  lab = await OwnLab.up();
  await lab.change((cloud) => {
    const made = createVpc(cloud, { name: 'v', cidrs: ['10.0.0.0/16'] });
    vpcId = made.vpc.id;
    return createSubnet(made.cloud, { vpcId, name: 's', cidr: '10.0.1.0/24' }).cloud;
  });
  for (const name of ['a', 'b'] as const) {
    await lab.change((cloud) => {
      const made = createSecurityGroup(cloud, { vpcId, name, description: name });
      groups[name] = made.group.id;
      return made.cloud;
    });
    await lab.launch(name, { subnet: 's', groupIds: [groups[name]] });
  }
  await lab.launch('c', { subnet: 's' });
  endpoint = await Endpoint.listen({ wanted: null, before: null });
  endpoint.serve(lab.live, null);
});
afterAll(async () => {
  for (const client of clients) client.close();
  endpoint?.destroy();
  await lab?.down();
});

function newClient(): Ec2Client {
  const client = new Ec2Client(endpoint.url);
  clients.push(client);
  return client;
}

const rule = (groupId: string, port: number) => ({
  GroupId: groupId,
  'IpPermissions.1.IpProtocol': 'tcp',
  'IpPermissions.1.FromPort': port,
  'IpPermissions.1.ToPort': port,
  'IpPermissions.1.IpRanges.1.CidrIp': '10.0.0.0/16',
});

interface Promised {
  readonly id: string;
  readonly groupId: string;
  readonly port: number;
}

/** Ingress rules of groups a and b, as the API says. */
async function described(): Promise<Promised[]> {
  const { answer } = await newClient().send('DescribeSecurityGroupRules');
  return items(answer.securityGroupRuleSet)
    .filter(({ isEgress, groupId }) => isEgress === 'false' && Object.values(groups).includes(groupId ?? ''))
    .map(promisedRule)
    .sort(byId);
}

const items = (list: { item: Record<string, string>[] } | ''): Record<string, string>[] =>
  list === '' ? [] : list.item;
const promisedRule = ({ securityGroupRuleId = '', groupId = '', fromPort }: Record<string, string>): Promised => ({
  id: securityGroupRuleId,
  groupId,
  port: Number(fromPort),
});
const byId = (left: Promised, right: Promised) => (left.id < right.id ? -1 : 1);

it(`${MANY} clients at once each make a group, and it is there`, async () => {
  const names = Array.from({ length: MANY }, (_, at) => `crowd-${at}`);
  const made = await Promise.all(
    names.map((GroupName) =>
      newClient().send('CreateSecurityGroup', { GroupName, GroupDescription: 'one of many', VpcId: vpcId }),
    ),
  );
  const ids = made.map(({ answer }) => answer.groupId);
  expect(new Set(ids).size).toBe(MANY);
  expect(ids.map((id) => lab.cloud.securityGroups[id]?.name)).toEqual(names);
});

it(`${CALLS} calls of ${CLIENTS} clients end in the rules that the answers promised`, {
  timeout: 300_000,
}, async () => {
  const promised = new Map<string, Promised>();
  const revoked = new Set<string>();
  const unexpected: Ec2Answer[] = [];
  const client = async (seed: number) => {
    const http = newClient();
    const random = generator(seed);
    for (let call = 0; call < CALLS / CLIENTS; call++) {
      const parameters = rule(random(2) === 0 ? groups.a : groups.b, PORTS[random(PORTS.length)] ?? 0);
      const isRevocation = random(2) === 0;
      const name = isRevocation ? 'RevokeSecurityGroupIngress' : 'AuthorizeSecurityGroupIngress';
      const answered = await http.send(name, parameters);
      const { code, answer } = answered;
      if (code === null && isRevocation) {
        for (const { id } of items(answer.revokedSecurityGroupRuleSet).map(promisedRule)) revoked.add(id);
      } else if (code === null) {
        for (const each of items(answer.securityGroupRuleSet).map(promisedRule)) promised.set(each.id, each);
      } else if (code !== (isRevocation ? 'InvalidPermission.NotFound' : 'InvalidPermission.Duplicate')) {
        unexpected.push(answered);
      }
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, (_, at) => client(at + 1)));

  expect(unexpected).toEqual([]);
  expect(revoked.size).toBeGreaterThan(CALLS / 10);
  const left = [...promised.values()].filter(({ id }) => !revoked.has(id)).sort(byId);
  expect(left.length).toBeGreaterThan(0);
  expect(await described()).toEqual(left);
  for (const name of ['a', 'b'] as const) {
    for (const port of PORTS) {
      const isOpen = left.some((each) => each.port === port && each.groupId === groups[name]);
      const outcome = await lab.probe(`c -> ${name} tcp/${port}`);
      expect(`${name} ${port} ${outcome}`).toBe(
        `${name} ${port} ${isOpen ? 'refused listener' : 'timed-out sg-ingress'}`,
      );
    }
  }
});

it('a change that the kernel refuses is an error, and none anywhere', async () => {
  const shared = await newClient().send('CreateSecurityGroup', {
    GroupName: 'shared',
    GroupDescription: 'on a and b',
    VpcId: vpcId,
  });
  const both = shared.answer.groupId;
  for (const instance of ['a', 'b']) await lab.live.mutate({ type: 'attach', instance, group: 'shared' });
  const before = { cloud: lab.cloud, state: await lab.state() };
  const namespace = openNetns(lab.namespace('b.eth0'));
  // What the rule's own map will be called, but another kind of map.
  const obstacle = ['map', 'inet', 'sg', 'ingress4-tcp-9999'];
  // It is gone again before anybody asks, so the lab need not hear of it.
  const nft = (...words: string[]) => lab.live.integrity.allow(() => run('nft', words, { namespace }));
  await nft('add', ...obstacle, '{ type inet_service : mark; }');
  const { status, code } = await newClient().send('AuthorizeSecurityGroupIngress', rule(both, 9999));
  await nft('delete', ...obstacle);
  closeNetns(namespace);

  expect({ status, code }).toEqual({ status: 500, code: 'InternalError' });
  expect(lab.cloud).toBe(before.cloud);
  expect(await lab.state()).toEqual(before.state);
  expect((await newClient().send('AuthorizeSecurityGroupIngress', rule(both, 9999))).status).toBe(200);
  expect(await lab.probe('c -> a tcp/9999')).toBe('refused listener');
  expect(await lab.probe('c -> b tcp/9999')).toBe('refused listener');
});

/** Park and Miller's: the same choices in every run. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return Math.floor((state / 2_147_483_647) * below);
  };
}
