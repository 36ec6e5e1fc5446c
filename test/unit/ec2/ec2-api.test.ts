import { XMLParser } from 'fast-xml-parser';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Cloud } from '../../../src/cloud/types.js';
import { Ec2Api } from '../../../src/ec2/ec2-api.js';
import { makeShop } from '../cloud/shop.js';

/** The API on a cloud without a kernel: what is asked and answered is the same. */
const shop: Cloud = makeShop().cloud;
let cloud: Cloud;
let api: Ec2Api;

beforeEach(() => {
  cloud = shop;
  const lab = {
    get cloud() {
      return cloud;
    },
    change: async (mutate: (before: Cloud) => Cloud) => {
      cloud = mutate(cloud);
      return cloud;
    },
  };
  api = new Ec2Api(lab);
});

async function call(parameters: Record<string, string>) {
  const { status, body } = await api.answer(new URLSearchParams(parameters), 'req-1');
  return { status, body, document: new XMLParser().parse(body) };
}

const vpcId = Object.keys(shop.vpcs)[0] ?? '';

describe('a request', () => {
  it('makes a group with its tags, and answers in EC2’s form', async () => {
    const { status, body } = await call({
      Action: 'CreateSecurityGroup',
      Version: '2016-11-15',
      GroupName: 'fresh',
      GroupDescription: 'new one',
      VpcId: vpcId,
      'TagSpecification.1.ResourceType': 'security-group',
      'TagSpecification.1.Tag.1.Key': 'a&b',
      'TagSpecification.1.Tag.1.Value': '<',
    });
    const group = Object.values(cloud.securityGroups).find(({ name }) => name === 'fresh');
    expect(status).toBe(200);
    expect(body).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n' +
        '<CreateSecurityGroupResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>req-1</requestId>' +
        `<groupId>${group?.id}</groupId><tagSet><item><key>a&amp;b</key><value>&lt;</value></item></tagSet>` +
        '</CreateSecurityGroupResponse>',
    );
  });

  it('that is only tried changes nothing, and is refused where the real one would be (A20)', async () => {
    const before = cloud;
    const request = {
      Action: 'CreateSecurityGroup',
      GroupName: 'x',
      GroupDescription: 'x',
      VpcId: vpcId,
      DryRun: 'true',
    };
    expect((await call(request)).status).toBe(412);
    expect((await call({ ...request, VpcId: 'vpc-12345678' })).document.Response.Errors.Error.Code).toBe(
      'InvalidVpcID.NotFound',
    );
    expect(cloud).toBe(before);
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
    const { status, document } = await call(parameters);
    expect(status).toBe(400);
    expect(document.Response).toEqual({ Errors: { Error: { Code: code, Message: message } }, RequestID: 'req-1' });
  });
});
