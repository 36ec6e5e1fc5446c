/** CloudFormation as people write it: parameters without values, and functions in any nesting. */
import { describe, expect, it } from 'vitest';
import { readParameters } from '../../../src/import/cloudformation/parameter-file.js';
import { imported, refusalOf, rulesOf, source } from './support/sources.js';

const text = (parameters: string, resources: string, more = '') =>
  `AWSTemplateFormatVersion: "2010-09-09"\nParameters:\n${parameters}\n${more}\nResources:\n${resources}\n`;
const VPC = '  VPC: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16 } }';
const web = (rule: string) =>
  `${VPC}\n  Web: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: w, VpcId: !Ref VPC, SecurityGroupIngress: [ ${rule} ] } }`;
const OFFICE = web('{ IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: !Ref Office }');

describe('a parameter without a default', () => {
  it('is its own name where no packet depends on it', async () => {
    const resources =
      '  VPC: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16, Tags: [ { Key: Name, Value: !Join [ "-", [ !Ref Env, vpc ] ] } ] } }';
    const { cloud } = await imported(
      text('  Env: { Type: String }\n  Key: { Type: AWS::EC2::KeyPair::KeyName }', resources),
    );
    expect(Object.values(cloud.vpcs).map(({ name }) => name)).toEqual(['env-vpc']);
  });

  it('is asked for where they do, and given by the command or a file', async () => {
    const template = text('  Office: { Type: String }', OFFICE);
    expect(await refusalOf(template)).toBe(
      'source:3:11: Parameters.Office: parameter "Office" has no default, and packets depend on it (Web.CidrIp). Write `--parameter Office=VALUE`.',
    );
    const { cloud } = await imported(template, { parameters: { Office: '192.0.2.0/24' } });
    expect(rulesOf(cloud, 'web')).toContain('ingress tcp/22 from 192.0.2.0/24');
    expect(await refusalOf(template, { parameters: { Ofice: 'x' } })).toMatch(
      /the template has no parameter "Ofice"; did you mean "Office"\?/,
    );
  });

  it('is the first value that is allowed, and equals no other', async () => {
    const parameters =
      '  Office: { Type: String, AllowedValues: [ 192.0.2.1/32, 192.0.2.2/32 ] }\n  Env: { Type: String }';
    const conditions = 'Conditions: { Prod: !Equals [ !Ref Env, prod ] }';
    const { cloud, assumed } = await imported(text(parameters, OFFICE, conditions));
    expect(rulesOf(cloud, 'web')).toContain('ingress tcp/22 from 192.0.2.1/32');
    expect(assumed.join('\n')).toContain('parameter Office has no value: it is taken to be the first that is allowed');
  });

  it.each([
    { Office: '192.0.2.0/24', Port: 22 },
    { Parameters: { Office: '192.0.2.0/24', Port: '22' } },
    [
      { ParameterKey: 'Office', ParameterValue: '192.0.2.0/24' },
      { ParameterKey: 'Port', ParameterValue: '22' },
    ],
  ])('is in a file of any of AWS’s forms: %j', async (content) => {
    expect(await readParameters(source(content))).toEqual({ Office: '192.0.2.0/24', Port: '22' });
  });
});

it('divides the block that AWS gives as AWS does', async () => {
  const { cloud } = await imported(
    text(
      '  Unused: { Type: String }',
      `${VPC}
  V6: { Type: AWS::EC2::VPCCidrBlock, Properties: { VpcId: !Ref VPC, AmazonProvidedIpv6CidrBlock: true } }
  A:
    Type: AWS::EC2::Subnet
    Properties:
      VpcId: !Ref VPC
      CidrBlock: !Select [ 1, !Cidr [ !GetAtt VPC.CidrBlock, 4, 8 ] ]
      Ipv6CidrBlock: !Select [ 2, !Cidr [ !Select [ 0, !GetAtt VPC.Ipv6CidrBlocks ], 4, 64 ] ]`,
    ),
  );
  expect(Object.values(cloud.vpcs)).toMatchObject([{ ipv6Cidr: '2001:db8:1000::/56' }]);
  expect(Object.values(cloud.subnets)).toMatchObject([{ cidr: '10.0.1.0/24', ipv6Cidr: '2001:db8:1000:2::/64' }]);
});

it('reads a document that is indented after its mark', async () => {
  const { cloud } = await imported(`---\n  AWSTemplateFormatVersion: "2010-09-09"\n  Resources:\n  ${VPC}`);
  expect(Object.values(cloud.vpcs)).toHaveLength(1);
});

it('evaluates functions in each other', async () => {
  const block =
    '!If [ Wide, 0.0.0.0/0, !Join [ "/", [ !Select [ 1, !Split [ ",", !Ref Hosts ] ], !FindInMap [ Length, !Ref "AWS::Region", host ] ] ] ]';
  const conditions = `Conditions:
  Wide: !And [ !Not [ !Equals [ !Ref Hosts, "" ] ], !Or [ !Equals [ a, b ], !Equals [ c, d ] ] ]
Mappings: { Length: { us-east-1: { host: 32 } } }`;
  const parameters = '  Hosts: { Type: String, Default: "192.0.2.1,192.0.2.2" }';
  const rule = `{ IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: ${block} }`;
  const { cloud } = await imported(text(parameters, web(rule), conditions));
  expect(rulesOf(cloud, 'web')).toContain('ingress tcp/22 from 192.0.2.2/32');
});

it('fails where only a running stack tells the block of a rule', async () => {
  const rule = '{ IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: !ImportValue office }';
  expect(await refusalOf(text('  Unused: { Type: String }', web(rule)))).toMatch(
    /Web: only a running stack tells the block import-office of a rule.*--allow-incomplete/,
  );
});

it('knows the default group that AWS makes with a VPC', async () => {
  const rule = '{ IpProtocol: tcp, FromPort: 22, ToPort: 22, SourceSecurityGroupId: !GetAtt VPC.DefaultSecurityGroup }';
  const { cloud } = await imported(text('  Unused: { Type: String }', web(rule)));
  expect(rulesOf(cloud, 'web')).toContain('ingress tcp/22 from default');
  expect(rulesOf(cloud, 'default').sort()).toEqual([
    'egress all traffic to 0.0.0.0/0',
    'ingress all traffic from default',
  ]);
});
