import { beforeEach, describe, expect, it } from 'vitest';
import { createSecurityGroup } from '../../../src/cloud/groups/security-group.js';
import { resolveInterface } from '../../../src/cloud/text/endpoint.js';
import { makeLab } from '../cloud/shop.js';
import { ApiOnCloud, type Parameters } from './api-on-cloud.js';

const lab = makeLab();
const web = resolveInterface(lab.cloud, 'web-1');
const dbSecond = resolveInterface(lab.cloud, 'db-1.eth1');
let api: ApiOnCloud;

beforeEach(() => {
  api = new ApiOnCloud(lab.cloud);
});

async function create(parameters: Parameters = {}) {
  return (await api.call('CreateNetworkInterface', { SubnetId: lab.privateSubnetId, ...parameters })).networkInterface;
}

async function describeOne(id: string) {
  return (await api.call('DescribeNetworkInterfaces', { NetworkInterfaceId: [id] })).networkInterfaceSet[0];
}

async function ids(filters: Record<string, readonly string[]>): Promise<string[]> {
  const Filter = Object.entries(filters).map(([Name, Value]) => ({ Name, Value }));
  const { networkInterfaceSet } = await api.call('DescribeNetworkInterfaces', { Filter });
  return networkInterfaceSet === ''
    ? []
    : networkInterfaceSet.map(({ networkInterfaceId }: { networkInterfaceId: string }) => networkInterfaceId);
}

const modify = (id: string, parameters: Parameters) =>
  api.call('ModifyNetworkInterfaceAttribute', { NetworkInterfaceId: id, ...parameters });
const modifyRefusal = (id: string, parameters: Parameters) =>
  api.refusal('ModifyNetworkInterfaceAttribute', { NetworkInterfaceId: id, ...parameters });

describe('CreateNetworkInterface', () => {
  it('makes one with addresses, groups and tags, available', async () => {
    const made = await create({
      Description: 'spare',
      SecurityGroupId: [lab.db, lab.web],
      PrivateIpAddresses: [
        { PrivateIpAddress: '10.0.2.20', Primary: true },
        { PrivateIpAddress: '10.0.2.21', Primary: false },
      ],
      TagSpecification: [{ ResourceType: 'network-interface', Tag: [{ Key: 'Name', Value: 'spare' }] }],
    });
    expect(await describeOne(made.networkInterfaceId)).toEqual(made);
    expect(made).toMatchObject({
      availabilityZone: 'us-east-1a',
      description: 'spare',
      groupSet: [
        { groupId: lab.db, groupName: 'db' },
        { groupId: lab.web, groupName: 'web' },
      ],
      interfaceType: 'interface',
      ipv6AddressesSet: '',
      ownerId: '123456789012',
      privateDnsName: 'ip-10-0-2-20.ec2.internal',
      privateIpAddress: '10.0.2.20',
      privateIpAddressesSet: [
        { privateIpAddress: '10.0.2.20', primary: 'true' },
        { privateIpAddress: '10.0.2.21', primary: 'false' },
      ],
      sourceDestCheck: 'true',
      status: 'available',
      subnetId: lab.privateSubnetId,
      tagSet: [{ key: 'Name', value: 'spare' }],
      vpcId: lab.vpcId,
    });
    expect(made.attachment).toBeUndefined();
  });

  it('chooses as many addresses as it is told', async () => {
    const made = await create({ SubnetId: lab.publicSubnetId, SecondaryPrivateIpAddressCount: 2, Ipv6AddressCount: 2 });
    expect(made.privateIpAddressesSet).toHaveLength(3);
    expect(made.ipv6AddressesSet).toHaveLength(2);
    expect((await create({ SubnetId: lab.publicSubnetId })).ipv6AddressesSet).toBe('');
  });

  it('refuses the reserved addresses of a subnet (A26)', async () => {
    for (const last of [0, 1, 2, 3, 255]) {
      const PrivateIpAddress = `10.0.2.${last}`;
      expect(await api.refusal('CreateNetworkInterface', { SubnetId: lab.privateSubnetId, PrivateIpAddress })).toBe(
        `InvalidParameterValue: Address ${PrivateIpAddress} is in subnet's reserved address range`,
      );
    }
    const { networkInterfaceId: NetworkInterfaceId } = await create();
    const PrivateIpAddress = ['10.0.2.3'];
    expect(await api.refusal('AssignPrivateIpAddresses', { NetworkInterfaceId, PrivateIpAddress })).toMatch(/reserved/);
  });

  it('refuses more groups than an interface can have (A16)', async () => {
    const groups = sixGroups();
    expect(
      await api.refusal('CreateNetworkInterface', { SubnetId: lab.privateSubnetId, SecurityGroupId: groups }),
    ).toBe(
      'InvalidParameterValue: user 123456789012 exceeded limit 5 on the number of interface security group memberships',
    );
  });
});

