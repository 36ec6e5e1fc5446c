import { beforeEach, describe, expect, it } from 'vitest';
import { launch, makeShop } from '../cloud/shop.js';
import { ApiOnCloud } from './api-on-cloud.js';

let api: ApiOnCloud;
const shop = makeShop();
const { vpcId, payVpcId, publicSubnetId, privateSubnetId } = shop;

beforeEach(() => {
  api = new ApiOnCloud(shop.cloud);
});

describe('internet gateways', () => {
  const gateways = async (Name: string, value: string) =>
    (await api.call('DescribeInternetGateways', { Filter: [{ Name, Value: [value] }] })).internetGatewaySet;

  it('are made, attached, detached and deleted', async () => {
    const { internetGateway } = await api.call('CreateInternetGateway');
    const InternetGatewayId = internetGateway.internetGatewayId;
    expect(internetGateway).toMatchObject({ attachmentSet: '', tagSet: '' });
    expect(await api.refusal('AttachInternetGateway', { InternetGatewayId, VpcId: vpcId })).toBe(
      `InvalidParameterValue: Network ${vpcId} already has an internet gateway attached`,
    );
    const attached = { InternetGatewayId, VpcId: payVpcId };
    await api.call('AttachInternetGateway', attached);
    expect(await gateways('internet-gateway-id', InternetGatewayId)).toMatchObject([
      { attachmentSet: [{ vpcId: payVpcId, state: 'available' }] },
    ]);
    expect(await api.refusal('AttachInternetGateway', attached)).toMatch(/^Resource.AlreadyAssociated/);
    expect(await api.refusal('DeleteInternetGateway', { InternetGatewayId })).toMatch(/^DependencyViolation/);
    expect(await api.refusal('DeleteVpc', { VpcId: payVpcId })).toMatch(/^DependencyViolation/);
    await api.call('DetachInternetGateway', attached);
    expect(await api.refusal('DetachInternetGateway', attached)).toMatch(/^Gateway.NotAttached/);
    await api.call('DeleteInternetGateway', { InternetGatewayId });
    expect(await gateways('internet-gateway-id', InternetGatewayId)).toBe('');
  });

  it('stay while the VPC has public addresses in use', async () => {
    api.cloud = launch(api.cloud, 'a', { subnetId: publicSubnetId, publicIp: true }).cloud;
    const [gateway] = await gateways('attachment.vpc-id', vpcId);
    const attached = { InternetGatewayId: gateway.internetGatewayId, VpcId: vpcId };
    expect(await api.refusal('DetachInternetGateway', attached)).toBe(
      `DependencyViolation: Network ${vpcId} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.`,
    );
  });

  it('for IPv6 alone belong to a VPC from the first', async () => {
    const made = await api.call('CreateEgressOnlyInternetGateway', { VpcId: vpcId });
    const id = made.egressOnlyInternetGateway.egressOnlyInternetGatewayId;
    const asked = { EgressOnlyInternetGatewayId: [id] };
    const { egressOnlyInternetGatewaySet } = await api.call('DescribeEgressOnlyInternetGateways', asked);
    expect(egressOnlyInternetGatewaySet).toMatchObject([{ attachmentSet: [{ vpcId, state: 'attached' }] }]);
    await api.call('DeleteEgressOnlyInternetGateway', { EgressOnlyInternetGatewayId: id });
    expect((await api.call('DescribeEgressOnlyInternetGateways', asked)).egressOnlyInternetGatewaySet).toBe('');
    expect(await api.refusal('DeleteEgressOnlyInternetGateway', { EgressOnlyInternetGatewayId: id })).toBe(
      `InvalidGatewayID.NotFound: The egressOnlyInternetGateway ID '${id}' does not exist`,
    );
  });
});

