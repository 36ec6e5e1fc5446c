/** What public suites of EC2 clients ask, and AWS answers (its API reference and recorded threads). */
import { beforeEach, expect, it } from 'vitest';
import { createDefaultVpc } from '../../../src/cloud/network/default-vpc.js';
import { makeLab } from '../cloud/shop.js';
import { ApiOnCloud } from './api-on-cloud.js';

const AMI = 'ami-0abcdef1234567890';
const lab = makeLab();
let api: ApiOnCloud;
beforeEach(() => {
  api = new ApiOnCloud(lab.cloud);
});

const run = { ImageId: AMI, MinCount: 1, MaxCount: 1 };

async function launch(parameters: Record<string, string> = { SubnetId: lab.privateSubnetId }) {
  return (await api.call('RunInstances', { ...run, ...parameters })).instancesSet[0];
}

it('an address of a default VPC is released while it is in use; elsewhere it has to be disassociated', async () => {
  const associate = async (InstanceId: string) => {
    const { allocationId } = await api.call('AllocateAddress');
    await api.call('AssociateAddress', { AllocationId: allocationId, InstanceId });
    return allocationId;
  };
  const elsewhere = await associate((await launch()).instanceId);
  expect(await api.refusal('ReleaseAddress', { AllocationId: elsewhere })).toMatch(/^InvalidIPAddress\.InUse: /);
  api = new ApiOnCloud(createDefaultVpc(lab.cloud).cloud);
  const { instanceId } = await launch({});
  await api.call('ReleaseAddress', { AllocationId: await associate(instanceId) });
  expect(api.cloud.elasticIps).toEqual({});
});

it('what has no tags has no list of them, but interfaces have', async () => {
  const { instanceId } = await launch();
  const [reservation] = (await api.call('DescribeInstances', { InstanceId: [instanceId] })).reservationSet;
  expect(reservation.instancesSet[0]).not.toHaveProperty('tagSet');
  const { vpcSet } = await api.call('DescribeVpcs', { VpcId: [lab.vpcId] });
  const { subnetSet } = await api.call('DescribeSubnets', { SubnetId: [lab.privateSubnetId] });
  const { securityGroupInfo } = await api.call('DescribeSecurityGroups');
  const { networkInterfaceSet } = await api.call('DescribeNetworkInterfaces');
  for (const [item] of [vpcSet, subnetSet, securityGroupInfo]) expect(item).not.toHaveProperty('tagSet');
  expect(networkInterfaceSet[0]).toHaveProperty('tagSet', '');
});

it('of listed addresses without a primary the first is the primary, and no other is added', async () => {
  const addresses = ['10.0.10.214', '10.0.10.215', '10.0.10.216'];
  const { subnetSet } = await api.call('DescribeSubnets', { SubnetId: [lab.privateSubnetId] });
  const [, , third] = subnetSet[0].cidrBlock.split('.');
  const wanted = addresses.map((address) => address.replace('.10.', `.${third}.`));
  const { networkInterface } = await api.call('CreateNetworkInterface', {
    SubnetId: lab.privateSubnetId,
    PrivateIpAddresses: wanted.map((PrivateIpAddress) => ({ PrivateIpAddress })),
  });
  expect(networkInterface.privateIpAddress).toBe(wanted[0]);
  expect(
    networkInterface.privateIpAddressesSet.map((each: { privateIpAddress: string; primary: string }) => [
      each.privateIpAddress,
      each.primary,
    ]),
  ).toEqual(wanted.map((address, at) => [address, String(at === 0)]));
});

it('the status of all instances is also that of terminated ones', async () => {
  const { instanceId } = await launch();
  await api.call('TerminateInstances', { InstanceId: [instanceId] });
  const idsOf = (items: string | { instanceId: string }[]) =>
    typeof items === 'string' ? [] : items.map((item) => item.instanceId);
  const all = await api.call('DescribeInstanceStatus', { IncludeAllInstances: true });
  expect(idsOf(all.instanceStatusSet)).toContain(instanceId);
  expect(idsOf((await api.call('DescribeInstanceStatus')).instanceStatusSet)).not.toContain(instanceId);
});