/** Six groups of the shop, in the API's cloud. */
function sixGroups(): string[] {
  return Array.from({ length: 6 }, (_, at) => {
    const made = createSecurityGroup(api.cloud, { vpcId: lab.vpcId, name: `g${at}`, description: 'one of six' });
    api = new ApiOnCloud(made.cloud);
    return made.group.id;
  });
}

describe('ModifyNetworkInterfaceAttribute', () => {
  it('has one group at least and five at most (A16)', async () => {
    expect(await modifyRefusal(web.id, { SecurityGroupId: '' })).toMatch(
      /^InvalidParameterValue: .*without a security group/,
    );
    expect(await modifyRefusal(web.id, { SecurityGroupId: sixGroups() })).toBe(
      'SecurityGroupsPerInterfaceLimitExceeded: The maximum number of security groups per interface has been reached.',
    );
  });

  it('replaces the whole set of groups, or nothing (A23)', async () => {
    await modify(web.id, { SecurityGroupId: [lab.db] });
    expect((await describeOne(web.id)).groupSet).toEqual([{ groupId: lab.db, groupName: 'db' }]);
    expect(await modifyRefusal(web.id, { SecurityGroupId: [lab.web, 'sg-12345678'] })).toBe(
      "InvalidGroup.NotFound: The security group 'sg-12345678' does not exist",
    );
    expect(await modifyRefusal(web.id, { SecurityGroupId: [lab.payApi] })).toBe(
      'InvalidGroup.NotFound: You have specified two resources that belong to different networks.',
    );
    expect((await describeOne(web.id)).groupSet).toEqual([{ groupId: lab.db, groupName: 'db' }]);
  });

  it('changes the time-outs of connection tracking within their limits (A25)', async () => {
    const limits = { TcpEstablishedTimeout: [60, 432_000], UdpStreamTimeout: [60, 180], UdpTimeout: [30, 60] };
    for (const [name, [least = 0, most = 0]] of Object.entries(limits)) {
      for (const value of [least - 1, most + 1]) {
        const refusal = await modifyRefusal(web.id, { ConnectionTrackingSpecification: { [name]: value } });
        expect(refusal).toMatch(/^InvalidParameterValue: /);
      }
      await modify(web.id, { ConnectionTrackingSpecification: { [name]: least } });
    }
    const expected = { tcpEstablishedTimeout: '60', udpStreamTimeout: '60', udpTimeout: '30' };
    expect((await describeOne(web.id)).connectionTrackingConfiguration).toEqual(expected);
    const made = await create({ ConnectionTrackingSpecification: { UdpTimeout: 45 } });
    expect(made.connectionTrackingConfiguration).toMatchObject({ udpTimeout: '45', udpStreamTimeout: '180' });
  });

  it('changes the rest, and each attribute is described', async () => {
    const { attachmentId } = (await describeOne(web.id)).attachment;
    await modify(web.id, { SourceDestCheck: { Value: false } });
    await modify(web.id, { Description: { Value: 'front' } });
    await modify(web.id, { Attachment: { AttachmentId: attachmentId, DeleteOnTermination: false } });
    const attribute = (Attribute: string) =>
      api.call('DescribeNetworkInterfaceAttribute', { NetworkInterfaceId: web.id, Attribute });
    expect((await attribute('sourceDestCheck')).sourceDestCheck).toEqual({ value: 'false' });
    expect((await attribute('description')).description).toEqual({ value: 'front' });
    expect((await attribute('groupSet')).groupSet).toMatchObject([{ groupId: lab.web }]);
    expect((await attribute('attachment')).attachment).toMatchObject({ attachmentId, deleteOnTermination: 'false' });
    expect(
      await modifyRefusal(dbSecond.id, { Attachment: { AttachmentId: attachmentId, DeleteOnTermination: true } }),
    ).toMatch(/^InvalidAttachmentID.NotFound/);
  });
});

