import { beforeEach, describe, expect, it } from 'vitest';
import { createDefaultVpc } from '../../../src/cloud/network/default-vpc.js';
import { createTags } from '../../../src/cloud/tags.js';
import { resolveInterface } from '../../../src/cloud/text/endpoint.js';
import { makeLab } from '../cloud/shop.js';
import { ApiOnCloud, type Parameters } from './api-on-cloud.js';

const AMI = 'ami-0abcdef1234567890';
const lab = makeLab();
let api: ApiOnCloud;

beforeEach(() => {
  api = new ApiOnCloud(lab.cloud);
});

const named = (name: string): Parameters => ({
  TagSpecification: [{ ResourceType: 'instance', Tag: [{ Key: 'Name', Value: name }] }],
});

async function run(parameters: Parameters = {}) {
  const request = { ImageId: AMI, MinCount: 1, MaxCount: 1, SubnetId: lab.privateSubnetId, ...parameters };
  return (await api.call('RunInstances', request)).instancesSet;
}

async function describeOne(id: string) {
  const { reservationSet } = await api.call('DescribeInstances', { InstanceId: [id] });
  return reservationSet[0].instancesSet[0];
}

async function ids(filters: Record<string, readonly string[]>): Promise<string[]> {
  const Filter = Object.entries(filters).map(([Name, Value]) => ({ Name, Value }));
  const { reservationSet } = await api.call('DescribeInstances', { Filter });
  if (reservationSet === '') return [];
  return reservationSet.flatMap((each: { instancesSet: { instanceId: string }[] }) =>
    each.instancesSet.map(({ instanceId }) => instanceId),
  );
}

