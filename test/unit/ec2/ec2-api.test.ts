import { beforeEach, describe, expect, it } from 'vitest';
import { makeShop } from '../cloud/shop.js';
import { ApiOnCloud } from './api-on-cloud.js';

const shop = makeShop().cloud;
let api: ApiOnCloud;

beforeEach(() => {
  api = new ApiOnCloud(shop);
});

const vpcId = Object.keys(shop.vpcs)[0] ?? '';

describe('a request', () => {
  it('makes a group with its tags, and answers in EC2’s form', async () => {
    const { status, body } = await api.send({
      Action: 'CreateSecurityGroup',
      Version: '2016-11-15',
      GroupName: 'fresh',
      GroupDescription: 'new one',
      VpcId: vpcId,
      'TagSpecification.1.ResourceType': 'security-group',
      'TagSpecification.1.Tag.1.Key': 'a&b',
      'TagSpecification.1.Tag.1.Value': '<',
    });
    const group = Object.values(api.cloud.securityGroups).find(({ name }) => name === 'fresh');
    expect(status).toBe(200);
    expect(body).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n' +
        '<CreateSecurityGroupResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>req-1</requestId>' +
        `<groupId>${group?.id}</groupId><tagSet><item><key>a&amp;b</key><value>&lt;</value></item></tagSet>` +
        `<securityGroupArn>arn:aws:ec2:us-east-1:123456789012:security-group/${group?.id}</securityGroupArn>` +
        '</CreateSecurityGroupResponse>',
    );
  });

  it('that is only tried changes nothing, and is refused where the real one would be (A20)', async () => {
    const request = { GroupName: 'x', GroupDescription: 'x', VpcId: vpcId, DryRun: true };
    expect((await api.send({ Action: 'CreateSecurityGroup', ...request })).status).toBe(412);
    expect(await api.refusal('CreateSecurityGroup', request)).toBe(
      'DryRunOperation: Request would have succeeded, but DryRun flag is set.',
    );
    expect(await api.refusal('CreateSecurityGroup', { ...request, VpcId: 'vpc-12345678' })).toBe(
      "InvalidVpcID.NotFound: The vpc ID 'vpc-12345678' does not exist",
    );
    expect(api.cloud).toBe(shop);
  });

  it.each([
    [{}, 'MissingAction', 'The request must contain the parameter Action'],
    [{ Action: 'Fly' }, 'InvalidAction', 'The action Fly is not supported by sglab'],
    [{ Action: 'constructor' }, 'InvalidAction', 'The action constructor is not supported by sglab'],
    [
      { Action: 'CreateSecurityGroup', GroupName: 'x' },
      'MissingParameter',
      'The request must contain the parameter GroupDescription',
    ],
    [
      { Action: 'CreateSecurityGroup', GroupName: 'x', Description: 'x' },
      'UnknownParameter',
      'The parameter Description is not recognized',
    ],
    [
      { Action: 'CreateSecurityGroup', GroupName: 'x', GroupDescription: 'x', DryRun: 'maybe' },
      'InvalidParameterValue',
      'Value (maybe) for parameter DryRun is invalid. It must be a boolean.',
    ],
    [
      { Action: 'DeleteSecurityGroup', 'GroupId.a.b': '1' },
      'UnknownParameter',
      'The parameter GroupId.a is not recognized',
    ],
  ])('%j is refused with %s', async (parameters, code, message) => {
    const { status, answer } = await api.send(parameters);
    expect(status).toBe(400);
    expect(answer).toEqual({ Errors: { Error: { Code: code, Message: message } }, RequestID: 'req-1' });
  });
});
