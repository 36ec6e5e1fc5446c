/** AWS's own client for JavaScript fills a Region that `sglab serve` opened, and real programs meet what it made. */
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateTagsCommand,
  DescribeInstancesCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
  paginateDescribeInstances,
  paginateDescribeNetworkInterfaces,
  RevokeSecurityGroupIngressCommand,
  RunInstancesCommand,
  type RunInstancesCommandInput,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
  waitUntilInstanceRunning,
  waitUntilInstanceStopped,
  waitUntilInstanceTerminated,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type HostState, readHostState } from './support/host-state.js';
import { Relay } from './support/relay.js';
import { TestHost } from './support/test-host.js';
import { until } from './support/until.js';

const IMAGE = 'ami-0abcdef1234567890';
const PORT = 8080;

let host: TestHost;
let before: HostState;
let relay: Relay;
let ec2: EC2Client;
const groups = { web: '', client: '' };
const instances = { web: '', client: '' };

beforeAll(async () => {
  host = await TestHost.start();
  before = await readHostState(host);
  const { endpoint } = await host.json<{ endpoint: string }>(['serve', '--region', 'eu-central-1']);
  const { variables } = await host.json<{ variables: Record<string, string> }>(['env']);
  relay = await Relay.start(host, Number(new URL(endpoint).port));
  ec2 = new EC2Client({
    endpoint,
    region: 'eu-central-1',
    credentials: {
      accessKeyId: variables.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: variables.AWS_SECRET_ACCESS_KEY ?? '',
    },
    maxAttempts: 1,
    requestHandler: { httpAgent: relay.agent },
  });
  for (const name of ['web', 'client'] as const) {
    const made = await ec2.send(new CreateSecurityGroupCommand({ GroupName: name, Description: `of ${name}` }));
    groups[name] = made.GroupId ?? '';
  }
});
afterAll(async () => {
  ec2?.destroy();
  await relay?.stop();
  await host?.stop();
});

const waiting = () => ({ client: ec2, maxWaitTime: 30, minDelay: 1, maxDelay: 1 });
const ingress = () => ({
  GroupId: groups.web,
  IpPermissions: [{ IpProtocol: 'tcp', FromPort: PORT, ToPort: PORT, UserIdGroupPairs: [{ GroupId: groups.client }] }],
});

async function launch(name: 'web' | 'client', more: Partial<RunInstancesCommandInput> = {}): Promise<void> {
  const { Instances: [made] = [] } = await ec2.send(
    new RunInstancesCommand({
      ImageId: IMAGE,
      InstanceType: 't3.micro',
      MinCount: 1,
      MaxCount: 1,
      SecurityGroupIds: [groups[name]],
      TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: name }] }],
      ...more,
    }),
  );
  expect(made?.State?.Name).toBe('pending');
  instances[name] = made?.InstanceId ?? '';
}

async function instanceOf(name: 'web' | 'client') {
  const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [instances[name]] }));
  return Reservations?.[0]?.Instances?.[0];
}

/** A real web server in web; it answers when this returns. */
async function serve(): Promise<void> {
  host.startSglab(['exec', 'web', '--', 'python3', '-m', 'http.server', String(PORT)], { stdio: 'ignore' });
  await until('the web server listens', async () => {
    const { stdout } = await host.sglab(['exec', 'web', '--', 'ss', '-Hltn']);
    return stdout.includes(`:${PORT} `);
  });
}

/** What a real client in client gets: a status, or curl's word for why it got none. */
async function get(): Promise<string> {
  const url = `http://${(await instanceOf('web'))?.PrivateIpAddress}:${PORT}/`;
  const curl = ['curl', '-s', '-o', '/dev/null', '-w', '%{http_code}', '--max-time', '2', url];
  const { code, stdout } = await host.sglab(['exec', 'client', '--', ...curl]);
  return { 7: 'refused', 28: 'timed out' }[Number(code)] ?? stdout;
}

it('runs instances in the default VPC, which are there at once', async () => {
  await launch('web', { UserData: Buffer.from('#!/bin/sh\ntouch /tmp/never\n').toString('base64') });
  await launch('client');
  await waitUntilInstanceRunning(waiting(), { InstanceIds: Object.values(instances) });
  expect(await instanceOf('web')).toMatchObject({
    ImageId: IMAGE,
    InstanceType: 't3.micro',
    State: { Name: 'running' },
    Placement: { AvailabilityZone: 'eu-central-1a' },
    PublicIpAddress: expect.stringMatching(/^198\.18\./),
    SecurityGroups: [{ GroupId: groups.web, GroupName: 'web' }],
    Tags: [{ Key: 'Name', Value: 'web' }],
  });
});

