import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { resolveGroup } from '../../../src/cloud/text/resolve.js';
import { ruleText } from '../../../src/cloud/text/rule.js';
import type { Cloud } from '../../../src/cloud/types.js';
import { definitionYaml } from '../../../src/import/definition-yaml.js';
import { loadImport, loadScenario } from '../../../src/import/load.js';
import { parseScenario } from '../../../src/scenario/parse-scenario.js';
import { DefinitionError } from '../../../src/source/problems.js';

const FIXTURES = path.resolve('test/fixtures/exchange');
const aws = (...names: string[]) => names.map((name) => path.join(FIXTURES, 'aws', `${name}.json`));
const PLAN = path.join(FIXTURES, 'terraform/plan.json');
const TEMPLATE = path.join(FIXTURES, 'cloudformation/shop.yaml');

const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sglab-import-'));
afterAll(() => fs.rmSync(directory, { recursive: true }));

/** A file with that content, whose name says nothing. */
function file(content: unknown, name = 'file'): string {
  const target = path.join(directory, name);
  fs.writeFileSync(target, typeof content === 'string' ? content : JSON.stringify(content, null, 2));
  return target;
}

const rulesOf = (cloud: Cloud, group: string) =>
  resolveGroup(cloud, group).rules.map((rule) => `${rule.direction} ${ruleText(cloud, rule)}`);
const machine = (cloud: Cloud, name: string) => {
  const instance = Object.values(cloud.instances).find((each) => each.name === name);
  return instance?.interfaceIds.map((id) => cloud.networkInterfaces[id]) ?? [];
};

/** The message of what is refused, without the directory. */
async function refusal(...files: string[]): Promise<string> {
  try {
    await loadImport(files);
  } catch (error) {
    if (error instanceof DefinitionError) return error.message.replaceAll(`${directory}/`, '');
    throw error;
  }
  return 'no error';
}

