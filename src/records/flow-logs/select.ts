import { getFlowLog, interfacesOfResource } from '../../cloud/network/flow-log.js';
import type { FlowLog } from '../../cloud/network/types.js';
import { resolveInstance, resolveInterface } from '../../cloud/text/endpoint.js';
import type { Cloud } from '../../cloud/types.js';
import { DEFAULT_FIELDS, type FlowField, parseLogFormat } from './format.js';
import { aggregate } from './record-store.js';
import type { FlowRecord, InterfaceRecords } from './types.js';

/** A choice of records, and the format in which they are written. */
export interface Selection {
  /** null: every interface, also those that are gone. */
  readonly interfaceIds: readonly string[] | null;
  readonly action: 'ACCEPT' | 'REJECT' | null;
  readonly fields: readonly FlowField[];
  /** Minutes of an interval. */
  readonly interval: number;
  /** Seconds since 1970. */
  readonly since: number;
}

const EVERYTHING: Selection = { interfaceIds: null, action: null, fields: DEFAULT_FIELDS, interval: 1, since: 0 };

/** @param word an instance (all its interfaces), an interface, or `fl-…`; null: everything. Throws CloudError */
export function selectRecords(cloud: Cloud, word: string | null): Selection {
  if (word === null) return EVERYTHING;
  if (word.startsWith('fl-')) return selectionOf(cloud, getFlowLog(cloud, word));
  const isOne = word.startsWith('eni-') || word.includes('.');
  const interfaceIds = isOne ? [resolveInterface(cloud, word).id] : resolveInstance(cloud, word).interfaceIds;
  return { ...EVERYTHING, interfaceIds };
}

function selectionOf(cloud: Cloud, { resourceId, trafficType, logFormat, ...flowLog }: FlowLog): Selection {
  return {
    interfaceIds: interfacesOfResource(cloud, resourceId),
    action: trafficType === 'ALL' ? null : trafficType,
    fields: logFormat === null ? DEFAULT_FIELDS : parseLogFormat(logFormat),
    interval: flowLog.maxAggregationInterval / 60,
    since: Date.parse(flowLog.createdAt) / 1000,
  };
}

/** The records that a selection leaves. An interface that has only others is left out, not shown as one without records. */
export function selected(
  { action, interval, since }: Pick<Selection, 'action' | 'interval' | 'since'>,
  interfaces: readonly InterfaceRecords[],
): InterfaceRecords[] {
  const isMeant = (record: FlowRecord) => record.end >= since && (action === null || record.action === action);
  return interfaces.flatMap((each) => {
    const records = aggregate(each.records.filter(isMeant), interval);
    const isSilenced = records.length === 0 && each.records.length > 0 && each.skipped === null;
    return isSilenced ? [] : [{ ...each, since: Math.max(each.since, since), records }];
  });
}