describe('ModifyInstanceAttribute', () => {
  const attribute = async (Attribute: string) =>
    api.call('DescribeInstanceAttribute', { InstanceId: dbSecond.instanceId, Attribute });

  it('changes the groups of the primary interface only (A24)', async () => {
    await api.call('ModifyInstanceAttribute', { InstanceId: dbSecond.instanceId, GroupId: [lab.db, lab.web] });
    expect((await describeOne(dbSecond.id)).groupSet).toMatchObject([{ groupId: lab.web }]);
    expect((await attribute('groupSet')).groupSet).toMatchObject([{ groupId: lab.db }, { groupId: lab.web }]);
  });

  it('protects from termination, in both forms of the request', async () => {
    const InstanceId = dbSecond.instanceId;
    await api.call('ModifyInstanceAttribute', { InstanceId, DisableApiTermination: { Value: true } });
    expect((await attribute('disableApiTermination')).disableApiTermination).toEqual({ value: 'true' });
    expect(await api.refusal('TerminateInstances', { InstanceId: [InstanceId] })).toMatch(/^OperationNotPermitted/);
    await api.call('ModifyInstanceAttribute', { InstanceId, Attribute: 'disableApiTermination', Value: 'false' });
    await api.call('TerminateInstances', { InstanceId: [InstanceId] });
  });

  it('needs a stopped instance for its type and user data', async () => {
    const InstanceId = dbSecond.instanceId;
    const request = { InstanceId, InstanceType: { Value: 'm5.large' }, UserData: { Value: 'aGk=' } };
    expect(await api.refusal('ModifyInstanceAttribute', request)).toBe(
      `IncorrectInstanceState: The instance '${InstanceId}' is not in the 'stopped' state.`,
    );
    await api.call('StopInstances', { InstanceId: [InstanceId] });
    await api.call('ModifyInstanceAttribute', request);
    expect((await attribute('userData')).userData).toEqual({ value: 'aGk=' });
    expect((await attribute('instanceType')).instanceType).toEqual({ value: 'm5.large' });
  });

  it('asks for the interface where there are several', async () => {
    const request = { InstanceId: dbSecond.instanceId, SourceDestCheck: { Value: false } };
    expect(await api.refusal('ModifyInstanceAttribute', request)).toBe(
      `InvalidInstanceID: There are multiple interfaces attached to instance '${dbSecond.instanceId}'. Please specify an interface ID for the operation instead.`,
    );
    await api.call('ModifyInstanceAttribute', { ...request, InstanceId: web.instanceId });
    expect((await describeOne(web.id)).sourceDestCheck).toBe('false');
  });
});

it('options of an instance that change no packet are told again', async () => {
  const InstanceId = web.instanceId;
  await api.call('StopInstances', { InstanceId: [InstanceId] });
  await api.call('ModifyInstanceAttribute', { InstanceId, InstanceType: { Value: 't3.micro' } });
  await api.call('ModifyInstanceMetadataOptions', { InstanceId, HttpTokens: 'required', HttpPutResponseHopLimit: 2 });
  const InstanceCreditSpecification = [{ InstanceId, CpuCredits: 'standard' }];
  await api.call('ModifyInstanceCreditSpecification', { InstanceCreditSpecification });
  await api.call('MonitorInstances', { InstanceId: [InstanceId] });
  const { reservationSet } = await api.call('DescribeInstances', { InstanceId: [InstanceId] });
  expect(reservationSet[0].instancesSet[0]).toMatchObject({
    metadataOptions: { httpTokens: 'required', httpPutResponseHopLimit: '2', httpEndpoint: 'enabled' },
    monitoring: { state: 'enabled' },
  });
  const credits = await api.call('DescribeInstanceCreditSpecifications', { InstanceId: [InstanceId] });
  expect(credits.instanceCreditSpecificationSet).toEqual([{ instanceId: InstanceId, cpuCredits: 'standard' }]);
});

describe('attachments', () => {
  it('come, are found, and go', async () => {
    const { networkInterfaceId: NetworkInterfaceId } = await create();
    const place = { NetworkInterfaceId, InstanceId: web.instanceId, DeviceIndex: 1 };
    const { attachmentId } = await api.call('AttachNetworkInterface', place);
    expect(attachmentId).toMatch(/^eni-attach-[0-9a-f]{17}$/);
    expect(await describeOne(NetworkInterfaceId)).toMatchObject({
      status: 'in-use',
      attachment: {
        attachmentId,
        instanceId: web.instanceId,
        deviceIndex: '1',
        deleteOnTermination: 'false',
        status: 'attached',
      },
    });
    expect(await ids({ 'attachment.attachment-id': [attachmentId] })).toEqual([NetworkInterfaceId]);
    expect(await api.refusal('AttachNetworkInterface', place)).toBe(
      `InvalidNetworkInterface.InUse: Interface: [${NetworkInterfaceId}] in use.`,
    );
    expect(await api.refusal('DeleteNetworkInterface', { NetworkInterfaceId })).toBe(
      `InvalidParameterValue: Network interface '${NetworkInterfaceId}' is currently in use.`,
    );
    await api.call('DetachNetworkInterface', { AttachmentId: attachmentId });
    expect((await describeOne(NetworkInterfaceId)).status).toBe('available');
    expect(await api.refusal('DetachNetworkInterface', { AttachmentId: attachmentId })).toBe(
      `InvalidAttachmentID.NotFound: The attachment '${attachmentId}' does not exist.`,
    );
    await api.call('DeleteNetworkInterface', { NetworkInterfaceId });
    expect(await api.refusal('DescribeNetworkInterfaces', { NetworkInterfaceId: [NetworkInterfaceId] })).toBe(
      `InvalidNetworkInterfaceID.NotFound: The networkInterface ID '${NetworkInterfaceId}' does not exist`,
    );
  });

  it('keep a primary interface where it is', async () => {
    const { attachmentId } = (await describeOne(web.id)).attachment;
    expect(await api.refusal('DetachNetworkInterface', { AttachmentId: attachmentId })).toMatch(
      /^OperationNotPermitted/,
    );
  });
});