describe('RunInstances', () => {
  it('refuses what no lab can hold, in one call or in all', async () => {
    const ask = (count: number) => api.refusal('RunInstances', { ...ONE, MinCount: 1, MaxCount: count });
    const refused = (wanted: number, limit: number) =>
      expect.stringMatching(
        new RegExp(
          `^InstanceLimitExceeded: You have requested more instances \\(${wanted}\\) than your current instance limit of ${limit} `,
        ),
      );
    expect(await ask(101)).toEqual(refused(101, 100));
    const subnet = await api.call('CreateSubnet', { VpcId: lab.vpcId, CidrBlock: '10.0.64.0/20' });
    const many = { SubnetId: subnet.subnet.subnetId, MinCount: 100, MaxCount: 100 };
    for (let at = 0; at < 4; at++) await run(many);
    const had = Object.keys(api.cloud.instances).length;
    expect(await ask(100)).toEqual(refused(had + 100, 500));
    await run({ ...many, MinCount: 500 - had, MaxCount: 500 - had });
    expect(await ask(1)).toEqual(refused(501, 500));
  });

  it('answers pending instances that run, in one reservation', async () => {
    const answer = await api.call('RunInstances', {
      ImageId: AMI,
      InstanceType: 't3.micro',
      MinCount: 1,
      MaxCount: 3,
      SubnetId: lab.privateSubnetId,
      SecurityGroupId: [lab.web, lab.db],
      ClientToken: 'once',
      ...named('app-1'),
    });
    expect(answer.instancesSet.map((each: { instanceState: object }) => each.instanceState)).toEqual(
      Array(3).fill({ code: '0', name: 'pending' }),
    );
    const { reservationSet } = await api.call('DescribeInstances', {
      Filter: [{ Name: 'reservation-id', Value: [answer.reservationId] }],
    });
    expect(reservationSet).toHaveLength(1);
    expect(reservationSet[0].instancesSet).toHaveLength(3);
    expect(reservationSet[0].instancesSet[2]).toMatchObject({
      imageId: AMI,
      instanceState: { code: '16', name: 'running' },
      amiLaunchIndex: '2',
      instanceType: 't3.micro',
      subnetId: lab.privateSubnetId,
      vpcId: lab.vpcId,
      placement: { availabilityZone: 'us-east-1a', tenancy: 'default' },
      groupSet: [
        { groupId: lab.web, groupName: 'web' },
        { groupId: lab.db, groupName: 'db' },
      ],
      tagSet: [{ key: 'Name', value: 'app-1' }],
      clientToken: 'once',
    });
  });

  it('takes an empty zone for none, as Terraform sends it', async () => {
    expect(await run({ Placement: { AvailabilityZone: '' } })).toHaveLength(1);
  });

  it('gives the lab’s name by the tag Name, the first of several only', async () => {
    const [first, second] = await run({ MaxCount: 2, ...named('app-1') });
    expect(api.cloud.instances[first.instanceId]?.name).toBe('app-1');
    expect(api.cloud.instances[second.instanceId]?.name).toBe(second.instanceId);
    const [odd] = await run(named('An Odd Name!'));
    expect(api.cloud.instances[odd.instanceId]?.name).toBe(odd.instanceId);
  });

  it('takes an address by name, and gives no second instance the same', async () => {
    const [one] = await run({ PrivateIpAddress: '10.0.2.50' });
    expect(one.privateIpAddress).toBe('10.0.2.50');
    expect(
      await api.refusal('RunInstances', { ...ONE, SubnetId: lab.privateSubnetId, PrivateIpAddress: '10.0.2.50' }),
    ).toBe('InvalidIPAddress.InUse: Address 10.0.2.50 is in use.');
  });

  it('takes groups by name', async () => {
    const [one] = await run({ SecurityGroup: ['db'] });
    expect(one.groupSet).toEqual([{ groupId: lab.db, groupName: 'db' }]);
  });

  it('takes interfaces: new ones with their own groups, and one that is there', async () => {
    const { networkInterface } = await api.call('CreateNetworkInterface', {
      SubnetId: lab.privateSubnetId,
      SecurityGroupId: [lab.db],
    });
    const { networkInterfaceId } = networkInterface;
    const request = { ImageId: AMI, MinCount: 1, MaxCount: 1 };
    const { instancesSet } = await api.call('RunInstances', {
      ...request,
      NetworkInterface: [
        { DeviceIndex: 1, NetworkInterfaceId: networkInterfaceId },
        {
          DeviceIndex: 0,
          SubnetId: lab.publicSubnetId,
          SecurityGroupId: [lab.web],
          SecondaryPrivateIpAddressCount: 2,
          Description: 'front',
          DeleteOnTermination: false,
        },
      ],
    });
    const { networkInterfaceSet } = await describeOne(instancesSet[0].instanceId);
    expect(networkInterfaceSet).toMatchObject([
      {
        description: 'front',
        attachment: { deviceIndex: '0', deleteOnTermination: 'false' },
        groupSet: [{ groupId: lab.web }],
        privateIpAddressesSet: [{ primary: 'true' }, { primary: 'false' }, { primary: 'false' }],
      },
      { networkInterfaceId, attachment: { deviceIndex: '1', deleteOnTermination: 'false' } },
    ]);
    await api.call('TerminateInstances', { InstanceId: [instancesSet[0].instanceId] });
    const { networkInterfaceSet: left } = await api.call('DescribeNetworkInterfaces', {
      NetworkInterfaceId: [networkInterfaceId, networkInterfaceSet[0].networkInterfaceId],
    });
    expect(left.map(({ status }: { status: string }) => status)).toEqual(['available', 'available']);
  });

  it('gives a public address where the subnet or the request says so, a gateway or not', async () => {
    const specification = { DeviceIndex: 0, SubnetId: lab.paySubnetId, AssociatePublicIpAddress: true };
    const { instancesSet } = await api.call('RunInstances', { ...ONE, NetworkInterface: [specification] });
    const { ipAddress, networkInterfaceSet } = await describeOne(instancesSet[0].instanceId);
    expect(ipAddress).toMatch(/^198\.18\./);
    expect(networkInterfaceSet[0].association).toMatchObject({ publicIp: ipAddress, ipOwnerId: 'amazon' });
    const [without] = await run();
    expect((await describeOne(without.instanceId)).ipAddress).toBeUndefined();
  });

  it('takes no interface that is in use, and no address or interface for several instances', async () => {
    const { id } = resolveInterface(api.cloud, 'db-1.eth1');
    const front = { DeviceIndex: 0, SubnetId: lab.publicSubnetId };
    const request = { ...ONE, NetworkInterface: [front, { DeviceIndex: 1, NetworkInterfaceId: id }] };
    expect(await api.refusal('RunInstances', request)).toBe(
      `InvalidNetworkInterface.InUse: Interface: [${id}] in use.`,
    );
    const twice = { ...ONE, MaxCount: 2, SubnetId: lab.privateSubnetId, PrivateIpAddress: '10.0.2.50' };
    expect(await api.refusal('RunInstances', twice)).toMatch(/^InvalidParameterCombination/);
    const prefixes = { ...ONE, NetworkInterface: [{ ...front, Ipv4PrefixCount: 1 }] };
    expect(await api.refusal('RunInstances', prefixes)).toMatch(/^UnsupportedOperation/);
  });

  it('means the default VPC, whose subnets give public addresses, and the zone that is asked for', async () => {
    api = new ApiOnCloud(createDefaultVpc(lab.cloud).cloud);
    const { instancesSet } = await api.call('RunInstances', {
      ...ONE,
      Placement: { AvailabilityZone: 'us-east-1b' },
    });
    const instance = await describeOne(instancesSet[0].instanceId);
    expect(instance).toMatchObject({
      placement: { availabilityZone: 'us-east-1b' },
      groupSet: [{ groupName: 'default' }],
    });
    expect(instance.privateIpAddress).toMatch(/^172\.31\.16\./);
    expect(instance.ipAddress).toMatch(/^198\.18\./);
    const both = { DeviceIndex: 0, SubnetId: instance.subnetId };
    const { instancesSet: several } = await api.call('RunInstances', {
      ...ONE,
      NetworkInterface: [both, { ...both, DeviceIndex: 1 }],
    });
    expect((await describeOne(several[0].instanceId)).ipAddress).toBeUndefined();
  });

  it('makes as many as there are addresses for, between the least and the most', async () => {
    const small = api.cloud.subnets[lab.privateSubnetId];
    if (small === undefined) throw new Error('no such subnet');
    const subnets = { ...api.cloud.subnets, [small.id]: { ...small, cidr: '10.0.2.0/28' } };
    api = new ApiOnCloud({ ...api.cloud, subnets });
    expect(await run({ MinCount: 2, MaxCount: 20 })).toHaveLength(10);
    expect(await api.refusal('RunInstances', { ...ONE, SubnetId: small.id })).toMatch(
      /^InsufficientFreeAddressesInSubnet/,
    );
  });

  it.each<[string, Parameters]>([
    ['InvalidAMIID.Malformed: Invalid id: "debian" (expecting "ami-...")', { ImageId: 'debian' }],
    ["InvalidSubnetID.NotFound: The subnet ID 'subnet-12345678' does not exist", { SubnetId: 'subnet-12345678' }],
    ["InvalidGroup.NotFound: The security group 'sg-12345678' does not exist", { SecurityGroupId: ['sg-12345678'] }],
    [
      `InvalidParameter: Security group ${lab.payApi} and subnet ${lab.privateSubnetId} belong to different networks.`,
      { SecurityGroupId: [lab.payApi] },
    ],
    [`InvalidGroup.NotFound: The security group 'x' does not exist in VPC '${lab.vpcId}'`, { SecurityGroup: ['x'] }],
    ["InvalidParameterValue: Address 10.0.2.3 is in subnet's reserved address range", { PrivateIpAddress: '10.0.2.3' }],
    ['InvalidInstanceType: The following supplied instance types do not exist: [big]', { InstanceType: 'big' }],
    ['InvalidParameterValue: Invalid BASE64 encoding of user data.', { UserData: '#!/bin/sh' }],
    [
      'InvalidParameterCombination: Network interfaces and an instance-level subnet ID may not be specified on the same request',
      { NetworkInterface: [{ DeviceIndex: 0, SubnetId: lab.privateSubnetId }] },
    ],
    [
      "InvalidParameterValue: 'vpc' is not a valid taggable resource type for this operation.",
      { TagSpecification: [{ ResourceType: 'vpc', Tag: [{ Key: 'a', Value: 'b' }] }] },
    ],
  ])('%s', async (refusal, parameters) => {
    const before = api.cloud;
    expect(await api.refusal('RunInstances', { ...ONE, SubnetId: lab.privateSubnetId, ...parameters })).toBe(refusal);
    expect(api.cloud).toBe(before);
  });

  it('needs a subnet where there is no default VPC', async () => {
    expect(await api.refusal('RunInstances', ONE)).toBe('VPCIdNotSpecified: No default VPC for this user');
  });
});

