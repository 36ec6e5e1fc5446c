import { beforeEach, describe, expect, it } from 'vitest';
import { makeShop } from '../cloud/shop.js';
import { ApiOnCloud } from './api-on-cloud.js';

let api: ApiOnCloud;
beforeEach(() => {
  api = new ApiOnCloud(makeShop().cloud);
});

const vpcId = () => Object.keys(api.cloud.vpcs)[0] ?? '';
const create = (more: object = {}) => ({
  ResourceId: [vpcId()],
  ResourceType: 'VPC',
  TrafficType: 'REJECT',
  LogGroupName: 'vpc-logs',
  DeliverLogsPermissionArn: 'arn:aws:iam::123456789012:role/logs',
  ...more,
});

describe('a flow log', () => {
  it('is made, described as it was asked for, and deleted', async () => {
    const made = await api.call('CreateFlowLogs', create({ MaxAggregationInterval: 60, ClientToken: 'once' }));
    const [id] = made.flowLogIdSet;
    expect(id).toMatch(/^fl-[0-9a-f]{17}$/);
    expect(made).toMatchObject({ unsuccessful: '', clientToken: 'once' });
    expect((await api.call('DescribeFlowLogs', { FlowLogId: [id] })).flowLogSet).toEqual([
      {
        creationTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        deliverLogsPermissionArn: 'arn:aws:iam::123456789012:role/logs',
        deliverLogsStatus: 'SUCCESS',
        flowLogId: id,
        flowLogStatus: 'ACTIVE',
        logGroupName: 'vpc-logs',
        resourceId: vpcId(),
        trafficType: 'REJECT',
        logDestinationType: 'cloud-watch-logs',
        logFormat: expect.stringMatching(/^\$\{version\} \$\{account-id\} .* \$\{log-status\}$/),
        tagSet: '',
        maxAggregationInterval: '60',
      },
    ]);
    expect(await api.call('DeleteFlowLogs', { FlowLogId: [id] })).toMatchObject({ unsuccessful: '' });
    expect(await api.call('DescribeFlowLogs')).toMatchObject({ flowLogSet: '' });
  });

  it('has its tags, and is found by filters', async () => {
    const tags = [{ ResourceType: 'vpc-flow-log', Tag: [{ Key: 'Name', Value: 'rejects' }] }];
    await api.call('CreateFlowLogs', create({ TagSpecification: tags }));
    await api.call('CreateFlowLogs', create({ TrafficType: 'ALL' }));
    const found = await api.call('DescribeFlowLogs', { Filter: [{ Name: 'traffic-type', Value: ['REJ*'] }] });
    expect(found.flowLogSet).toMatchObject([{ trafficType: 'REJECT', tagSet: [{ key: 'Name', value: 'rejects' }] }]);
  });

  it('goes to a bucket, too', async () => {
    const bucket = 'arn:aws:s3:::logs/shop';
    const { LogGroupName: _, DeliverLogsPermissionArn: __, ...request } = create();
    await api.call('CreateFlowLogs', { ...request, LogDestinationType: 's3', LogDestination: bucket });
    const { flowLogSet } = await api.call('DescribeFlowLogs');
    expect(flowLogSet).toMatchObject([{ logDestinationType: 's3', logDestination: bucket }]);
  });

  it('of a resource that is not there is told, and those of others are made', async () => {
    const request = create({ ResourceId: ['vpc-12345678', vpcId()] });
    expect(await api.call('CreateFlowLogs', request)).toMatchObject({
      flowLogIdSet: [expect.stringMatching(/^fl-/)],
      unsuccessful: [{ resourceId: 'vpc-12345678', error: { code: 'InvalidVpcID.NotFound' } }],
    });
    expect(await api.call('DeleteFlowLogs', { FlowLogId: ['fl-12345678'] })).toMatchObject({
      unsuccessful: [{ resourceId: 'fl-12345678', error: { code: 'InvalidFlowLogId.NotFound' } }],
    });
  });

  it.each([
    [{ TrafficType: 'SOME' }, /^InvalidParameterValue: .*SOME.*ACCEPT, REJECT, ALL/],
    [{ ResourceType: 'TransitGateway' }, /^InvalidParameterValue: .*TransitGateway/],
    [{ MaxAggregationInterval: 30 }, /^InvalidParameter: Invalid Flow Log Max Aggregation Interval$/],
    [{ LogFormat: 'srcaddr' }, /^InvalidParameterValue: .*srcaddr/],
    [{ LogDestinationType: 's3' }, /^MissingParameter: .*LogDestination/],
  ])('%j is refused', async (more, message) => {
    expect(await api.refusal('CreateFlowLogs', create(more))).toMatch(message);
    expect(api.cloud.flowLogs).toEqual({});
  });

  it('that nobody may deliver is refused', async () => {
    const { DeliverLogsPermissionArn: _, ...request } = create();
    expect(await api.refusal('CreateFlowLogs', request)).toBe(
      "InvalidParameter: DeliverLogsPermissionArn can't be empty if LogGroupName is vpc-logs.",
    );
  });

  it('that there is already is refused', async () => {
    await api.call('CreateFlowLogs', create());
    expect(await api.refusal('CreateFlowLogs', create())).toMatch(
      /^FlowLogAlreadyExists: Error\. There is an existing/,
    );
  });
});
