/** Flow logs, as their requests say them. */

export const TRAFFIC_TYPES = ['ACCEPT', 'REJECT', 'ALL'] as const;
export const FLOW_LOG_DESTINATIONS = ['cloud-watch-logs', 's3', 'kinesis-data-firehose'] as const;

/** Which records of which interfaces somebody asked for. Where they were to go is only remembered: `sglab flowlogs` shows them. */
export interface FlowLog {
  /** `fl-` and 17 hexadecimal digits. */
  readonly id: string;
  /** A VPC, subnet or interface. */
  readonly resourceId: string;
  readonly trafficType: (typeof TRAFFIC_TYPES)[number];
  /** As the client wrote it; null: AWS's default. */
  readonly logFormat: string | null;
  /** Seconds. */
  readonly maxAggregationInterval: 60 | 600;
  readonly destinationType: (typeof FLOW_LOG_DESTINATIONS)[number];
  readonly destination: string | null;
  readonly logGroupName: string | null;
  readonly permissionArn: string | null;
  /** ISO 8601. */
  readonly createdAt: string;
}
