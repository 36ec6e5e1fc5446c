/** Measures how soon a client of the EC2 API has its answer, and with it the requested change. */
import { makeProbe } from '../../src/cloud/text/probe.js';
import type { Cloud } from '../../src/cloud/types.js';
import { Endpoint } from '../../src/ec2/endpoint.js';
import { Lab } from '../../src/lab/lab.js';
import { ApiClient } from './api-client.js';
import { type BenchContext, type Benchmark, interleave, LAB_OPTIONS, timed } from './benchmark.js';
import { webAndDatabases } from './clouds.js';
import { figure } from './figure.js';

const INSTANCES = 20;
const PORT = 8443;

export const api: Benchmark = {
  name: 'api',
  summary: `EC2 calls over HTTP, in a lab of ${INSTANCES} instances`,
  run: async (context) => {
    const live = await Lab.up(webAndDatabases(context.labName('api'), INSTANCES), LAB_OPTIONS);
    const endpoint = await Endpoint.listen({ wanted: null, before: null });
    const client = new ApiClient(endpoint.url);
    try {
      endpoint.serve(live, null);
      await live.prepareChanges();
      return await measure(context, live, client);
    } finally {
      client.close();
      endpoint.destroy();
      await live.down();
    }
  },
};

async function measure(context: BenchContext, live: Lab, client: ApiClient) {
  const calls = await interleave(context, context.quick ? 10 : 50, {
    authorize: () => authorized(live, client),
    describe: () => timed(() => client.call('DescribeSecurityGroups', {})),
  });
  // Launches are measured separately: the kernel continues to remove a terminated instance's namespaces for a while.
  const launches = await interleave(context, context.quick ? 5 : 15, { launch: () => launched(live, client) });
  const times = { ...calls, ...launches };
  const figures = [
    { name: 'authorize', what: `AuthorizeSecurityGroupIngress, on ${INSTANCES / 2} cards`, limit: 10 },
    { name: 'describe', what: 'DescribeSecurityGroups', limit: 10 },
    { name: 'launch', what: 'RunInstances, until it has answered a client', limit: 500 },
  ] as const;
  return figures.map(({ name, what, limit }) =>
    figure({
      name: `api.${name}`,
      what,
      unit: 'ms',
      values: times[name],
      budget: { of: 'value', bound: 'at most', limit },
    }),
  );
}

/** Milliseconds until the client has its answer; fails unless the very next packet passes. */
async function authorized(live: Lab, client: ApiClient): Promise<number> {
  const rule = {
    GroupId: groupId(live.cloud, 'web'),
    'IpPermissions.1.IpProtocol': 'tcp',
    'IpPermissions.1.FromPort': String(PORT),
    'IpPermissions.1.ToPort': String(PORT),
    'IpPermissions.1.IpRanges.1.CidrIp': '0.0.0.0/0',
  };
  const ask = makeProbe({ from: 'i-1', to: 'i-0', what: `tcp/${PORT}` });
  await expectOutcome(live, ask, 'timed-out');
  const ms = await timed(() => client.call('AuthorizeSecurityGroupIngress', rule));
  await expectOutcome(live, ask, 'refused');
  await client.call('RevokeSecurityGroupIngress', rule);
  return ms;
}

/** Milliseconds until an instance that a client launched has answered. */
async function launched(live: Lab, client: ApiClient): Promise<number> {
  const [subnet] = Object.values(live.cloud.subnets);
  const wanted = {
    ImageId: 'ami-0123456789abcdef0',
    MinCount: '1',
    MaxCount: '1',
    SubnetId: subnet?.id ?? '',
    'SecurityGroupId.1': groupId(live.cloud, 'web'),
  };
  let id = '';
  const ms = await timed(async () => {
    id = /<instanceId>(i-[0-9a-f]+)</.exec(await client.call('RunInstances', wanted))?.[1] ?? '';
    await expectOutcome(live, makeProbe({ from: 'i-1', to: id, what: 'tcp/443' }), 'refused');
  });
  await client.call('TerminateInstances', { 'InstanceId.1': id });
  return ms;
}

function groupId(cloud: Cloud, name: string): string {
  return Object.values(cloud.securityGroups).find((group) => group.name === name)?.id ?? '';
}

async function expectOutcome(live: Lab, probe: ReturnType<typeof makeProbe>, expected: string): Promise<void> {
  const { outcome, explanation } = await live.traffic.probe(probe);
  if (outcome !== expected) throw new Error(`${probe.to}: ${outcome} instead of ${expected} (${explanation})`);
}
