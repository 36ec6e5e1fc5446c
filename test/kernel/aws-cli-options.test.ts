/** What sglab reads of an `aws ec2` line is what the AWS CLI itself sends. */
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCliCommand } from '../../src/ec2/cli/read-command.js';
import { hasAws } from './support/aws-cli.js';

const run = promisify(execFile);

/** Every kind of option: lists, shorthand of each depth, JSON, switches, and the CLI's own. */
const LINES: readonly (readonly string[])[] = [
  [
    'authorize-security-group-ingress',
    '--group-id',
    'sg-1',
    '--protocol',
    'tcp',
    '--port',
    '1024-65535',
    '--cidr',
    '10.0.0.0/8',
  ],
  ['authorize-security-group-ingress', '--group-name', 'web', '--protocol', 'all', '--source-group', 'sg-2'],
  [
    'authorize-security-group-ingress',
    '--group-id',
    'sg-1',
    '--protocol',
    'icmp',
    '--port',
    '-1',
    '--cidr',
    '0.0.0.0/0',
  ],
  [
    'authorize-security-group-ingress',
    '--group-id',
    'sg-1',
    '--ip-permissions',
    'IpProtocol=tcp,FromPort=22,ToPort=22,IpRanges=[{CidrIp=10.0.0.0/8,Description="SSH, from us"},{CidrIp=10.1.0.0/16}]',
    'IpProtocol=-1,UserIdGroupPairs=[{GroupId=sg-2}]',
  ],
  [
    'revoke-security-group-egress',
    '--group-id',
    'sg-1',
    '--ip-permissions',
    '[{"IpProtocol":"tcp","FromPort":443,"ToPort":443,"Ipv6Ranges":[{"CidrIpv6":"::/0"}]}]',
    '--dry-run',
  ],
  ['revoke-security-group-ingress', '--group-id', 'sg-1', '--security-group-rule-ids', 'sgr-1', 'sgr-2'],
  [
    'modify-security-group-rules',
    '--group-id',
    'sg-1',
    '--security-group-rules',
    'SecurityGroupRuleId=sgr-1,SecurityGroupRule={Description=x,IpProtocol=tcp,FromPort=22,ToPort=22,CidrIpv4=10.0.0.0/8}',
  ],
  [
    'create-security-group',
    '--group-name',
    'a',
    '--description',
    'b c',
    '--vpc-id',
    'vpc-1',
    '--tag-specifications',
    'ResourceType=security-group,Tags=[{Key=Name,Value=a}]',
  ],
  [
    'create-network-acl-entry',
    '--network-acl-id',
    'acl-1',
    '--rule-number',
    '100',
    '--protocol',
    'tcp',
    '--rule-action',
    'allow',
    '--ingress',
    '--cidr-block',
    '0.0.0.0/0',
    '--port-range',
    'From=1024,To=65535',
  ],
  [
    'create-network-acl-entry',
    '--network-acl-id',
    'acl-1',
    '--rule-number',
    '110',
    '--protocol',
    'icmp',
    '--rule-action',
    'deny',
    '--egress',
    '--icmp-type-code',
    'Type=-1,Code=-1',
    '--ipv6-cidr-block',
    '::/0',
  ],
  [
    'describe-instances',
    '--filters',
    'Name=instance-state-name,Values=running,stopped',
    'Name=tag:Name,Values=web-1',
    '--instance-ids',
    'i-1',
    'i-2',
  ],
  ['modify-instance-attribute', '--instance-id', 'i-1', '--no-source-dest-check'],
  ['modify-instance-attribute', '--instance-id', 'i-1', '--groups', 'sg-1', 'sg-2'],
  ['modify-vpc-attribute', '--vpc-id', 'vpc-1', '--enable-dns-support', '{"Value":false}'],
  ['modify-subnet-attribute', '--subnet-id', 'subnet-1', '--map-public-ip-on-launch'],
  [
    'create-route',
    '--route-table-id',
    'rtb-1',
    '--destination-ipv6-cidr-block',
    '::/0',
    '--egress-only-internet-gateway-id',
    'eigw-1',
  ],
  ['assign-ipv6-addresses', '--network-interface-id', 'eni-1', '--ipv6-address-count', '2'],
  [
    'run-instances',
    '--image-id',
    'ami-1',
    '--count',
    '2',
    '--subnet-id',
    'subnet-1',
    '--security-group-ids',
    'sg-1',
    '--associate-public-ip-address',
    '--private-ip-address',
    '10.0.0.9',
  ],
  ['run-instances', '--image-id', 'ami-1', '--network-interfaces', 'DeviceIndex=0,SubnetId=subnet-1,Groups=sg-1,sg-2'],
  ['create-tags', '--cli-input-json', '{"Resources":["i-1"],"Tags":[{"Key":"Name","Value":"web"}]}'],
];

/** Its own: no request can differ by them. */
const COMMON = ['Version', 'ClientToken'];

describe.skipIf(!hasAws)(`aws ec2${hasAws ? '' : ' (there is no aws CLI)'}`, () => {
  const bodies = new Map<string, string>();
  const server = createServer(async (request, response) => {
    bodies.set(request.url ?? '', await text(request));
    response.writeHead(400).end();
  });
  beforeAll(() => new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready)));
  afterAll(() => server.close());

  it.each(LINES.map((words, at) => [words.join(' '), words, at] as const))('%s', async (_line, words, at) => {
    const { port } = server.address() as AddressInfo;
    const env = {
      ...process.env,
      AWS_ACCESS_KEY_ID: 'a',
      AWS_SECRET_ACCESS_KEY: 'b',
      AWS_MAX_ATTEMPTS: '1',
      AWS_EC2_METADATA_DISABLED: 'true',
    };
    const options = ['--region', 'eu-central-1', '--endpoint-url', `http://127.0.0.1:${port}/${at}`];
    await run('aws', [...options, 'ec2', ...words], { env }).catch(() => {}); // nobody answers it
    const own = readCliCommand([...options, 'ec2', ...words]);
    expect(sent(own?.parameters)).toEqual(sent(new URLSearchParams(bodies.get(`/${at}`) ?? bodies.get(`/${at}/`))));
  });
});

function sent(parameters: URLSearchParams | undefined): Record<string, string> {
  const entries = [...(parameters ?? [])].filter(([name]) => !COMMON.includes(name));
  return Object.fromEntries(entries.sort(([left], [right]) => (left < right ? -1 : 1)));
}
