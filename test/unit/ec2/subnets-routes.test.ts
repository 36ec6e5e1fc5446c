import { beforeEach, describe, expect, it } from 'vitest';
import { launch, makeShop } from '../cloud/shop.js';
import { ApiOnCloud, type Parameters } from './api-on-cloud.js';

let api: ApiOnCloud;
const shop = makeShop();
const { vpcId, payVpcId, privateSubnetId, publicSubnetId } = shop;

beforeEach(() => {
  api = new ApiOnCloud(shop.cloud);
});

const filter = (Name: string, ...Value: string[]): Parameters => ({ Filter: [{ Name, Value }] });

describe('subnets', () => {
  it('are made in a zone, described, modified and deleted', async () => {
    const { subnet } = await api.call('CreateSubnet', {
      VpcId: vpcId,
      CidrBlock: '10.0.9.0/24',
      Ipv6CidrBlock: '2001:db8:1:9::/64',
      AvailabilityZone: 'us-east-1b',
    });
    expect(subnet).toMatchObject({
      vpcId,
      availabilityZone: 'us-east-1b',
      availabilityZoneId: 'use1-az2',
      availableIpAddressCount: '251',
      mapPublicIpOnLaunch: 'false',
      defaultForAz: 'false',
      ipv6CidrBlockAssociationSet: [
        { ipv6CidrBlock: '2001:db8:1:9::/64', ipv6CidrBlockState: { state: 'associated' } },
      ],
    });
    const SubnetId = subnet.subnetId;
    await api.call('ModifySubnetAttribute', { SubnetId, MapPublicIpOnLaunch: { Value: true } });
    await api.call('ModifySubnetAttribute', { SubnetId, AssignIpv6AddressOnCreation: { Value: true } });
    await api.call('ModifySubnetAttribute', { SubnetId, PrivateDnsHostnameTypeOnLaunch: 'resource-name' });
    const { subnetSet } = await api.call('DescribeSubnets', filter('availability-zone', 'us-east-1b'));
    expect(subnetSet).toMatchObject([
      {
        subnetId: SubnetId,
        mapPublicIpOnLaunch: 'true',
        assignIpv6AddressOnCreation: 'true',
        privateDnsNameOptionsOnLaunch: { hostnameType: 'resource-name' },
      },
    ]);
    await api.call('DeleteSubnet', { SubnetId });
    expect(await api.refusal('DescribeSubnets', { SubnetId: [SubnetId] })).toBe(
      `InvalidSubnetID.NotFound: The subnet ID '${SubnetId}' does not exist`,
    );
  });

  it('count the addresses that are left, and cannot go while an interface is in them', async () => {
    api.cloud = launch(api.cloud, 'a', { subnetId: privateSubnetId, secondaryIps: ['10.0.2.99'] }).cloud;
    const { subnetSet } = await api.call('DescribeSubnets', { SubnetId: [privateSubnetId] });
    expect(subnetSet[0].availableIpAddressCount).toBe('249');
    expect(await api.refusal('DeleteSubnet', { SubnetId: privateSubnetId })).toBe(
      `DependencyViolation: The subnet '${privateSubnetId}' has dependencies and cannot be deleted.`,
    );
  });

  it('take an IPv6 block later and give it back', async () => {
    const block = { SubnetId: privateSubnetId, Ipv6CidrBlock: '2001:db8:1:2::/64' };
    const { ipv6CidrBlockAssociation } = await api.call('AssociateSubnetCidrBlock', block);
    expect(await api.refusal('AssociateSubnetCidrBlock', block)).toMatch(/^InvalidParameterValue/);
    const { associationId } = ipv6CidrBlockAssociation;
    await api.call('DisassociateSubnetCidrBlock', { AssociationId: associationId });
    expect(await api.refusal('DisassociateSubnetCidrBlock', { AssociationId: associationId })).toMatch(
      /^InvalidSubnetCidrBlockAssociationID.NotFound/,
    );
  });

  it.each<[Parameters, string]>([
    [{ CidrBlock: '10.0.1.0/25' }, "InvalidSubnet.Conflict: The CIDR '10.0.1.0/25' conflicts with another subnet"],
    [{ CidrBlock: '10.9.0.0/24' }, "InvalidSubnet.Range: The CIDR '10.9.0.0/24' is invalid."],
    [
      { CidrBlock: '10.0.9.0/24', AvailabilityZone: 'us-east-1z' },
      'InvalidParameterValue: Value (us-east-1z) for parameter availabilityZone is invalid. Subnets can currently only be created in the following availability zones: us-east-1a, us-east-1b, us-east-1c.',
    ],
  ])('%j: %s', async (parameters, refusal) => {
    expect(await api.refusal('CreateSubnet', { VpcId: vpcId, ...parameters })).toBe(refusal);
  });
});