describe('answers of aws ec2 describe-…', () => {
  const ALL = [
    ...['vpcs', 'subnets', 'security-groups', 'security-group-rules', 'network-interfaces', 'instances'],
    ...['prefix-lists', 'prefix-list-entries', 'route-tables', 'internet-gateways', 'network-acls', 'nat-gateways'],
  ];

  it('make the network that they describe, with its ids', async () => {
    const { scenario, imported } = await loadImport(aws(...ALL));
    const { cloud } = scenario;
    expect(imported.report.unsupported).toEqual([]);
    expect(Object.values(cloud.vpcs)).toMatchObject([
      { id: 'vpc-6e2da86778d84e507', name: 'shop', internetGatewayId: expect.stringMatching(/^igw-/) },
    ]);
    expect(rulesOf(cloud, 'web').sort()).toEqual([
      'egress all traffic to 0.0.0.0/0',
      'ingress icmp/8/-1 from 10.0.0.0/8',
      'ingress tcp/22 from 198.51.100.10/32',
      'ingress tcp/22 from partners',
      'ingress tcp/443 from 0.0.0.0/0',
    ]);
    expect(rulesOf(cloud, 'db')).toEqual(['ingress tcp/3306 from web']);
    expect(machine(cloud, 'web-1')).toMatchObject([
      { id: 'eni-d2e24b284342628aa', privateIpAddresses: ['10.0.1.10'], publicIp: '198.51.100.20' },
    ]);
    expect(cloud.prefixLists['pl-f243fe3351db74fde']?.entries).toHaveLength(2);
    const recorded = JSON.parse(fs.readFileSync(aws('security-group-rules')[0] ?? '', 'utf8')).SecurityGroupRules;
    const ids = recorded.map((rule: { SecurityGroupRuleId: string }) => rule.SecurityGroupRuleId).sort();
    expect(
      Object.values(cloud.securityGroups)
        .flatMap((group) => group.rules.map(({ id }) => id))
        .sort(),
    ).toEqual(ids);
  });

  it('are one network in one document, too', async () => {
    const documents = aws(...ALL).map((each) => JSON.parse(fs.readFileSync(each, 'utf8')));
    const merged = await loadScenario(file(Object.assign({}, ...documents)));
    const listed = await loadScenario(file(documents));
    const { scenario } = await loadImport(aws(...ALL), { name: 'file' });
    expect(merged.cloud).toEqual(scenario.cloud);
    expect(listed.cloud).toEqual(scenario.cloud);
  });

  it('that tell groups alone get a VPC, a subnet and a machine in each group, and say so', async () => {
    const { cloud, imported } = await loadScenario(aws('security-groups')[0] ?? '');
    expect(Object.values(cloud.vpcs)).toMatchObject([{ id: 'vpc-6e2da86778d84e507', cidrs: ['10.0.0.0/16'] }]);
    expect(
      Object.values(cloud.instances)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['db', 'web']);
    expect(imported?.assumed.join('\n')).toMatch(/VPC vpc-6e2da86778d84e507 is not described: its block is taken/);
    expect(imported?.assumed.join('\n')).toMatch(/prefix list pl-.* is not described: it is taken to be empty/);
    expect(imported?.assumed.join('\n')).toMatch(/no machines are described/);
  });

  it('keep groups and rules apart that have one name in several VPCs, and refer across a peering', async () => {
    const group = (id: string, vpc: string, name: string, from: string | null) => ({
      GroupId: id,
      GroupName: name,
      Description: name,
      VpcId: vpc,
      IpPermissions:
        from === null ? [] : [{ IpProtocol: 'tcp', FromPort: 80, ToPort: 80, UserIdGroupPairs: [{ GroupId: from }] }],
      IpPermissionsEgress: [],
    });
    const { cloud } = await loadScenario(
      file({
        Vpcs: [
          { VpcId: 'vpc-11111111', CidrBlock: '10.0.0.0/16' },
          { VpcId: 'vpc-22222222', CidrBlock: '10.1.0.0/16' },
        ],
        VpcPeeringConnections: [
          {
            VpcPeeringConnectionId: 'pcx-11111111',
            Status: { Code: 'active' },
            RequesterVpcInfo: { VpcId: 'vpc-11111111' },
            AccepterVpcInfo: { VpcId: 'vpc-22222222' },
          },
        ],
        SecurityGroups: [
          group('sg-11111111', 'vpc-11111111', 'web', 'sg-22222222'),
          group('sg-22222222', 'vpc-22222222', 'web', null),
          group('sg-33333333', 'vpc-11111111', 'default', 'sg-33333333'),
          group('sg-44444444', 'vpc-22222222', 'default', 'sg-44444444'),
        ],
      }),
    );
    expect(cloud.securityGroups['sg-11111111']?.rules[0]?.peer).toEqual({ type: 'group', groupId: 'sg-22222222' });
    expect(cloud.vpcs['vpc-22222222']?.defaultGroupId).toBe('sg-44444444');
  });

  it('have lists that AWS keeps: one that a rule names has the blocks that sglab knows', async () => {
    const managed = (id: string, service: string) => ({
      PrefixListId: id,
      PrefixListName: `com.amazonaws.eu-central-1.${service}`,
      OwnerId: 'AWS',
    });
    const permission = { IpProtocol: '-1', PrefixListIds: [{ PrefixListId: 'pl-6ea54007' }] };
    const group = { GroupId: 'sg-11111111', GroupName: 'web', Description: 'x', IpPermissionsEgress: [permission] };
    const { cloud, imported } = await loadScenario(
      file({
        SecurityGroups: [group],
        PrefixLists: [managed('pl-6ea54007', 's3'), managed('pl-66a5400f', 'dynamodb')],
      }),
    );
    expect(cloud.prefixLists['pl-6ea54007']?.entries.map(({ cidr }) => cidr)).toContain('52.216.0.0/15');
    expect(cloud.prefixLists['pl-66a5400f']).toBeUndefined();
    expect(imported).toMatchObject({
      unsupported: [],
      assumed: expect.arrayContaining([expect.stringMatching(/eu-central-1.s3/)]),
    });
  });

  it('list what is not built, with its place', async () => {
    const { imported } = await loadScenario(
      file({
        Vpcs: [{ VpcId: 'vpc-11111111', CidrBlock: '10.0.0.0/16' }],
        VpnConnections: [{ VpnConnectionId: 'vpn-1' }],
      }),
    );
    expect(imported?.unsupported).toMatchObject(
      [{ resource: 'VpnConnections', line: 8, reason: /nothing of this kind/ }].map(({ reason: _, ...rest }) => rest),
    );
  });
});

