/** Whatever a client writes into a request stays text: no shell, no nft and no file name ever meets it. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSubnet } from '../../src/cloud/network/subnet.js';
import { createVpc } from '../../src/cloud/network/vpc.js';
import { Endpoint } from '../../src/ec2/endpoint.js';
import { Ec2Client } from './support/ec2-client.js';
import { OwnLab } from './support/own-lab.js';

let lab: OwnLab;
let endpoint: Endpoint;
let client: Ec2Client;
let vpcId: string;
let subnetId: string;
/** Would appear if anything were executed. */
const trace = path.join(os.tmpdir(), `sglab-test-trace-${process.pid}`);

beforeAll(async () => {
  lab = await OwnLab.up();
  await lab.change((cloud) => {
    const made = createVpc(cloud, { name: 'v', cidrs: ['10.0.0.0/16'] });
    const { cloud: next, subnet } = createSubnet(made.cloud, { vpcId: made.vpc.id, name: 's', cidr: '10.0.1.0/24' });
    vpcId = made.vpc.id;
    subnetId = subnet.id;
    return next;
  });
  endpoint = await Endpoint.listen({ wanted: null, before: null });
  endpoint.serve(lab.live, null);
  client = new Ec2Client(endpoint.url);
});
afterAll(async () => {
  client?.close();
  endpoint?.destroy();
  await lab?.down();
  fs.rmSync(trace, { force: true });
});

const run = (parameters: Record<string, string>) =>
  client.send('RunInstances', {
    ImageId: 'ami-0123456789abcdef0',
    MinCount: 1,
    MaxCount: 1,
    SubnetId: subnetId,
    ...parameters,
  });

it('user data is kept, and not executed', async () => {
  const script = Buffer.from(`#!/bin/sh\ntouch ${trace}\n`).toString('base64');
  const { code } = await run({ UserData: script });
  expect(code).toBeNull();
  expect(fs.existsSync(trace)).toBe(false);
});

it.each([
  `$(touch ${trace})`,
  `; touch ${trace};`,
  `"; flush ruleset; #`,
  `} flush ruleset {`,
  '../../../etc/cron.d/x',
  '-n -v',
  'a\nb',
  '😀',
  'x'.repeat(256),
  'constructor',
])('a tag, a name and a description may be %j', async (text) => {
  const rulesets = await lab.state();
  const launched = await run({
    'TagSpecification.1.ResourceType': 'instance',
    'TagSpecification.1.Tag.1.Key': 'Name',
    'TagSpecification.1.Tag.1.Value': text,
  });
  expect(launched).toMatchObject({ status: 200 });
  const id: string = launched.answer.instancesSet.item[0].instanceId;
  const made = await client.send('CreateSecurityGroup', { GroupName: text, GroupDescription: text, VpcId: vpcId });
  const groupId: string | undefined = made.answer.groupId;
  if (groupId === undefined) expect(made.code).toBe('InvalidParameterValue');
  else {
    await client.send('ModifyInstanceAttribute', { InstanceId: id, 'GroupId.1': groupId });
    const rule = { 'IpPermissions.1.IpProtocol': 'tcp', 'IpPermissions.1.FromPort': 80, 'IpPermissions.1.ToPort': 80 };
    const peer = { 'IpPermissions.1.IpRanges.1.CidrIp': '10.0.0.0/16', 'IpPermissions.1.IpRanges.1.Description': text };
    await client.send('AuthorizeSecurityGroupIngress', { GroupId: groupId, ...rule, ...peer });
  }
  expect(await client.send('TerminateInstances', { 'InstanceId.1': id })).toMatchObject({ status: 200 });
  if (groupId !== undefined) expect((await client.send('DeleteSecurityGroup', { GroupId: groupId })).status).toBe(200);
  expect(fs.existsSync(trace)).toBe(false);
  expect(kernelOf(await lab.state())).toEqual(kernelOf(rulesets));
});

/** Without what remembers that there was something. */
function kernelOf({ journal: _, ...kernel }: Record<string, unknown>): Record<string, unknown> {
  return kernel;
}
