import { beforeEach, describe, expect, it } from 'vitest';
import { makeShop } from '../cloud/shop.js';
import { ApiOnCloud, type Parameters } from './api-on-cloud.js';

let api: ApiOnCloud;
const shop = makeShop();
const { vpcId, payVpcId, privateSubnetId } = shop;

beforeEach(() => {
  api = new ApiOnCloud(shop.cloud);
});

describe('network ACLs', () => {
  const list = async () => (await api.call('CreateNetworkAcl', { VpcId: vpcId })).networkAcl.networkAclId;
  const entriesOf = async (id: string) => {
    const { networkAclSet } = await api.call('DescribeNetworkAcls', { NetworkAclId: [id] });
    return networkAclSet[0].entrySet.filter(({ ruleNumber }: { ruleNumber: string }) => Number(ruleNumber) < 32767);
  };

  it('have the last entries, which nobody wrote, per family', async () => {
    const { networkAcl } = await api.call('CreateNetworkAcl', { VpcId: vpcId });
    expect(networkAcl).toMatchObject({ default: 'false', associationSet: '' });
    expect(networkAcl.entrySet.map((each: Record<string, string>) => `${each.egress} ${each.ruleNumber}`)).toEqual([
      'true 32767',
      'true 32768',
      'false 32767',
      'false 32768',
    ]);
  });

  it('take entries, replace them and let them go', async () => {
    const NetworkAclId = await list();
    const tcp = { NetworkAclId, RuleNumber: 100, Protocol: '6', RuleAction: 'deny', Egress: false };
    const ssh = { ...tcp, CidrBlock: '0.0.0.0/0', PortRange: { From: 22, To: 22 } };
    await api.call('CreateNetworkAclEntry', ssh);
    expect(await api.refusal('CreateNetworkAclEntry', ssh)).toBe(
      'NetworkAclEntryAlreadyExists: The network acl entry identified by 100 already exists.',
    );
    await api.call('ReplaceNetworkAclEntry', { ...ssh, RuleAction: 'allow', PortRange: { From: 80, To: 81 } });
    const ping = { Protocol: '58', Ipv6CidrBlock: '::/0', Icmp: { Type: 128, Code: 0 }, RuleAction: 'allow' };
    await api.call('CreateNetworkAclEntry', { NetworkAclId, RuleNumber: 7, Egress: true, ...ping });
    expect(await entriesOf(NetworkAclId)).toEqual([
      {
        egress: 'true',
        icmpTypeCode: { code: '0', type: '128' },
        ipv6CidrBlock: '::/0',
        protocol: '58',
        ruleAction: 'allow',
        ruleNumber: '7',
      },
      {
        cidrBlock: '0.0.0.0/0',
        egress: 'false',
        portRange: { from: '80', to: '81' },
        protocol: '6',
        ruleAction: 'allow',
        ruleNumber: '100',
      },
    ]);
    await api.call('DeleteNetworkAclEntry', { NetworkAclId, RuleNumber: 100, Egress: false });
    const gone = { NetworkAclId, RuleNumber: 100, Egress: false };
    expect(await api.refusal('DeleteNetworkAclEntry', gone)).toMatch(/^InvalidNetworkAclEntry.NotFound/);
    expect(await api.refusal('ReplaceNetworkAclEntry', ssh)).toMatch(/^InvalidNetworkAclEntry.NotFound/);
    expect(await api.refusal('CreateNetworkAclEntry', tcp)).toMatch(/^MissingParameter/);
    expect(await api.refusal('CreateNetworkAclEntry', { ...ssh, RuleAction: 'drop' })).toMatch(/ruleAction is invalid/);
  });

  it('a subnet changes its list by its association, which is another one then', async () => {
    const NetworkAclId = await list();
    const of = async () => {
      const Filter = [{ Name: 'association.subnet-id', Value: [privateSubnetId] }];
      const [found] = (await api.call('DescribeNetworkAcls', { Filter })).networkAclSet;
      const isIts = ({ subnetId }: { subnetId: string }) => subnetId === privateSubnetId;
      return { id: found.networkAclId, association: found.associationSet.find(isIts).networkAclAssociationId };
    };
    const before = await of();
    const replace = { AssociationId: before.association, NetworkAclId };
    const { newAssociationId } = await api.call('ReplaceNetworkAclAssociation', replace);
    expect(await of()).toEqual({ id: NetworkAclId, association: newAssociationId });
    expect(await api.refusal('DeleteNetworkAcl', { NetworkAclId })).toMatch(/^DependencyViolation/);
    expect(await api.refusal('ReplaceNetworkAclAssociation', replace)).toMatch(/^InvalidAssociationID.NotFound/);
    await api.call('ReplaceNetworkAclAssociation', { AssociationId: newAssociationId, NetworkAclId: before.id });
    expect(await of()).toEqual(before);
    await api.call('DeleteNetworkAcl', { NetworkAclId });
    expect(await api.refusal('DeleteNetworkAcl', { NetworkAclId: before.id })).toMatch(/^DependencyViolation/);
  });
});