it('a filter finds by the value of any tag', async () => {
  const { instanceId } = await launch();
  await api.call('CreateTags', { ResourceId: [instanceId], Tag: [{ Key: 'Team', Value: 'payments' }] });
  const find = async (value: string) =>
    (await api.call('DescribeInstances', { Filter: [{ Name: 'tag-value', Value: [value] }] })).reservationSet;
  expect((await find('pay*'))[0].instancesSet[0].instanceId).toBe(instanceId);
  expect(await find('Team')).toBe('');
});

it.each([
  ['TerminateInstances', {}, 'InvalidParameterCombination: No instances specified'],
  ['StopInstances', {}, 'InvalidParameterCombination: No instances specified'],
  [
    'CreateTags',
    { Tag: [{ Key: 'a', Value: 'b' }] },
    'MissingParameter: The request must contain the parameter resourceIdSet',
  ],
  ['DeleteTags', {}, 'MissingParameter: The request must contain the parameter resourceIdSet'],
  [
    'CreateVpc',
    { CidrBlock: '10.9.0.0/16', TagSpecification: [{ Tag: [{ Key: 'a', Value: 'b' }] }] },
    'InvalidParameter: Tag specification resource type must have a value',
  ],
])('%s %j is refused as AWS does: %s', async (action, parameters, text) => {
  expect(await api.refusal(action, parameters)).toBe(text);
});

it('a zone of another Region is named where no subnet is', async () => {
  api = new ApiOnCloud(createDefaultVpc(lab.cloud).cloud);
  const foreign = { ...run, Placement: { AvailabilityZone: 'eu-west-1a' } };
  expect(await api.refusal('RunInstances', foreign)).toBe(
    'InvalidParameterValue: Invalid availability zone: [eu-west-1a]',
  );
});

it('what AWS needs time for has not happened yet in the answer, and has when it is described', async () => {
  const block = { VpcId: lab.vpcId, CidrBlock: '10.77.0.0/16' };
  const { cidrBlockAssociation } = await api.call('AssociateVpcCidrBlock', block);
  expect(cidrBlockAssociation.cidrBlockState).toEqual({ state: 'associating' });
  const { vpcSet } = await api.call('DescribeVpcs', { VpcId: [lab.vpcId] });
  const states = vpcSet[0].cidrBlockAssociationSet.map(
    (each: { cidrBlockState: { state: string } }) => each.cidrBlockState.state,
  );
  expect(new Set(states)).toEqual(new Set(['associated']));
  const { associationId: AssociationId } = cidrBlockAssociation;
  const gone = await api.call('DisassociateVpcCidrBlock', { AssociationId });
  expect(gone.cidrBlockAssociation.cidrBlockState).toEqual({ state: 'disassociating' });
  const { vpc } = await api.call('CreateVpc', { CidrBlock: '10.88.0.0/16' });
  const made = await api.call('CreateVpcPeeringConnection', { VpcId: lab.vpcId, PeerVpcId: vpc.vpcId });
  expect(made.vpcPeeringConnection.status.code).toBe('initiating-request');
  const { vpcPeeringConnectionSet } = await api.call('DescribeVpcPeeringConnections', {
    VpcPeeringConnectionId: [made.vpcPeeringConnection.vpcPeeringConnectionId],
  });
  expect(vpcPeeringConnectionSet[0].status.code).toBe('pending-acceptance');
});

it('the interface at device index 0 stays', async () => {
  const { networkInterfaceSet } = await launch();
  const [{ attachment }] = networkInterfaceSet;
  expect(await api.refusal('DetachNetworkInterface', { AttachmentId: attachment.attachmentId })).toBe(
    'OperationNotPermitted: The network interface at device index 0 cannot be detached.',
  );
});
