import type { FlowLog as FlowLogItem } from '@aws-sdk/client-ec2';
import type { FlowLog } from '../../cloud/network/types.js';
import type { Cloud } from '../../cloud/types.js';
import { DEFAULT_FIELDS, logFormatText } from '../../records/flow-logs/format.js';
import { tagList } from './common.js';

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