const ONE = { ImageId: AMI, MinCount: 1, MaxCount: 1 };

describe('DescribeInstances', () => {
  it('knows the instances of a scenario file, and their interfaces', async () => {
    const { id, instanceId } = resolveInterface(api.cloud, 'web-1');
    expect(await describeOne(instanceId)).toMatchObject({
      instanceId,
      instanceState: { name: 'running' },
      groupSet: [{ groupName: 'web' }],
      networkInterfaceSet: [{ networkInterfaceId: id, status: 'in-use' }],
    });
  });

  it('filters by what an instance and its interfaces have', async () => {
    const [one] = await run({ ...named('app-1'), SecurityGroupId: [lab.db] });
    const db = resolveInterface(api.cloud, 'db-1').instanceId;
    const web = resolveInterface(api.cloud, 'web-1').instanceId;
    expect(await ids({ 'tag:Name': ['app-*'] })).toEqual([one.instanceId]);
    expect(new Set(await ids({ 'instance.group-name': ['db'] }))).toEqual(new Set([one.instanceId, db]));
    expect(await ids({ 'instance.group-id': [lab.web] })).toEqual([web]);
    expect(new Set(await ids({ 'network-interface.group-id': [lab.web] }))).toEqual(new Set([web, db]));
    expect(await ids({ 'instance-state-name': ['stopped'] })).toEqual([]);
    expect(await ids({ 'private-ip-address': [one.privateIpAddress], 'vpc-id': [lab.vpcId] })).toEqual([
      one.instanceId,
    ]);
  });

  it('comes in pages', async () => {
    await run({ MaxCount: 10 });
    const first = await api.call('DescribeInstances', { MaxResults: 10 });
    const second = await api.call('DescribeInstances', { MaxResults: 10, NextToken: first.nextToken });
    const count = (page: typeof first) => page.reservationSet.flatMap((each: typeof first) => each.instancesSet).length;
    expect([count(first), count(second), second.nextToken]).toEqual([10, 2, undefined]);
  });

  it('names every instance that there is not', async () => {
    expect(await api.refusal('DescribeInstances', { InstanceId: ['i-12345678'] })).toBe(
      "InvalidInstanceID.NotFound: The instance ID 'i-12345678' does not exist",
    );
    expect(await api.refusal('DescribeInstances', { InstanceId: ['i-12345678', 'i-87654321'] })).toBe(
      "InvalidInstanceID.NotFound: The instance IDs 'i-12345678, i-87654321' do not exist",
    );
    expect(await api.refusal('DescribeInstances', { InstanceId: ['web-1'] })).toBe(
      'InvalidInstanceID.Malformed: Invalid id: "web-1" (expecting "i-...")',
    );
  });
});