describe('addresses', () => {
  it('are allocated, associated, moved, disassociated and released', async () => {
    const { cloud, instance } = launch(api.cloud, 'a', { subnetId: privateSubnetId });
    const other = launch(cloud, 'b', { subnetId: privateSubnetId }).instance;
    api.cloud = launch(cloud, 'b', { subnetId: privateSubnetId }).cloud;
    const { allocationId: AllocationId, publicIp, domain } = await api.call('AllocateAddress', { Domain: 'vpc' });
    expect(domain).toBe('vpc');
    const { associationId } = await api.call('AssociateAddress', { AllocationId, InstanceId: instance.id });
    const addresses = async () => (await api.call('DescribeAddresses', { AllocationId: [AllocationId] })).addressesSet;
    expect(await addresses()).toMatchObject([
      { publicIp, associationId, instanceId: instance.id, networkInterfaceId: instance.interfaceIds[0] },
    ]);
    expect(await api.refusal('ReleaseAddress', { AllocationId })).toBe(
      `InvalidIPAddress.InUse: Address ${publicIp} is in use.`,
    );
    const move = { AllocationId, NetworkInterfaceId: other.interfaceIds[0] ?? '' };
    expect(await api.refusal('AssociateAddress', { ...move, AllowReassociation: false })).toMatch(
      /^Resource.AlreadyAssociated/,
    );
    const moved = await api.call('AssociateAddress', move);
    expect(await addresses()).toMatchObject([{ instanceId: other.id }]);
    expect(await api.refusal('DisassociateAddress', { AssociationId: associationId })).toMatch(/^InvalidAssociationID/);
    await api.call('DisassociateAddress', { AssociationId: moved.associationId });
    const attribute = { AllocationId: [AllocationId], Attribute: 'domain-name' };
    expect((await api.call('DescribeAddressesAttribute', attribute)).addressSet).toEqual([
      { publicIp, allocationId: AllocationId },
    ]);
    await api.call('ReleaseAddress', { AllocationId });
    expect(await api.refusal('DescribeAddresses', { AllocationId: [AllocationId] })).toBe(
      `InvalidAllocationID.NotFound: The allocation ID '${AllocationId}' does not exist`,
    );
    expect(await api.refusal('DescribeAddresses', { PublicIp: [publicIp] })).toBe(
      `InvalidAddress.NotFound: Address '${publicIp}' not found.`,
    );
  });
});

describe('NAT gateways', () => {
  it('have an id and an address of their own, and routes to one that is gone are blackholes', async () => {
    const { allocationId, publicIp } = await api.call('AllocateAddress');
    const { natGateway } = await api.call('CreateNatGateway', { SubnetId: publicSubnetId, AllocationId: allocationId });
    const id = natGateway.natGatewayId;
    expect(natGateway).toMatchObject({
      natGatewayId: expect.stringMatching(/^nat-[0-9a-f]{17}$/),
      subnetId: publicSubnetId,
      vpcId,
      state: 'available',
      natGatewayAddressSet: [{ allocationId, publicIp, isPrimary: 'true', status: 'succeeded' }],
    });
    const { routeTable } = await api.call('CreateRouteTable', { VpcId: vpcId });
    const RouteTableId = routeTable.routeTableId;
    await api.call('CreateRoute', { RouteTableId, DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: id });
    const route = async () =>
      (await api.call('DescribeRouteTables', { RouteTableId: [RouteTableId] })).routeTableSet[0].routeSet.at(-1);
    expect(await route()).toMatchObject({ natGatewayId: id, state: 'active' });
    const Filter = [{ Name: 'vpc-id', Value: [vpcId] }];
    expect((await api.call('DescribeNatGateways', { Filter })).natGatewaySet).toHaveLength(1);
    expect((await api.call('DescribeInstances')).reservationSet).toBe('');
    await api.call('DeleteNatGateway', { NatGatewayId: id });
    expect(await route()).toMatchObject({ state: 'blackhole' });
    expect(await api.refusal('DescribeNatGateways', { NatGatewayId: [id] })).toBe(
      `NatGatewayNotFound: NatGateway ${id} was not found`,
    );
    await api.call('ReleaseAddress', { AllocationId: allocationId });
  });

  it('private ones are refused by name, and one needs an address', async () => {
    expect(await api.refusal('CreateNatGateway', { SubnetId: publicSubnetId, ConnectivityType: 'private' })).toBe(
      'UnsupportedOperation: sglab does not support NAT gateways of type private',
    );
    expect(await api.refusal('CreateNatGateway', { SubnetId: publicSubnetId })).toMatch(/^MissingParameter/);
  });
});
