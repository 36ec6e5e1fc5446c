/** Instances and interfaces of the API meet packets: public addresses before and after there is a gateway, several interfaces, moves. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createExternalHost } from '../../src/cloud/instances/external-host.js';
import { Endpoint } from '../../src/ec2/endpoint.js';
import { Ec2Client } from './support/ec2-client.js';
import { OwnLab } from './support/own-lab.js';

let lab: OwnLab;
let endpoint: Endpoint;
let ec2: Ec2Client;
const ids: Record<'vpc' | 'subnet' | 'group' | 'gateway', string> = { vpc: '', subnet: '', group: '', gateway: '' };

async function call(action: string, parameters: Readonly<Record<string, string | number>> = {}) {
  const { status, answer } = await ec2.send(action, parameters);
  if (status !== 200) throw new Error(`${action}: ${JSON.stringify(answer)}`);
  return answer;
}

beforeAll(async () => {
  lab = await OwnLab.up();
  await lab.change((cloud) => createExternalHost(cloud, { name: 'office', addresses: ['198.51.100.10'] }).cloud);
  endpoint = await Endpoint.listen({ wanted: null, before: null });
  endpoint.serve(lab.live, null);
  ec2 = new Ec2Client(endpoint.url);
  ids.vpc = (await call('CreateVpc', { CidrBlock: '10.0.0.0/16' })).vpc.vpcId;
  ids.subnet = (await call('CreateSubnet', { VpcId: ids.vpc, CidrBlock: '10.0.1.0/24' })).subnet.subnetId;
  const group = { GroupName: 'ssh', GroupDescription: 'ssh from anywhere', VpcId: ids.vpc };
  ids.group = (await call('CreateSecurityGroup', group)).groupId;
  await call('AuthorizeSecurityGroupIngress', {
    GroupId: ids.group,
    'IpPermissions.1.IpProtocol': 'tcp',
    'IpPermissions.1.FromPort': 22,
    'IpPermissions.1.ToPort': 22,
    'IpPermissions.1.IpRanges.1.CidrIp': '0.0.0.0/0',
  });
});
afterAll(async () => {
  ec2?.close();
  endpoint?.destroy();
  await lab?.down();
});

/** An instance that answers SSH; its parameters are those of its first interface. @returns its id */
async function run(name: string, more: Readonly<Record<string, string | number>> = {}): Promise<string> {
  const { instancesSet } = await call('RunInstances', {
    ImageId: 'ami-0abcdef1234567890',
    InstanceType: 't3.micro',
    MinCount: 1,
    MaxCount: 1,
    'NetworkInterface.1.DeviceIndex': 0,
    'NetworkInterface.1.SubnetId': ids.subnet,
    'NetworkInterface.1.SecurityGroupId.1': ids.group,
    'TagSpecification.1.ResourceType': 'instance',
    'TagSpecification.1.Tag.1.Key': 'Name',
    'TagSpecification.1.Tag.1.Value': name,
    'TagSpecification.1.Tag.2.Key': 'sglab:listen',
    'TagSpecification.1.Tag.2.Value': 'tcp/22',
    ...more,
  });
  return instancesSet.item[0].instanceId;
}

it('a public address that comes before its gateway works with it, and goes with a stop', async () => {
  const id = await run('front', { 'NetworkInterface.1.AssociatePublicIpAddress': 'true' });
  const address = async () => {
    const { reservationSet } = await call('DescribeInstances', { 'InstanceId.1': id });
    return reservationSet.item[0].instancesSet.item[0].ipAddress;
  };
  expect(await address()).toMatch(/^198\.18\./);
  expect(await lab.probe('office -> front.public tcp/22')).toMatch(/^(timed-out|unreachable)/);
  ids.gateway = (await call('CreateInternetGateway')).internetGateway.internetGatewayId;
  await call('AttachInternetGateway', { InternetGatewayId: ids.gateway, VpcId: ids.vpc });
  const { routeTableSet } = await call('DescribeRouteTables', {
    'Filter.1.Name': 'vpc-id',
    'Filter.1.Value.1': ids.vpc,
  });
  await call('CreateRoute', {
    RouteTableId: routeTableSet.item[0].routeTableId,
    DestinationCidrBlock: '0.0.0.0/0',
    GatewayId: ids.gateway,
  });
  expect(await lab.probe('office -> front.public tcp/22')).toBe('connected');
  await call('StopInstances', { 'InstanceId.1': id });
  expect(await address()).toBeUndefined();
  await call('StartInstances', { 'InstanceId.1': id });
  expect(await lab.probe('office -> front.public tcp/22')).toBe('connected');
});

it('an interface that was there first answers in the instance that takes it, at its own device index', async () => {
  const { networkInterface } = await call('CreateNetworkInterface', {
    SubnetId: ids.subnet,
    'SecurityGroupId.1': ids.group,
    PrivateIpAddress: '10.0.1.50',
    SecondaryPrivateIpAddressCount: 1,
  });
  const eni = networkInterface.networkInterfaceId;
  const id = await run('router', {
    'NetworkInterface.2.DeviceIndex': 2,
    'NetworkInterface.2.NetworkInterfaceId': eni,
  });
  expect(await lab.probe('front -> 10.0.1.50 tcp/22')).toBe('connected');
  expect(await lab.ip('router', '-o', 'address', 'show', 'dev', 'eth2')).toContain('10.0.1.50/');
  const secondary = networkInterface.privateIpAddressesSet.item[1].privateIpAddress;
  expect(await lab.probe(`front -> ${secondary} tcp/22`)).toBe('connected');

  await call('TerminateInstances', { 'InstanceId.1': id });
  await run('heir');
  const { attachmentId } = await call('AttachNetworkInterface', {
    NetworkInterfaceId: eni,
    InstanceId: lab.idOf('heir'),
    DeviceIndex: 1,
  });
  expect(await lab.probe('front -> 10.0.1.50 tcp/22')).toBe('connected');
  await call('DetachNetworkInterface', { AttachmentId: attachmentId });
  await call('DeleteNetworkInterface', { NetworkInterfaceId: eni });
});

it('the groups of an interface are replaced as a whole for packets, too (A23)', async () => {
  const { groupId } = await call('CreateSecurityGroup', {
    GroupName: 'closed',
    GroupDescription: 'nothing in',
    VpcId: ids.vpc,
  });
  const eni = lab.cloud.instances[lab.idOf('heir')]?.interfaceIds[0] ?? '';
  expect(await lab.probe('front -> heir tcp/22')).toBe('connected');
  await call('ModifyNetworkInterfaceAttribute', { NetworkInterfaceId: eni, 'SecurityGroupId.1': groupId });
  expect(await lab.probe('front -> heir tcp/22')).toBe('timed-out sg-ingress');
  await call('ModifyInstanceAttribute', { InstanceId: lab.idOf('heir'), 'GroupId.1': ids.group, 'GroupId.2': groupId });
  expect(await lab.probe('front -> heir tcp/22')).toBe('connected');
});

it('addresses come and go with assignment', async () => {
  const eni = lab.cloud.instances[lab.idOf('heir')]?.interfaceIds[0] ?? '';
  await call('AssignPrivateIpAddresses', { NetworkInterfaceId: eni, 'PrivateIpAddress.1': '10.0.1.77' });
  expect(await lab.probe('front -> 10.0.1.77 tcp/22')).toBe('connected');
  await call('UnassignPrivateIpAddresses', { NetworkInterfaceId: eni, 'PrivateIpAddress.1': '10.0.1.77' });
  await expect(lab.probe('front -> 10.0.1.77 tcp/22')).rejects.toThrow('no machine of the lab');
});