describe('a Terraform plan', () => {
  it('makes the network that it will make: unknown ids are found through the configuration', async () => {
    const { cloud, imported } = await loadScenario(PLAN);
    expect(rulesOf(cloud, 'web').sort()).toEqual([
      'egress all traffic to 0.0.0.0/0',
      'ingress tcp/22 from 198.51.100.10/32',
      'ingress tcp/22 from 198.51.100.77/32',
      'ingress tcp/443 from 0.0.0.0/0',
      'ingress tcp/8443 from partner-networks',
    ]);
    expect(rulesOf(cloud, 'db').sort()).toEqual([
      'egress tcp/443 to web',
      'ingress icmp/8/-1 from 10.0.0.0/16',
      'ingress tcp/3306 from web',
      'ingress tcp/4444 from db',
    ]);
    expect(machine(cloud, 'web-2')).toMatchObject([{ privateIpAddresses: ['10.0.1.11'], sourceDestCheck: true }]);
    expect(machine(cloud, 'db')).toMatchObject([{ privateIpAddresses: ['10.0.2.20'], sourceDestCheck: false }]);
    const subnets = Object.values(cloud.subnets).map(({ name, routeTableId, networkAclId }) => [
      name,
      cloud.routeTables[routeTableId ?? '']?.name,
      cloud.networkAcls[networkAclId ?? '']?.name,
    ]);
    expect(subnets).toEqual([
      ['private', 'private', undefined],
      ['public', 'public', 'strict'],
    ]);
    expect(imported?.unsupported.map(({ resource }) => resource)).toEqual([
      'aws_s3_bucket.logs',
      'aws_wafv2_web_acl.shop',
    ]);
  });

  it('is told from Terraform’s own state and language', async () => {
    expect(await refusal(file({ version: 4, terraform_version: '1.11.4', lineage: 'x', resources: [] }))).toMatch(
      /^file: this is Terraform's own state file. Write `terraform show -json/,
    );
    expect(await refusal(file('resource "aws_vpc" "main" {\n  cidr_block = "10.0.0.0/16"\n}\n'))).toMatch(
      /^file: this is Terraform's language.* Make a plan/,
    );
  });
});

describe('a CloudFormation template', () => {
  it('makes the network of its defaults, in YAML and in JSON', async () => {
    const { cloud, imported } = await loadScenario(TEMPLATE);
    expect(Object.values(cloud.subnets).map(({ cidr }) => cidr)).toEqual(['10.0.1.0/24', '10.0.2.0/24']);
    expect(rulesOf(cloud, 'web')).toContain('ingress icmp/8/-1 from 10.0.0.0/16');
    expect(rulesOf(cloud, 'web')).toContain('egress all traffic to 0.0.0.0/0');
    expect(rulesOf(cloud, 'database-group').sort()).toEqual([
      'egress all traffic to 127.0.0.1/32',
      'ingress tcp/3306 from web',
    ]);
    expect(resolveGroup(cloud, 'web').rules.map(({ description }) => description)).toContain(
      'SSH from 198.51.100.10/32',
    );
    expect(machine(cloud, 'web')).toMatchObject([{ publicIp: '198.18.0.1' }]);
    expect(imported?.unsupported).toMatchObject([{ resource: 'Logs', line: 91 }]);
    expect(imported?.assumed[0]).toMatch(/^Standby is not made: its condition IsProduction is false/);
    const { openFile } = await import('../../../src/source/open.js');
    const { value } = (await openFile(TEMPLATE)).tree();
    const json = await loadScenario(file(value, 'shop'));
    expect(json.cloud).toEqual(cloud);
  });

  it('names what it refers to and does not have', async () => {
    const template = (ref: string) =>
      file(
        `Resources:\n  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16 } }\n  Web:\n    Type: AWS::EC2::SecurityGroup\n    Properties: { GroupDescription: x, VpcId: ${ref} }\n`,
      );
    expect(await refusal(template('!Ref Vcp'))).toBe(
      'file:4:5: Resources.Web: there is no resource or parameter "Vcp"; did you mean "Vpc"?',
    );
    expect(await refusal(template('!GetAtt Vcp.VpcId'))).toMatch(/^file:4:5: .*there is no resource "Vcp"/);
    expect(await refusal(file('Resources:\n  A: [1\n'))).toMatch(/^file:2:6: this "\[" is not closed/);
  });
});

