/** What a source does not say: marked where it is assumed, and refused where nothing would be true without it. */
import { expect, it } from 'vitest';
import { definitionYaml } from '../../../src/import/definition-yaml.js';
import { loadScenario } from '../../../src/import/load.js';
import { parseScenario } from '../../../src/scenario/parse-scenario.js';
import { imported, type Planned, planOf, refusalOf, rulesOf, source } from './support/sources.js';

const SSH = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] };
const GROUP = {
  ...{ GroupId: 'sg-0000000000000000a', GroupName: 'web', Description: 'web', VpcId: 'vpc-0000000000000000a' },
  IpPermissions: [SSH],
};
const VPC = { VpcId: 'vpc-0000000000000000a', CidrBlock: '10.0.0.0/16' };
const SUBNET = { SubnetId: 'subnet-0000000000000000a', VpcId: VPC.VpcId, CidrBlock: '10.0.1.0/24' };

/** The places in the definition that the sentence is about. */
function placesOf(definition: { assumed?: { because: string; about?: string | string[] | undefined }[] | undefined }) {
  return Object.fromEntries((definition.assumed ?? []).map(({ because, about = [] }) => [because, about]));
}

it('marks in the cloud what is made up around a group, in the file too', async () => {
  const { cloud, definition } = await imported({ SecurityGroups: [GROUP] });
  const [vpc] = Object.keys(cloud.vpcs);
  const marked = Object.values(cloud.assumed).flat();
  expect(marked).toEqual(expect.arrayContaining([vpc, ...Object.keys(cloud.subnets), ...Object.keys(cloud.instances)]));
  expect(marked).not.toContain(GROUP.GroupId);
  expect(Object.values(cloud.internetGateways)).toEqual([]);
  expect(parseScenario(definitionYaml(definition), 'written.yaml').cloud.assumed).toEqual(cloud.assumed);
});

it('refuses a mark of what is not in the file', () => {
  const text = 'name: a\nvpcs: { shop: { cidr: 10.0.0.0/16 } }\nassumed: [{ because: x, about: [vpcs.shp] }]\n';
  expect(() => parseScenario(text, 'a.yaml')).toThrow(
    'a.yaml:3:33: the file has nothing at "vpcs.shp" that could be assumed; did you mean "vpcs.shop"?',
  );
});

