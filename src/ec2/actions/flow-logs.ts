import type { FlowLog as FlowLogItem } from '@aws-sdk/client-ec2';
import { createFlowLog, deleteFlowLog, FLOW_LOG_RESOURCES, getFlowLog } from '../../cloud/network/flow-log.js';
import { FLOW_LOG_DESTINATIONS, type FlowLog, TRAFFIC_TYPES } from '../../cloud/network/types.js';
import { createTags } from '../../cloud/tags.js';
import { printable } from '../../cloud/text/quote.js';
import type { Cloud } from '../../cloud/types.js';
import { DEFAULT_FIELDS, logFormatText, parseLogFormat } from '../../records/flow-logs/format.js';
import type { ActionContext, Input, Output } from '../action.js';
import { eachOf } from '../batch.js';
import { type Description, describeItems } from '../describe.js';
import { Ec2Error } from '../ec2-error.js';
import { missingParameter } from '../refusals.js';
import { specifiedTags } from '../requests/tags.js';
import { tagList } from '../views/common.js';

export const flowLogActions = { CreateFlowLogs, DeleteFlowLogs, DescribeFlowLogs };

/** A flow log that cannot be made is listed with its reason; the others are made. */
async function CreateFlowLogs(
  request: Input<'CreateFlowLogs'>,
  context: ActionContext,
): Promise<Output<'CreateFlowLogs'>> {
  const tags = specifiedTags(request.TagSpecifications, 'vpc-flow-log');
  const type = oneOf('resourceType', request.ResourceType, FLOW_LOG_RESOURCES);
  const settings = settingsOf(request, context.time);
  const { made, failed } = await context.change((before) =>
    eachOf(before, request.ResourceIds ?? [], (cloud, resourceId) => {
      const { cloud: next, flowLog } = createFlowLog(cloud, type, { resourceId, ...settings });
      return { cloud: createTags(next, [flowLog.id], tags), made: flowLog.id };
    }),
  );
  return {
    FlowLogIds: made,
    Unsuccessful: failed,
    ...(request.ClientToken === undefined ? {} : { ClientToken: request.ClientToken }),
  };
}

async function DeleteFlowLogs(
  { FlowLogIds = [] }: Input<'DeleteFlowLogs'>,
  context: ActionContext,
): Promise<Output<'DeleteFlowLogs'>> {
  const { failed } = await context.change((before) =>
    eachOf(before, FlowLogIds, (cloud, id) => ({ cloud: deleteFlowLog(cloud, id), made: id })),
  );
  return { Unsuccessful: failed };
}

const FLOW_LOGS: Description<FlowLog, FlowLogItem> = {
  structure: 'FlowLog',
  idOf: ({ id }) => id,
  itemOf: flowLogItem,
  filters: ['flow-log-id', 'log-destination-type', 'log-group-name', 'resource-id', 'traffic-type'],
  paths: { 'deliver-log-status': 'DeliverLogsStatus' },
  limits: { min: 1, max: 1000 },
};

function DescribeFlowLogs(
  { FlowLogIds: ids = [], Filter: Filters, ...page }: Input<'DescribeFlowLogs'>,
  { cloud }: ActionContext,
): Output<'DescribeFlowLogs'> {
  const asked = ids.length === 0 ? Object.values(cloud.flowLogs) : ids.map((id) => getFlowLog(cloud, id));
  const { items, NextToken } = describeItems(cloud, asked, { Filters, ...page }, FLOW_LOGS);
  return { FlowLogs: items, NextToken };
}

function settingsOf(request: Input<'CreateFlowLogs'>, time: Date): Omit<FlowLog, 'id' | 'resourceId'> {
  const { LogDestination, LogFormat, MaxAggregationInterval: interval = 600 } = request;
  const destinationType = oneOf(
    'logDestinationType',
    request.LogDestinationType,
    FLOW_LOG_DESTINATIONS,
    FLOW_LOG_DESTINATIONS[0],
  );
  const logGroupName = request.LogGroupName ?? logGroupOf(LogDestination) ?? null;
  if (LogDestination === undefined && (destinationType !== 'cloud-watch-logs' || logGroupName === null)) {
    throw missingParameter(
      destinationType === 'cloud-watch-logs' ? 'LogGroupName or LogDestination' : 'LogDestination',
    );
  }
  if (interval !== 60 && interval !== 600) {
    throw new Ec2Error('InvalidParameter', 'Invalid Flow Log Max Aggregation Interval');
  }
  if (request.LogGroupName !== undefined && request.DeliverLogsPermissionArn === undefined) {
    const text = `DeliverLogsPermissionArn can't be empty if LogGroupName is ${printable(request.LogGroupName)}.`;
    throw new Ec2Error('InvalidParameter', text);
  }
  if (LogFormat !== undefined) parseLogFormat(LogFormat);
  return {
    trafficType: oneOf('trafficType', request.TrafficType, TRAFFIC_TYPES),
    logFormat: LogFormat ?? null,
    maxAggregationInterval: interval,
    destinationType,
    destination: LogDestination ?? null,
    logGroupName,
    permissionArn: request.DeliverLogsPermissionArn ?? null,
    createdAt: time.toISOString(),
  };
}

/** @param arn such as `arn:aws:logs:us-east-1:123456789012:log-group:NAME` */
function logGroupOf(arn: string | undefined): string | undefined {
  return /^arn:[^:]+:logs:[^:]*:[^:]*:log-group:([^:]+)/.exec(arn ?? '')?.[1];
}

function oneOf<Value extends string>(
  name: string,
  value: string | undefined,
  values: readonly Value[],
  otherwise?: Value,
): Value {
  const word = value ?? otherwise;
  if (word === undefined) throw missingParameter(name);
  const found = values.find((each) => each === word);
  if (found === undefined) throw invalid(name, word, values);
  return found;
}

function invalid(name: string, value: string, values: readonly string[]): Ec2Error {
  const text = `Value (${value}) for parameter ${name} is invalid. Use one of: ${values.join(', ')}`;
  return new Ec2Error('InvalidParameterValue', text);
}

export function flowLogItem(cloud: Cloud, flowLog: FlowLog): FlowLogItem {
  const { destination, logGroupName, permissionArn } = flowLog;
  return {
    CreationTime: new Date(flowLog.createdAt),
    DeliverLogsStatus: 'SUCCESS',
    FlowLogId: flowLog.id,
    FlowLogStatus: 'ACTIVE',
    ResourceId: flowLog.resourceId,
    TrafficType: flowLog.trafficType,
    LogDestinationType: flowLog.destinationType,
    ...(destination === null ? {} : { LogDestination: destination }),
    ...(logGroupName === null ? {} : { LogGroupName: logGroupName }),
    ...(permissionArn === null ? {} : { DeliverLogsPermissionArn: permissionArn }),
    LogFormat: flowLog.logFormat ?? logFormatText(DEFAULT_FIELDS),
    MaxAggregationInterval: flowLog.maxAggregationInterval,
    Tags: tagList(cloud, flowLog.id),
  };
}
