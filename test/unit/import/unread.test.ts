import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { TEMPLATE_TYPES } from '../../../src/import/cloudformation/read-template.js';
import { INTRINSIC_FUNCTIONS } from '../../../src/import/cloudformation/template.js';
import { loadScenario } from '../../../src/import/load.js';
import { PLAN_TYPES } from '../../../src/import/terraform/read-plan.js';
import { AWS_IRRELEVANT, TEMPLATE_IRRELEVANT, TERRAFORM_IRRELEVANT } from '../../../src/import/unread.js';

const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sglab-unread-'));
afterAll(() => fs.rmSync(directory, { recursive: true }));

/** What an import of the text says that it leaves out; each place is the attribute's value. */
async function leftOut(content: unknown): Promise<string[]> {
  const file = path.join(directory, 'file');
  fs.writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content, null, 1));
  const { imported } = await loadScenario(file);
  const lines = fs.readFileSync(file, 'utf8').split('\n');
  return (imported?.unsupported ?? []).map(({ line, resource }) => {
    expect(`${lines[line - 2]}${lines[line - 1]}`).toContain(/\w+$/.exec(resource)?.[0]);
    return resource;
  });
}

const ENI = {
  NetworkInterfaceId: 'eni-11111111',
  SubnetId: 'subnet-11111111',
  VpcId: 'vpc-11111111',
  Groups: [{ GroupId: 'sg-11111111', GroupName: 'web' }],
  PrivateIpAddress: '10.0.0.10',
  SourceDestCheck: true,
  Status: 'in-use',
  MacAddress: '02:00:00:00:00:01',
};

describe('an attribute that nobody reads', () => {
  it('of what aws describes is listed with its place, unless it changes no packet', async () => {
    const Vpcs = [
      {
        VpcId: 'vpc-11111111',
        CidrBlock: '10.0.0.0/16',
        InstanceTenancy: 'default',
        BlockPublicAccessStates: { InternetGatewayBlockMode: 'off' },
        Tags: [{ Key: 'Name', Value: 'shop' }],
      },
      {
        VpcId: 'vpc-22222222',
        CidrBlock: '10.1.0.0/16',
        BlockPublicAccessStates: { InternetGatewayBlockMode: 'block-bidirectional' },
      },
    ];
    const NetworkInterfaces = [
      { ...ENI, Ipv4Prefixes: [{ Ipv4Prefix: '10.0.0.64/28' }], DenyAllIgwTraffic: false, Novelty: { Mode: 'x' } },
    ];
    expect(await leftOut({ Vpcs, NetworkInterfaces })).toEqual([
      'vpc-22222222.BlockPublicAccessStates',
      'eni-11111111.Ipv4Prefixes',
      'eni-11111111.Novelty',
    ]);
  });

  it('of a part is listed as that part, beside others that change nothing', async () => {
    const MetadataOptions = { State: 'applied', HttpEndpoint: 'disabled', HttpTokens: 'required' };
    const Instances = [{ InstanceId: 'i-11111111', ImageId: 'ami-1', MetadataOptions, NetworkInterfaces: [ENI] }];
    const entries = [
      { RuleNumber: 100, Protocol: '-1', RuleAction: 'allow', Egress: false, CidrBlock: '0.0.0.0/0', Weight: 3 },
      { RuleNumber: 32767, Protocol: '-1', RuleAction: 'deny', Egress: false, CidrBlock: '0.0.0.0/0' },
    ];
    const NetworkAcls = [{ NetworkAclId: 'acl-11111111', VpcId: 'vpc-11111111', IsDefault: true, Entries: entries }];
    expect(await leftOut({ Reservations: [{ Instances }], NetworkAcls })).toEqual([
      'i-11111111.MetadataOptions.HttpEndpoint',
      'acl-11111111.Entries[0].Weight',
    ]);
  });

  it('of a Terraform resource is listed', async () => {
    const resource = (type: string, values: object) => ({
      address: `${type}.a`,
      mode: 'managed',
      type,
      name: 'a',
      values,
    });
    const resources = [
      resource('aws_vpc', { cidr_block: '10.0.0.0/16', tags: { Name: 'a' }, enable_dns_support: false, novelty: [1] }),
      resource('aws_subnet', { cidr_block: '10.0.0.0/24', enable_dns_support: null, ipv6_native: false }),
      resource('aws_security_group', {
        name: 'web',
        ingress: [{ protocol: '-1', from_port: 1, to_port: 9, cidr_blocks: ['0.0.0.0/0'], self: false, weight: 1 }],
      }),
    ];
    expect(await leftOut({ format_version: '1.2', planned_values: { root_module: { resources } } })).toEqual([
      'aws_vpc.a.enable_dns_support',
      'aws_vpc.a.novelty',
      'aws_security_group.a.ingress[0].weight',
    ]);
  });

  it('of a resource of a template is listed', async () => {
    const template = `Resources:
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16, EnableDnsSupport: "true" } }
  Subnet: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24 } }
  Web:
    Type: AWS::EC2::Instance
    Properties:
      ImageId: ami-1
      SubnetId: !Ref Subnet
      Ipv6AddressCount: 2
      ElasticGpuSpecifications: [{ Type: x }]
`;
    expect(await leftOut(template)).toEqual(['Web.Ipv6AddressCount', 'Web.ElasticGpuSpecifications']);
  });

  it('is found for hundreds of machines', async () => {
    const NetworkInterfaces = Array.from({ length: 400 }, (_, number) => ({
      ...ENI,
      NetworkInterfaceId: `eni-${(number + 1).toString(16).padStart(8, '0')}`,
      PrivateIpAddress: `10.0.${number >> 7}.${10 + (number & 127)}`,
      Novelty: 'x'.repeat(1000),
    }));
    const lines = await leftOut({ NetworkInterfaces });
    expect(lines).toHaveLength(400);
    expect(lines[399]).toBe('eni-00000190.Novelty');
  });
});

