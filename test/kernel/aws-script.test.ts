/** The script of `sglab export --format aws`, run by bash with the real aws CLI against an endpoint of the test's own. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { awsCommands } from '../../src/export/aws/aws-commands.js';
import { run } from '../../src/kernel/process.js';
import { parseScenario } from '../../src/scenario/parse-scenario.js';
import { hasAws, isOldAws } from './support/aws-cli.js';
import { Ec2Echo } from './support/ec2-echo.js';

const EVERYTHING = `
name: everything
vpcs:
  shop:
    cidr: [10.0.0.0/16, 10.7.0.0/16]
    ipv6Cidr: 2001:db8:1::/56
    internetGateway: true
    egressOnlyInternetGateway: true
    subnets:
      front: { cidr: 10.0.1.0/24, ipv6Cidr: "2001:db8:1:1::/64", public: true, networkAcl: strict }
      back: { cidr: 10.7.2.0/24, routeTable: private }
  data: { cidr: 10.1.0.0/16, subnets: { only: { cidr: 10.1.1.0/24 } } }
  past: { cidr: 10.3.0.0/16 }
peerings:
  link: { between: [shop, data], dnsResolution: true }
  old: { between: [data, past], status: deleted }
transitGateways: { hub: { attachments: { shop: {}, data: { securityGroupReferencing: false } } } }
prefixLists: { partners: { maxEntries: 4, entries: [192.0.2.0/24, { cidr: 203.0.113.0/24, description: "It's Acme" }] } }
natGateways: { nat-1: { subnet: front } }
endpoints: { buckets: { type: gateway, vpc: shop, prefixList: s3, routeTables: private } }
networkAcls:
  strict:
    vpc: shop
    inbound:
      - { rule: 90, action: deny, protocol: icmp, type: 8, from: 10.0.0.0/8 }
      - { rule: 100, action: allow, protocol: tcp, ports: 443-444, from: "2001:db8:1:2::/64" }
    outbound: [{ rule: 100, action: allow, protocol: all, to: 0.0.0.0/0 }]
  data-default: { name: default, vpc: data, inbound: [{ rule: 7, action: allow, protocol: 50, from: 10.0.0.0/8 }] }
routeTables:
  private:
    vpc: shop
    routes:
      - { to: 0.0.0.0/0, via: nat-1 }
      - { to: "::/0", via: egressOnlyInternetGateway }
      - { to: 10.1.0.0/16, via: link }
      - { to: 10.2.0.0/16, via: hub }
      - { to: partners, via: fw.eth1 }
securityGroups:
  "web $(touch x)": { vpc: shop, description: "$HOME !", ingress: [{ protocol: tcp, ports: 443, from: "2001:db8:1:1::/64", description: "a $(id) !" }] }
  db:
    vpc: data
    ingress: [{ protocol: tcp, ports: 3306, from: "shop/web $(touch x)" }, { protocol: icmp, type: 8, from: partners }]
    egress: []
  files: { vpc: shop, egress: [{ protocol: tcp, ports: 443, to: s3 }] }
instances:
  web-1: { subnet: shop/front, securityGroups: ["web $(touch x)", files], publicIp: true, connectionTracking: { udpTimeout: 60 } }
  fw: { interfaces: [{ subnet: shop/back, sourceDestCheck: false }, { subnet: shop/back, secondaryIps: [10.7.2.99] }] }
  db-1: { subnet: data/only, securityGroups: db }
`;

// Before 2.13 the CLI knows no transit gateway whose VPCs refer to groups of each other, and not how to be told of an endpoint.
describe.skipIf(!hasAws || isOldAws)('a script of aws commands (aws CLI 1.29, 2.13 or later)', () => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sglab-aws-script-'));
  let endpoint: Ec2Echo;
  let output: string;
  // Some 60 processes of the CLI, one after the other.
  beforeAll(async () => {
    endpoint = await Ec2Echo.start();
    const file = path.join(directory, 'script');
    fs.writeFileSync(file, awsCommands(parseScenario(EVERYTHING, 'everything.yaml').cloud).script);
    const { exitCode, stdout, stderr } = await run('bash', [file], {
      allowFailure: true,
      cwd: directory,
      env: {
        AWS_ENDPOINT_URL: endpoint.url,
        AWS_REGION: 'eu-central-1',
        AWS_DEFAULT_REGION: 'eu-central-1',
        AWS_ACCESS_KEY_ID: 'none',
        AWS_SECRET_ACCESS_KEY: 'none',
        AWS_EC2_METADATA_DISABLED: 'true',
        AWS_CONFIG_FILE: '/dev/null',
        AWS_MAX_ATTEMPTS: '1',
        IMAGE_ID: 'ami-0123456789abcdef0',
        PYTHONWARNINGS: 'ignore',
      },
    });
    output = `${stdout}${stderr}`;
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  });
  afterAll(async () => {
    await endpoint?.stop();
    fs.rmSync(directory, { recursive: true });
  });

  it('is accepted by the CLI from the first command to the last, with ids that the answers gave', () => {
    expect(endpoint.faults).toEqual([]);
    expect(output).not.toMatch(/error|usage:/i);
    expect(fs.readdirSync(directory)).toEqual(['script']);
  });

  it('makes peerings, and ends those that have ended after the routes', () => {
    const [link, old] = endpoint.of('CreateVpcPeeringConnection');
    expect(link?.PeerVpcId).toBe(old?.VpcId);
    expect(endpoint.of('AcceptVpcPeeringConnection')).toHaveLength(1);
    const options = { 'RequesterPeeringConnectionOptions.AllowDnsResolutionFromRemoteVpc': 'true' };
    expect(endpoint.of('ModifyVpcPeeringConnectionOptions')).toMatchObject([options]);
    expect(endpoint.requests.at(-1)?.action).toBe('DeleteVpcPeeringConnection');
  });

  it('makes NAT gateways, transit gateways and endpoints, and routes to all', () => {
    expect(endpoint.of('CreateNatGateway')).toMatchObject([{ AllocationId: expect.stringMatching(/^eipalloc-/) }]);
    expect(endpoint.of('CreateTransitGatewayVpcAttachment')).toMatchObject([
      { 'Options.SecurityGroupReferencingSupport': 'enable' },
      { 'Options.SecurityGroupReferencingSupport': 'disable' },
    ]);
    expect(endpoint.of('CreateVpcEndpoint')).toMatchObject([{ ServiceName: 'com.amazonaws.eu-central-1.s3' }]);
    const targets = ['NatGatewayId', 'EgressOnlyInternetGatewayId', 'VpcPeeringConnectionId', 'TransitGatewayId'];
    const made = endpoint.of('CreateRoute').flatMap((route) => Object.keys(route));
    expect(made).toEqual(expect.arrayContaining([...targets, 'NetworkInterfaceId', 'GatewayId']));
  });

  it('makes network ACLs: entries as they are, of the default one what differs', () => {
    expect(endpoint.of('CreateNetworkAclEntry')).toMatchObject([
      { RuleNumber: '7', Protocol: '50', CidrBlock: '10.0.0.0/8' },
      { RuleNumber: '90', RuleAction: 'deny', Protocol: '1', 'Icmp.Type': '8', 'Icmp.Code': '-1', Egress: 'false' },
      { RuleNumber: '100', 'PortRange.From': '443', 'PortRange.To': '444', Ipv6CidrBlock: '2600:1f18:abc:7f02::/64' },
      { RuleNumber: '100', RuleAction: 'allow', Protocol: '-1', CidrBlock: '0.0.0.0/0', Egress: 'true' },
    ]);
    expect(endpoint.of('DeleteNetworkAclEntry')).toMatchObject([{ RuleNumber: '100', Egress: 'false' }]);
    expect(endpoint.of('ReplaceNetworkAclAssociation')).toMatchObject([
      { AssociationId: expect.stringMatching(/^aclassoc-0/) },
    ]);
  });

  it('puts what lies in the lab’s IPv6 block into the one that AWS chose', () => {
    expect(endpoint.of('CreateSubnet')[0]).toMatchObject({ Ipv6CidrBlock: '2600:1f18:abc:7f01::/64' });
    expect(endpoint.of('CreateNetworkInterface')[0]).toMatchObject({
      'Ipv6Addresses.1.Ipv6Address': '2600:1f18:abc:7f01:0:0:0:4',
      'ConnectionTrackingSpecification.UdpTimeout': '60',
    });
    expect(endpoint.of('AuthorizeSecurityGroupIngress')[0]).toMatchObject({
      'IpPermissions.1.Ipv6Ranges.1.CidrIpv6': '2600:1f18:abc:7f01::/64',
      'IpPermissions.1.Ipv6Ranges.1.Description': 'a $(id) !',
    });
  });

  it('takes away the rules that AWS makes and the lab has not', () => {
    const revoked = endpoint.of('RevokeSecurityGroupEgress');
    expect(revoked.map((each) => Object.keys(each).find((key) => /Cidr/.test(key)))).toEqual([
      'IpPermissions.1.IpRanges.1.CidrIp',
      'IpPermissions.1.IpRanges.1.CidrIp',
      'IpPermissions.1.Ipv6Ranges.1.CidrIpv6',
    ]);
    expect(endpoint.of('RevokeSecurityGroupIngress')).toEqual([]);
  });
});