it('keeps a blackhole, and gives nobody a gateway where the source lists all', async () => {
  const route = { DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-0000000000000000a' };
  const table = {
    ...{ RouteTableId: 'rtb-0000000000000000a', VpcId: VPC.VpcId, Associations: [{ Main: true }] },
    Routes: [{ ...route, State: 'blackhole' }],
  };
  const eni = {
    ...{ NetworkInterfaceId: 'eni-0000000000000000a', SubnetId: SUBNET.SubnetId, VpcId: VPC.VpcId },
    ...{ InterfaceType: 'interface', PrivateIpAddress: '10.0.1.10', Groups: [{ GroupId: GROUP.GroupId }] },
    Association: { PublicIp: '54.0.0.9' },
  };
  const account = { Vpcs: [VPC], Subnets: [SUBNET], SecurityGroups: [GROUP], NetworkInterfaces: [eni] };
  const dead = await imported({ ...account, RouteTables: [table], InternetGateways: [] });
  expect(dead.definition.routeTables?.main?.routes).toEqual([{ to: '0.0.0.0/0', via: 'blackhole' }]);
  expect(Object.values(dead.cloud.networkInterfaces)).toMatchObject([{ publicIp: null }]);
  expect(dead.unsupported).toEqual([]);
  // AWS says so, too, where it does not say the state.
  const gone = await imported({ ...account, RouteTables: [{ ...table, Routes: [route] }], InternetGateways: [] });
  expect(gone.definition.routeTables?.main?.routes).toEqual([{ to: '0.0.0.0/0', via: 'blackhole' }]);
  const unknown = await imported({ ...account, RouteTables: [{ ...table, Routes: [route] }] });
  expect(unknown.definition.routeTables?.main?.routes).toEqual([{ to: '0.0.0.0/0', via: 'internetGateway' }]);
  expect(Object.keys(placesOf(unknown.definition))).toContainEqual(
    expect.stringMatching(/^gateway igw-.* is not described/),
  );
});

it('marks the table whose route leads to what is not built', async () => {
  const routes = [{ DestinationCidrBlock: '10.9.0.0/16', TransitGatewayId: 'tgw-0000000000000000a' }];
  const table = { RouteTableId: 'rtb-0000000000000000a', VpcId: VPC.VpcId, Associations: [], Routes: routes };
  const { definition } = await imported({ Vpcs: [VPC], Subnets: [SUBNET], RouteTables: [table] });
  expect(Object.values(placesOf(definition))).toContainEqual(['routeTables.rtb-0000000000000000a']);
});

it('makes up no block that somebody else has', async () => {
  const group = (vpc: string, letter: string) => ({
    ...GROUP,
    GroupId: `sg-0000000000000000${letter}`,
    GroupName: letter,
    VpcId: vpc,
  });
  const { cloud } = await imported({
    Vpcs: [{ ...VPC, CidrBlock: '10.0.0.0/24' }],
    Subnets: [{ ...SUBNET, CidrBlock: '10.0.0.0/26' }],
    SecurityGroups: [group(VPC.VpcId, 'a'), group('vpc-0000000000000000b', 'b'), group('vpc-0000000000000000c', 'c')],
  });
  expect(Object.values(cloud.vpcs).map(({ cidrs }) => cidrs[0])).toEqual(['10.0.0.0/24', '10.1.0.0/16', '10.2.0.0/16']);
  const first = Object.values(cloud.subnets).filter(({ vpcId }) => vpcId === VPC.VpcId);
  expect(first.map(({ cidr }) => cidr)).toEqual(['10.0.0.0/26']);
});

it('finds room beside what is described for a subnet that is not', async () => {
  const eni = (letter: string, address: string) => ({
    ...{ NetworkInterfaceId: `eni-0000000000000000${letter}`, VpcId: VPC.VpcId, SubnetId: 'subnet-0000000000000000f' },
    ...{ PrivateIpAddress: address, Groups: [{ GroupId: GROUP.GroupId }] },
  });
  const { cloud } = await imported({
    Vpcs: [VPC],
    Subnets: [{ ...SUBNET, CidrBlock: '10.0.1.0/25' }],
    SecurityGroups: [GROUP],
    NetworkInterfaces: [eni('a', '10.0.1.140'), eni('b', '10.0.1.150')],
  });
  expect(Object.values(cloud.subnets).map(({ cidr }) => cidr)).toEqual(['10.0.1.0/25', '10.0.1.128/25']);
});

it("takes AWS's default VPC to be as AWS makes it: public", async () => {
  const { cloud } = await imported({
    Resources: {
      Web: { Type: 'AWS::EC2::SecurityGroup', Properties: { GroupDescription: 'web' } },
      I: { Type: 'AWS::EC2::Instance', Properties: { SecurityGroups: [{ Ref: 'Web' }] } },
    },
  });
  const [subnet] = Object.values(cloud.subnets);
  expect(subnet?.cidr).toBe('172.31.0.0/20');
  expect(cloud.routeTables[subnet?.routeTableId ?? '']?.routes.map(({ target }) => target.type)).toEqual([
    'local',
    'internet-gateway',
  ]);
  expect(Object.values(cloud.networkInterfaces)).toMatchObject([{ publicIp: expect.any(String) }]);
});

it('keeps rules of a group that is not described', async () => {
  const rule = { GroupId: 'sg-0000000000000000b', IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: '10.0.0.0/8' };
  const { cloud, definition } = await imported({
    Resources: {
      Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
      In: { Type: 'AWS::EC2::SecurityGroupIngress', Properties: rule },
    },
  });
  expect(rulesOf(cloud, 'sg-0000000000000000b')).toContain('ingress tcp/22 from 10.0.0.0/8');
  expect(Object.values(placesOf(definition)).flat()).toContain('securityGroups.rules of sg-0000000000000000b');
});

const NET: Planned = { address: 'aws_vpc.main', values: { cidr_block: '10.0.0.0/16' } };
const group = (name: string): Planned => ({
  address: `aws_security_group.${name}`,
  values: { name },
  references: { vpc_id: ['aws_vpc.main.id', 'aws_vpc.main'] },
});
const HTTPS: Planned = {
  address: 'aws_security_group_rule.https',
  values: { type: 'ingress', protocol: 'tcp', from_port: 443, to_port: 443, cidr_blocks: ['0.0.0.0/0'] },
  references: { security_group_id: ['local.this_id'] },
};

it('takes a `local` for the only group of its module', async () => {
  const { cloud, assumed } = await imported(planOf(NET, group('web'), HTTPS));
  expect(rulesOf(cloud, 'web')).toEqual(['ingress tcp/443 from 0.0.0.0/0']);
  expect(assumed.join('\n')).toContain('local.this_id of aws_security_group_rule.https is aws_security_group.web');
});

it('fails where a `local` may be any of several groups, with the way out; or marks them all', async () => {
  const plan = planOf(NET, group('web'), group('db'), HTTPS);
  expect(await refusalOf(plan)).toMatch(
    /^source:1:\d+: aws_security_group_rule.https: the plan does not tell what `security_group_id` is: local.this_id. A state tells it \(.*terraform show -json.*sglab serve.*--allow-incomplete/,
  );
  const { definition, unsupported } = await imported(plan, { allowIncomplete: true });
  expect(unsupported).toMatchObject([{ resource: 'aws_security_group_rule.https' }]);
  expect(Object.values(placesOf(definition))).toContainEqual(['securityGroups.web', 'securityGroups.db', 'vpcs.main']);
});

it('fails where inline rules merge what they refer to, unless all are in one', async () => {
  const block = (port: number) => ({
    protocol: 'tcp',
    from_port: port,
    to_port: port,
    cidr_blocks: [],
    ipv6_cidr_blocks: [],
  });
  const app = (...ingress: readonly object[]): Planned => ({
    ...group('app'),
    values: { name: 'app', ingress },
    references: { ingress: ['aws_security_group.web.id', 'aws_security_group.db.id'] },
  });
  const merged = planOf(NET, group('web'), group('db'), app(block(22), block(8080)));
  expect(await refusalOf(merged)).toMatch(
    /aws_security_group.app: the plan merges the references of its ingress blocks.*aws_security_group.web, aws_security_group.db/,
  );
  const { cloud } = await imported(planOf(NET, group('web'), group('db'), app(block(22))));
  expect(rulesOf(cloud, 'app')).toEqual(['ingress tcp/22 from web', 'ingress tcp/22 from db']);
});

it('follows `each.value` to the resource of the same key', async () => {
  const groups = ['a', 'b'].map((key) => ({
    ...group('each'),
    address: `aws_security_group.each["${key}"]`,
    index: key,
    values: { name: key },
  }));
  const rules = ['a', 'b'].map((key) => ({
    ...HTTPS,
    address: `aws_security_group_rule.https["${key}"]`,
    index: key,
    references: { security_group_id: ['each.value.id', 'each.value'] },
    forEach: ['aws_security_group.each'],
  }));
  const { cloud } = await imported(planOf(NET, ...groups, ...rules));
  for (const key of ['a', 'b']) expect(rulesOf(cloud, key)).toEqual(['ingress tcp/443 from 0.0.0.0/0']);
});

it.each<readonly [string, Planned]>([
  [
    'a block of a rule',
    {
      ...HTTPS,
      values: { ...HTTPS.values, cidr_blocks: ['10.0.0.0/8', null] },
      references: { security_group_id: ['aws_security_group.web.id'], cidr_blocks: ['aws_eip.nat.public_ip'] },
    },
  ],
  [
    'inline rules',
    { ...group('app'), references: { ingress: ['local.ports'], vpc_id: ['aws_vpc.main.id'] }, values: { name: 'app' } },
  ],
  [
    'the groups of a machine',
    {
      address: 'aws_instance.i',
      values: { source_dest_check: true },
      references: { vpc_security_group_ids: ['local.groups', 'aws_security_group.web.id'] },
    },
  ],
])('fails where the plan does not tell %s', async (_what, resource) => {
  expect(await refusalOf(planOf(NET, group('web'), group('db'), resource))).toMatch(/the plan does not tell .*--allow/);
});

it('keeps both what is known of a list and what is not yet', async () => {
  const instance: Planned = {
    address: 'aws_instance.i',
    values: { vpc_security_group_ids: ['sg-0000000000000000c', null] },
    references: { vpc_security_group_ids: ['aws_security_group.web.id'] },
  };
  const { cloud } = await imported(planOf(NET, group('web'), instance));
  const [eni] = Object.values(cloud.networkInterfaces);
  expect(eni?.groupIds.map((id) => cloud.securityGroups[id]?.name)).toEqual([
    'not described sg-0000000000000000c',
    'web',
  ]);
});

it('knows the lines of what it made', async () => {
  const text = JSON.stringify({ Vpcs: [VPC], SecurityGroups: [GROUP] }, null, 1);
  const { lines } = await loadScenario(source(text));
  const lineOf = (word: string) => text.slice(0, text.indexOf(word)).split('\n').length;
  expect(lines[GROUP.GroupId]).toBe(lineOf('"GroupId"') - 1);
});