const LISTS = /(?<=This is the complete list, wherever they occur:\n\n).*?(?=\n\n## )/s;

it('the document lists what counts as changing no packet', async () => {
  const words = (names: readonly string[]) =>
    [...names]
      .sort((a, b) => a.localeCompare(b, 'en'))
      .map((name) => `\`${name}\``)
      .join(', ');
  const lists = Object.entries({
    '`aws ec2 describe-…`': AWS_IRRELEVANT,
    Terraform: TERRAFORM_IRRELEVANT,
    CloudFormation: TEMPLATE_IRRELEVANT,
  }).map(([what, { always, usual }]) => {
    const values = Object.entries(usual).map(([name, each]) => `\`${name}\` (${each.join(', ')})`);
    return `**${what}**: ${words(always)}. With these values, which are the usual ones: ${values.join('; ')}.`;
  });
  const document = fs.readFileSync('docs/import-export.md', 'utf8');
  expect(document).toMatch(LISTS);
  await expect(document.replace(LISTS, () => lists.join('\n\n'))).toMatchFileSnapshot(
    path.resolve('docs/import-export.md'),
  );
});

const FUNCTIONS = /(?<=Evaluated are ).*?(?=\. Anything else)/s;
const READ = /(?<=## What is read\n\n).*?(?=\n\n## )/s;

/** The keys for which the readers of a format ask. */
function keysAskedFor(folder: string, key: RegExp): string[] {
  const sources = fs.readdirSync(folder).map((file) => fs.readFileSync(path.join(folder, file), 'utf8'));
  const calls = sources.flatMap((text) => [
    ...text.matchAll(/\.(?:text|needText|items|texts|number|flag|at|one|many)\(\s*'(\w+)'/g),
    ...text.matchAll(/^ {2}\[?'(\w+)',/gm),
  ]);
  return [...new Set(calls.flatMap(([, name = '']) => (key.test(name) ? [name] : [])))];
}

it('the document lists the functions, types and properties that are read', async () => {
  const words = (names: readonly string[]) =>
    [...names]
      .sort((a, b) => a.localeCompare(b, 'en'))
      .map((name) => `\`${name}\``)
      .join(', ');
  const read = [
    `**CloudFormation**, types: ${words(TEMPLATE_TYPES)}. Properties: ${words(keysAskedFor('src/import/cloudformation', /^[A-Z]/))}.`,
    `**Terraform**, types: ${words(PLAN_TYPES)}. Attributes: ${words(keysAskedFor('src/import/terraform', /^[a-z_0-9]+$/))}.`,
  ];
  const document = fs.readFileSync('docs/import-export.md', 'utf8');
  expect(document).toMatch(READ);
  const written = document
    .replace(FUNCTIONS, () => INTRINSIC_FUNCTIONS.map((name) => `\`${name}\``).join(', '))
    .replace(READ, () => read.join('\n\n'));
  await expect(written).toMatchFileSnapshot(path.resolve('docs/import-export.md'));
});