describe('the life of an instance', () => {
  const change = (action: string, set: string) => async (id: string) => {
    const { [set]: changes } = await api.call(action, { InstanceId: [id] });
    return [changes[0].previousState.name, changes[0].currentState.name];
  };
  const stop = change('StopInstances', 'instancesSet');
  const start = change('StartInstances', 'instancesSet');
  const terminate = change('TerminateInstances', 'instancesSet');

  it('goes from state to state, and ends', async () => {
    const [{ instanceId: id }] = await run();
    expect(await stop(id)).toEqual(['running', 'stopping']);
    expect(await stop(id)).toEqual(['stopped', 'stopped']);
    expect((await describeOne(id)).instanceState).toEqual({ code: '80', name: 'stopped' });
    expect(await start(id)).toEqual(['stopped', 'pending']);
    expect(await start(id)).toEqual(['running', 'running']);
    await api.call('RebootInstances', { InstanceId: [id] });
    expect(await terminate(id)).toEqual(['running', 'shutting-down']);
    expect(await terminate(id)).toEqual(['terminated', 'terminated']);
    expect(await describeOne(id)).toMatchObject({
      instanceState: { code: '48', name: 'terminated' },
      networkInterfaceSet: '',
      groupSet: '',
    });
    const refusal = (action: string) => api.refusal(action, { InstanceId: [id] });
    expect(await refusal('StartInstances')).toBe(
      `IncorrectInstanceState: The instance '${id}' is not in a state from which it can be started.`,
    );
    expect(await refusal('StopInstances')).toMatch(/^IncorrectInstanceState/);
    expect(await refusal('RebootInstances')).toMatch(/^IncorrectInstanceState/);
  });

  it('has another public address after a stop, the elastic one stays', async () => {
    const specification = { DeviceIndex: 0, SubnetId: lab.publicSubnetId, AssociatePublicIpAddress: true };
    const { instancesSet } = await api.call('RunInstances', { ...ONE, NetworkInterface: [specification] });
    const id = instancesSet[0].instanceId;
    await stop(id);
    expect((await describeOne(id)).ipAddress).toBeUndefined();
    await start(id);
    expect((await describeOne(id)).ipAddress).toMatch(/^198\.18\./);
  });

  it('tells the status of what runs, of the stopped too when asked', async () => {
    const [{ instanceId: id }] = await run();
    const status = (parameters: Parameters) => api.call('DescribeInstanceStatus', { InstanceId: [id], ...parameters });
    expect((await status({})).instanceStatusSet).toMatchObject([
      { instanceStatus: { status: 'ok' }, systemStatus: { status: 'ok' } },
    ]);
    await stop(id);
    expect((await status({})).instanceStatusSet).toBe('');
    expect((await status({ IncludeAllInstances: true })).instanceStatusSet).toMatchObject([
      { instanceState: { name: 'stopped' }, instanceStatus: { status: 'not-applicable' } },
    ]);
  });

  it('terminates all that it is asked to, or none', async () => {
    const [{ instanceId: id }] = await run({ DisableApiTermination: true });
    const [{ instanceId: other }] = await run();
    expect(await api.refusal('TerminateInstances', { InstanceId: [other, id] })).toBe(
      `OperationNotPermitted: The instance '${id}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.`,
    );
    expect((await describeOne(other)).instanceState.name).toBe('running');
    expect(await api.refusal('TerminateInstances', { InstanceId: [other, 'i-12345678'] })).toMatch(
      /^InvalidInstanceID.NotFound/,
    );
    expect((await describeOne(other)).instanceState.name).toBe('running');
  });
});

it('a machine that AWS runs is no instance', async () => {
  const [web] = await ids({ 'instance.group-name': ['web'] });
  const instance = api.cloud.instances[web ?? ''];
  if (instance === undefined) throw new Error('no such instance');
  const cloud = createTags(api.cloud, [instance.id], {});
  api = new ApiOnCloud({
    ...cloud,
    instances: { ...cloud.instances, [instance.id]: { ...instance, kind: 'nat-gateway' } },
  });
  expect(await ids({ 'instance.group-name': ['web'] })).toEqual([]);
  const { networkInterfaceSet } = await api.call('DescribeNetworkInterfaces', {
    Filter: [{ Name: 'interface-type', Value: ['nat_gateway'] }],
  });
  expect(networkInterfaceSet[0]).toMatchObject({
    requesterManaged: 'true',
    attachment: { instanceOwnerId: 'amazon-aws' },
  });
});