describe('peerings', () => {
  const request = async (more: Parameters = {}) =>
    (await api.call('CreateVpcPeeringConnection', { VpcId: vpcId, PeerVpcId: payVpcId, ...more })).vpcPeeringConnection;
  const status = async (id: string) => {
    const { vpcPeeringConnectionSet } = await api.call('DescribeVpcPeeringConnections', {
      VpcPeeringConnectionId: [id],
    });
    return vpcPeeringConnectionSet[0].status.code;
  };

  it('are requested, accepted, given options and deleted', async () => {
    const peering = await request();
    const VpcPeeringConnectionId = peering.vpcPeeringConnectionId;
    expect(peering).toMatchObject({
      status: { code: 'initiating-request', message: 'Initiating Request to 123456789012' },
      requesterVpcInfo: { vpcId, cidrBlock: '10.0.0.0/16', region: 'us-east-1' },
      accepterVpcInfo: { vpcId: payVpcId, cidrBlock: '10.5.0.0/16' },
    });
    const options = {
      VpcPeeringConnectionId,
      AccepterPeeringConnectionOptions: { AllowDnsResolutionFromRemoteVpc: true },
    };
    expect(await api.refusal('ModifyVpcPeeringConnectionOptions', options)).toMatch(/^OperationNotPermitted/);
    await api.call('AcceptVpcPeeringConnection', { VpcPeeringConnectionId });
    expect(await status(VpcPeeringConnectionId)).toBe('active');
    await api.call('ModifyVpcPeeringConnectionOptions', options);
    const Filter = [{ Name: 'requester-vpc-info.vpc-id', Value: [vpcId] }];
    expect((await api.call('DescribeVpcPeeringConnections', { Filter })).vpcPeeringConnectionSet).toMatchObject([
      {
        accepterVpcInfo: { peeringOptions: { allowDnsResolutionFromRemoteVpc: 'true' } },
        requesterVpcInfo: { peeringOptions: { allowDnsResolutionFromRemoteVpc: 'false' } },
      },
    ]);
    await api.call('DeleteVpcPeeringConnection', { VpcPeeringConnectionId });
    expect(await status(VpcPeeringConnectionId)).toBe('deleted');
    expect(await api.refusal('AcceptVpcPeeringConnection', { VpcPeeringConnectionId })).toBe(
      `InvalidStateTransition: Invalid state transition for ${VpcPeeringConnectionId}, attempted to transition from deleted to active`,
    );
  });

  it('can be rejected, and are of one account and Region', async () => {
    const { vpcPeeringConnectionId } = await request({ PeerOwnerId: '123456789012', PeerRegion: 'us-east-1' });
    await api.call('RejectVpcPeeringConnection', { VpcPeeringConnectionId: vpcPeeringConnectionId });
    expect(await status(vpcPeeringConnectionId)).toBe('rejected');
    const peer = { VpcId: vpcId, PeerVpcId: payVpcId };
    expect(await api.refusal('CreateVpcPeeringConnection', { ...peer, PeerRegion: 'eu-west-1' })).toBe(
      'UnsupportedOperation: sglab does not support peerings with other Regions',
    );
    expect(await api.refusal('CreateVpcPeeringConnection', { ...peer, PeerVpcId: vpcId })).toMatch(
      /^InvalidParameterValue/,
    );
  });
});

describe('gateway endpoints', () => {
  const ServiceName = 'com.amazonaws.us-east-1.s3';
  const tables = async () => {
    const made = await Promise.all([1, 2].map(() => api.call('CreateRouteTable', { VpcId: vpcId })));
    return made.map(({ routeTable }) => routeTable.routeTableId);
  };

  it('put routes into their tables and take them away', async () => {
    const [one = '', other = ''] = await tables();
    const { vpcEndpoint } = await api.call('CreateVpcEndpoint', { VpcId: vpcId, ServiceName, RouteTableId: [one] });
    const VpcEndpointId = vpcEndpoint.vpcEndpointId;
    expect(vpcEndpoint).toMatchObject({ vpcEndpointType: 'Gateway', state: 'available', routeTableIdSet: [one] });
    const modify = { VpcEndpointId, AddRouteTableId: [other], RemoveRouteTableId: [one], PolicyDocument: '{}' };
    await api.call('ModifyVpcEndpoint', modify);
    const Filter = [{ Name: 'service-name', Value: [ServiceName] }];
    expect((await api.call('DescribeVpcEndpoints', { Filter })).vpcEndpointSet).toMatchObject([
      { vpcEndpointId: VpcEndpointId, routeTableIdSet: [other], policyDocument: '{}' },
    ]);
    const routes = async () =>
      (await api.call('DescribeRouteTables', { RouteTableId: [other] })).routeTableSet[0].routeSet;
    expect((await routes()).at(-1)).toMatchObject({ gatewayId: VpcEndpointId, state: 'active' });
    const gone = await api.call('DeleteVpcEndpoints', { VpcEndpointId: [VpcEndpointId, 'vpce-12345678'] });
    expect(gone.unsuccessful).toMatchObject([
      { resourceId: 'vpce-12345678', error: { code: 'InvalidVpcEndpointId.NotFound' } },
    ]);
    expect((await routes()).at(-1)).toMatchObject({ gatewayId: 'local' });
  });

  it('are for the services that have them; others are refused by name', async () => {
    const { serviceNameSet } = await api.call('DescribeVpcEndpointServices', {
      Filter: [{ Name: 'service-type', Value: ['Gateway'] }],
    });
    expect(serviceNameSet).toEqual([ServiceName, 'com.amazonaws.us-east-1.dynamodb']);
    const unknown = { VpcId: vpcId, ServiceName: 'com.amazonaws.us-east-1.moon' };
    expect(await api.refusal('CreateVpcEndpoint', unknown)).toBe(
      "InvalidServiceName: The Vpc Endpoint Service 'com.amazonaws.us-east-1.moon' does not exist",
    );
    expect(await api.refusal('CreateVpcEndpoint', { ...unknown, VpcEndpointType: 'Interface' })).toBe(
      'UnsupportedOperation: sglab does not support endpoints of type Interface by the API; a lab file can define interface ones',
    );
  });
});