describe('route tables', () => {
  const table = async () => (await api.call('CreateRouteTable', { VpcId: vpcId })).routeTable.routeTableId;
  const described = async (id: string) =>
    (await api.call('DescribeRouteTables', { RouteTableId: [id] })).routeTableSet[0];

  it('are associated by ids that change with what is associated', async () => {
    const [one, other] = [await table(), await table()];
    const first = await api.call('AssociateRouteTable', { RouteTableId: one, SubnetId: privateSubnetId });
    expect(first).toMatchObject({ associationState: { state: 'associated' } });
    const found = await api.call(
      'DescribeRouteTables',
      filter('association.route-table-association-id', first.associationId),
    );
    expect(found.routeTableSet).toMatchObject([
      { routeTableId: one, associationSet: [{ main: 'false', subnetId: privateSubnetId }] },
    ]);
    expect(await api.refusal('AssociateRouteTable', { RouteTableId: other, SubnetId: privateSubnetId })).toMatch(
      /^Resource.AlreadyAssociated/,
    );
    expect(await api.refusal('DeleteRouteTable', { RouteTableId: one })).toBe(
      `DependencyViolation: The routeTable '${one}' has dependencies and cannot be deleted.`,
    );
    const replace = { AssociationId: first.associationId, RouteTableId: other };
    const { newAssociationId } = await api.call('ReplaceRouteTableAssociation', replace);
    expect(newAssociationId).not.toBe(first.associationId);
    await api.call('DeleteRouteTable', { RouteTableId: one });
    await api.call('DisassociateRouteTable', { AssociationId: newAssociationId });
    expect((await described(other)).associationSet).toBe('');
    expect(await api.refusal('DisassociateRouteTable', { AssociationId: newAssociationId })).toBe(
      `InvalidAssociationID.NotFound: The association ID '${newAssociationId}' does not exist`,
    );
  });

  it('one can take the place of the main one', async () => {
    const Filter = [
      { Name: 'vpc-id', Value: [vpcId] },
      { Name: 'association.main', Value: ['true'] },
    ];
    const [main] = (await api.call('DescribeRouteTables', { Filter })).routeTableSet;
    const [{ routeTableAssociationId: AssociationId }] = main.associationSet;
    expect(await api.refusal('DisassociateRouteTable', { AssociationId })).toMatch(/^InvalidParameterValue/);
    const RouteTableId = await table();
    await api.call('ReplaceRouteTableAssociation', { AssociationId, RouteTableId });
    expect((await api.call('DescribeRouteTables', { Filter })).routeTableSet).toMatchObject([
      { routeTableId: RouteTableId },
    ]);
    await api.call('DeleteRouteTable', { RouteTableId: main.routeTableId });
  });

  it('routes are made, replaced and deleted; one to a gateway that is gone is a blackhole', async () => {
    const RouteTableId = await table();
    const own = { RouteTableId, DestinationCidrBlock: '0.0.0.0/0' };
    const [gateway] = (await api.call('DescribeInternetGateways', filter('attachment.vpc-id', vpcId)))
      .internetGatewaySet;
    const GatewayId = gateway.internetGatewayId;
    await api.call('CreateRoute', { ...own, GatewayId });
    const route = async () => (await described(RouteTableId)).routeSet.at(-1);
    expect(await route()).toEqual({
      destinationCidrBlock: '0.0.0.0/0',
      gatewayId: GatewayId,
      origin: 'CreateRoute',
      state: 'active',
    });
    expect(await api.refusal('CreateRoute', { ...own, GatewayId })).toBe(
      'RouteAlreadyExists: The route identified by 0.0.0.0/0 already exists.',
    );
    const attached = { InternetGatewayId: GatewayId, VpcId: vpcId };
    await api.call('DetachInternetGateway', attached);
    expect(await route()).toMatchObject({ gatewayId: GatewayId, state: 'blackhole' });
    await api.call('AttachInternetGateway', attached);
    const { cloud, instance } = launch(api.cloud, 'fw', { subnetId: publicSubnetId });
    api.cloud = cloud;
    await api.call('ReplaceRoute', { ...own, InstanceId: instance.id });
    expect(await route()).toMatchObject({ instanceId: instance.id, networkInterfaceId: instance.interfaceIds[0] });
    await api.call('DeleteRoute', own);
    expect(await api.refusal('DeleteRoute', own)).toBe(
      `InvalidRoute.NotFound: no route with destination-cidr-block 0.0.0.0/0 in route table ${RouteTableId}`,
    );
    expect(await api.refusal('ReplaceRoute', { ...own, GatewayId })).toBe(
      "InvalidParameterValue: There is no route defined for '0.0.0.0/0' in the route table. Use CreateRoute instead.",
    );
    expect(await api.refusal('CreateRoute', { ...own, GatewayId, InstanceId: instance.id })).toMatch(
      /^InvalidParameterCombination/,
    );
    expect(await api.refusal('CreateRoute', { ...own, GatewayId: 'igw-12345678' })).toBe(
      "InvalidInternetGatewayID.NotFound: The internetGateway ID 'igw-12345678' does not exist",
    );
  });

  it('the local route can lead through an interface and back', async () => {
    const RouteTableId = await table();
    const own = { RouteTableId, DestinationCidrBlock: '10.0.0.0/16' };
    const { cloud, instance } = launch(api.cloud, 'fw', { subnetId: publicSubnetId });
    api.cloud = cloud;
    await api.call('ReplaceRoute', { ...own, NetworkInterfaceId: instance.interfaceIds[0] ?? '' });
    expect((await described(RouteTableId)).routeSet[0]).toMatchObject({ instanceId: instance.id });
    await api.call('ReplaceRoute', { ...own, LocalTarget: true });
    expect((await described(RouteTableId)).routeSet[0]).toMatchObject({ gatewayId: 'local' });
    expect(await api.refusal('DeleteRoute', own)).toMatch(/^InvalidParameterValue: cannot remove local route/);
  });

  it('are of one VPC', async () => {
    const { routeTable } = await api.call('CreateRouteTable', { VpcId: payVpcId });
    const { routeTableId } = routeTable;
    expect(await api.refusal('AssociateRouteTable', { RouteTableId: routeTableId, SubnetId: privateSubnetId })).toBe(
      `InvalidParameterValue: Route table ${routeTableId} and subnet ${privateSubnetId} belong to different networks`,
    );
  });
});