describe('addresses', () => {
  it('are assigned by name and by number, taken from others where that is allowed, and unassigned', async () => {
    const { networkInterfaceId: NetworkInterfaceId } = await create({ SubnetId: lab.publicSubnetId });
    const assign = (parameters: Parameters) => ({ NetworkInterfaceId, ...parameters });
    const {
      assignedPrivateIpAddressesSet: [chosen],
    } = await api.call('AssignPrivateIpAddresses', assign({ SecondaryPrivateIpAddressCount: 1 }));
    expect(chosen.privateIpAddress).toMatch(/^10\.0\.1\./);
    const taken = assign({ PrivateIpAddress: ['10.0.1.77'] });
    expect(await api.refusal('AssignPrivateIpAddresses', taken)).toMatch(/^InvalidIPAddress.InUse/);
    await api.call('AssignPrivateIpAddresses', { ...taken, AllowReassignment: true });
    expect((await describeOne(web.id)).privateIpAddressesSet).toHaveLength(1);
    expect((await describeOne(NetworkInterfaceId)).privateIpAddressesSet).toHaveLength(3);
    await api.call('UnassignPrivateIpAddresses', taken);
    expect(await api.refusal('UnassignPrivateIpAddresses', taken)).toMatch(/^InvalidParameterValue/);
    const { assignedIpv6Addresses } = await api.call('AssignIpv6Addresses', assign({ Ipv6AddressCount: 2 }));
    expect(assignedIpv6Addresses).toHaveLength(2);
    const { unassignedIpv6Addresses } = await api.call(
      'UnassignIpv6Addresses',
      assign({ Ipv6Addresses: assignedIpv6Addresses }),
    );
    expect(unassignedIpv6Addresses).toEqual(assignedIpv6Addresses);
    expect((await describeOne(NetworkInterfaceId)).ipv6AddressesSet).toBe('');
  });
});

describe('DescribeNetworkInterfaces', () => {
  it('filters', async () => {
    const { networkInterfaceId: idle } = await create({ Description: 'spare', SecurityGroupId: [lab.db] });
    expect(await ids({ status: ['available'] })).toEqual([idle]);
    expect(await ids({ description: ['sp*'] })).toEqual([idle]);
    expect(new Set(await ids({ 'group-id': [lab.web] }))).toEqual(new Set([web.id, dbSecond.id]));
    expect(await ids({ 'group-id': [lab.web], 'attachment.instance-id': [web.instanceId] })).toEqual([web.id]);
    expect(await ids({ 'addresses.private-ip-address': ['10.0.1.77'] })).toEqual([web.id]);
    expect(await ids({ 'private-ip-address': ['10.0.1.77'] })).toEqual([]);
    expect(await ids({ 'mac-address': [web.macAddress] })).toEqual([web.id]);
    expect(await ids({ 'vpc-id': [lab.payVpcId] })).toEqual([]);
    expect(await ids({ 'attachment.device-index': ['1'] })).toEqual([dbSecond.id]);
    expect(await ids({ 'association.public-ip': [web.publicIp ?? ''] })).toEqual([web.id]);
    const unknown = { Filter: [{ Name: 'colour', Value: ['red'] }] };
    expect(await api.refusal('DescribeNetworkInterfaces', unknown)).toBe(
      "InvalidParameterValue: The filter 'colour' is invalid",
    );
  });

  it('takes ids or a size of pages, not both', async () => {
    expect(await api.refusal('DescribeNetworkInterfaces', { NetworkInterfaceId: [web.id], MaxResults: 5 })).toMatch(
      /^InvalidParameterCombination/,
    );
  });
});