describe('what cannot be read', () => {
  it('is refused with its place', async () => {
    const whole = fs.readFileSync(aws('security-groups')[0] ?? '', 'utf8');
    expect(await refusal(file(whole.slice(0, 1000)))).toMatch(
      /^file:\d+:\d+: the JSON ends here, in the middle of a value/,
    );
    expect(await refusal(file(whole.replace('"IpPermissions": [', '"IpPermissions": [ oops')))).toMatch(
      /^file:\d+:\d+: this is not JSON from here on/,
    );
    expect(await refusal(file({ SecurityGroups: [{ GroupName: 'web' }] }))).toBe(
      'file:3:5: SecurityGroups[0].GroupId: "GroupId" is missing',
    );
    expect(await refusal(file({ SecurityGroups: { GroupId: 'sg-1' } }))).toBe(
      'file:2:21: SecurityGroups: a list is needed here',
    );
    expect(await refusal(file({ volumes: [], next: null }))).toMatch(
      /^file: this JSON has volumes, next, and is not something that sglab can read/,
    );
    expect(await refusal(file('name: x\nvpcs: {}\n'))).toMatch(/^file: there is nothing here to import/);
    expect(await refusal(file({ SecurityGroups: [] }))).toBe(
      'file: there is no network in it, and nothing that could be in one. It is empty: is it from the right Region and account?',
    );
    expect(await refusal(file('{"Vpcs": []}\n{"Subnets": []}\n'))).toBe(
      'file:2:1: this is not JSON from here on. Put each answer into a file of its own.',
    );
    fs.writeFileSync(file('', 'plan.out'), Buffer.from([0x50, 0x4b, 3, 4, 0xff]));
    expect(await refusal(path.join(directory, 'plan.out'))).toMatch(/not UTF-8 text. Of a Terraform plan/);
    expect(await refusal(PLAN, ...aws('vpcs'))).toMatch(
      /vpcs.json: this is an answer of .*, and .*plan.json is a Terraform plan/,
    );
  });

  it('is refused in the source’s place when AWS would refuse it', async () => {
    const range = [{ CidrIp: '10.0.0.0/33' }];
    const group = { GroupId: 'sg-11111111', GroupName: 'web', Description: 'x', VpcId: 'vpc-11111111' };
    const text = await refusal(
      file({
        SecurityGroups: [{ ...group, IpPermissions: [{ IpProtocol: 'tcp', FromPort: 1, ToPort: 1, IpRanges: range }] }],
      }),
    );
    expect(text).toMatch(/^file:\d+:\d+: sg-11111111: CIDR block 10.0.0.0\/33 is malformed/);
  });

  it('may be large', async () => {
    const permissions = Array.from({ length: 60 }, (_, port) => ({
      IpProtocol: 'tcp',
      FromPort: port + 1,
      ToPort: port + 1,
      IpRanges: [{ CidrIp: '10.0.0.0/8', Description: 'x'.repeat(200) }],
    }));
    const groups = Array.from({ length: 300 }, (_, number) => ({
      GroupId: `sg-${number.toString(16).padStart(8, '0')}`,
      GroupName: `group ${number}`,
      Description: 'x',
      VpcId: 'vpc-11111111',
      IpPermissions: permissions,
    }));
    const { cloud } = await loadScenario(file({ SecurityGroups: groups }));
    expect(Object.keys(cloud.securityGroups)).toHaveLength(301);
  });
});

it('what is imported is a scenario file by itself', async () => {
  for (const source of [[PLAN], [TEMPLATE], aws('security-groups', 'vpcs')]) {
    const { scenario, imported } = await loadImport(source);
    const yaml = definitionYaml(imported.definition);
    const { lines } = scenario;
    expect({ ...parseScenario(yaml, 'x.yaml'), lines, imported: imported.report }).toEqual(scenario);
  }
});