it('lets real HTTP through as its groups say, at once', async () => {
  await serve();
  expect(await get()).toBe('timed out');
  await ec2.send(new AuthorizeSecurityGroupIngressCommand(ingress()));
  expect(await get()).toBe('200');
  await ec2.send(new RevokeSecurityGroupIngressCommand(ingress()));
  expect(await get()).toBe('timed out');
  await ec2.send(new AuthorizeSecurityGroupIngressCommand(ingress()));
  expect(await get()).toBe('200');
});

it('stops an instance with all that runs in it, and starts it at its old address', async () => {
  const address = (await instanceOf('web'))?.PrivateIpAddress;
  await ec2.send(new StopInstancesCommand({ InstanceIds: [instances.web] }));
  await waitUntilInstanceStopped(waiting(), { InstanceIds: [instances.web] });
  expect(await get()).toBe('timed out');
  await ec2.send(new StartInstancesCommand({ InstanceIds: [instances.web] }));
  await waitUntilInstanceRunning(waiting(), { InstanceIds: [instances.web] });
  expect((await instanceOf('web'))?.PrivateIpAddress).toBe(address);
  expect(await get()).toBe('refused');
  await serve();
  expect(await get()).toBe('200');
});

it('has sglab’s own servers where a tag says so', async () => {
  const probe = () => host.sglab(['probe', 'client', 'web', 'tcp/8080', '--json']);
  const listen = { Resources: [instances.web], Tags: [{ Key: 'sglab:listen', Value: 'tcp/8081, udp/53' }] };
  await ec2.send(new CreateTagsCommand(listen));
  const { stdout } = await host.sglab(['exec', 'web', '--', 'ss', '-Hltnu']);
  expect(stdout).toMatch(/:8081 /);
  expect(stdout).toMatch(/:53 /);
  expect(JSON.parse((await probe()).stdout)).toMatchObject({ outcome: 'connected' });
});

it('tells all of many, page by page', async () => {
  await ec2.send(
    new RunInstancesCommand({
      ImageId: IMAGE,
      InstanceType: 't3.micro',
      MinCount: 10,
      MaxCount: 10,
      SecurityGroupIds: [groups.client],
    }),
  );
  const ids: (string | undefined)[] = [];
  for await (const { Reservations = [] } of paginateDescribeInstances({ client: ec2, pageSize: 5 }, {})) {
    ids.push(...Reservations.flatMap(({ Instances = [] }) => Instances.map(({ InstanceId }) => InstanceId)));
  }
  expect(new Set(ids).size).toBe(12);
  expect(ids).toHaveLength(12);
  const interfaces: (string | undefined)[] = [];
  for await (const page of paginateDescribeNetworkInterfaces({ client: ec2, pageSize: 5 }, {})) {
    interfaces.push(...(page.NetworkInterfaces ?? []).map(({ NetworkInterfaceId }) => NetworkInterfaceId));
  }
  expect(new Set(interfaces).size).toBe(12);
});

it('terminates all, which waiters see, and nothing of them is left', async () => {
  const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({}));
  const ids = Reservations.flatMap(({ Instances = [] }) => Instances.flatMap(({ InstanceId }) => InstanceId ?? []));
  await ec2.send(new TerminateInstancesCommand({ InstanceIds: ids }));
  await waitUntilInstanceTerminated(waiting(), { InstanceIds: ids });
  expect(host.namespaces().filter((name) => /web|client|-i-/.test(name))).toEqual([]);
  await expect(ec2.send(new StartInstancesCommand({ InstanceIds: [instances.web] }))).rejects.toMatchObject({
    name: 'IncorrectInstanceState',
  });
  await expect(ec2.send(new DescribeInstancesCommand({ InstanceIds: ['i-12345678'] }))).rejects.toMatchObject({
    name: 'InvalidInstanceID.NotFound',
    $metadata: { httpStatusCode: 400 },
  });
  const { SecurityGroups = [] } = await ec2.send(new DescribeSecurityGroupsCommand({ GroupNames: ['web'] }));
  expect(SecurityGroups).toHaveLength(1);
  await host.sglab(['down', '--all']);
  ec2.destroy();
  await relay.stop();
  await until('every process ends', () => host.processes().length === 0);
  expect(await readHostState(host)).toEqual(before);
});
