/** Records as AWS writes them: one line each, the fields that a log format names. */
import { CloudError } from '../../cloud/errors.js';
import { printable } from '../../cloud/text/quote.js';
import { hintFor } from '../../cloud/text/suggest.js';
import { protocolText, trafficText } from '../../verdict/phrases.js';
import type { FlowRecord, InterfaceRecords } from './types.js';

/** AWS's default format (FLOW). */
export const DEFAULT_FIELDS = [
  'version',
  'account-id',
  'interface-id',
  'srcaddr',
  'dstaddr',
  'srcport',
  'dstport',
  'protocol',
  'packets',
  'bytes',
  'start',
  'end',
  'action',
  'log-status',
] as const satisfies readonly FlowField[];

/** Stands in a field that does not apply. */
const NONE = '-';

/** The lab that a line is about. */
export interface LineContext {
  readonly accountId: string;
  readonly region: string;
}

/** A record, or the statement about an interface that stands in place of one. */
export type FlowLine =
  | { readonly status: 'OK'; readonly record: FlowRecord }
  | {
      readonly status: 'NODATA' | 'SKIPDATA';
      readonly about: Omit<InterfaceRecords, 'records' | 'skipped'>;
      readonly start: number;
      readonly end: number;
    };

type Field = (record: FlowRecord, context: LineContext) => string | number | null;

/** Fields of a record, with the version of the format that brought each (FLOW). */
const FIELDS = {
  version: [2, () => null],
  'account-id': [2, (_, { accountId }) => accountId],
  'interface-id': [2, ({ interfaceId }) => interfaceId],
  srcaddr: [2, ({ srcaddr }) => srcaddr],
  dstaddr: [2, ({ dstaddr }) => dstaddr],
  srcport: [2, ({ srcport }) => srcport],
  dstport: [2, ({ dstport }) => dstport],
  protocol: [2, ({ protocol }) => protocol],
  packets: [2, ({ packets }) => packets],
  bytes: [2, ({ bytes }) => bytes],
  start: [2, ({ start }) => Math.floor(start)],
  end: [2, ({ end }) => Math.floor(end)],
  action: [2, ({ action }) => action],
  'log-status': [2, () => 'OK'],
  'vpc-id': [3, ({ vpcId }) => vpcId],
  'subnet-id': [3, ({ subnetId }) => subnetId],
  'instance-id': [3, ({ instanceId }) => instanceId],
  'tcp-flags': [3, ({ tcpFlags }) => tcpFlags],
  type: [3, ({ pktSrcaddr }) => (pktSrcaddr.includes(':') ? 'IPv6' : 'IPv4')],
  'pkt-srcaddr': [3, ({ pktSrcaddr }) => pktSrcaddr],
  'pkt-dstaddr': [3, ({ pktDstaddr }) => pktDstaddr],
  region: [4, (_, { region }) => region],
  'az-id': [4, () => null],
  'sublocation-type': [4, () => null],
  'sublocation-id': [4, () => null],
  'pkt-src-aws-service': [5, () => null],
  'pkt-dst-aws-service': [5, () => null],
  'flow-direction': [5, ({ direction }) => direction],
  'traffic-path': [5, () => null],
  'reject-reason': [8, () => null],
} as const satisfies Readonly<Record<string, readonly [version: number, value: Field]>>;

export type FlowField = keyof typeof FIELDS;

/** The fields that are known of an interface without a record. */
const OF_INTERFACE: Readonly<Record<string, (about: Omit<InterfaceRecords, 'records' | 'skipped'>) => string>> = {
  'interface-id': ({ interfaceId }) => interfaceId,
  'vpc-id': ({ vpcId }) => vpcId,
  'subnet-id': ({ subnetId }) => subnetId,
  'instance-id': ({ instanceId }) => instanceId,
};

const LOG_FORMAT = /^\s*\$\{[a-z-]+\}(\s+\$\{[a-z-]+\})*\s*$/;

function isField(name: string): name is FlowField {
  return Object.hasOwn(FIELDS, name);
}

/** `${version} ${vpc-id} …` @throws CloudError `InvalidParameterValue` for anything else, and for a field that the lab does not know */
export function parseLogFormat(format: string): FlowField[] {
  if (!LOG_FORMAT.test(format)) {
    const hint = `Write fields as \${version} \${srcaddr} … (one of: ${Object.keys(FIELDS).join(', ')}).`;
    throw new CloudError('InvalidParameterValue', `${printable(format)} is no log format`, hint);
  }
  return [...format.matchAll(/\$\{([a-z-]+)\}/g)].map(([, name = '']) => {
    if (isField(name)) return name;
    const text = `Unknown fields provided: ${printable(name)}`;
    throw new CloudError('InvalidParameterValue', text, hintFor(name, Object.keys(FIELDS)));
  });
}

/** The format as a client writes it: `${version} ${srcaddr}`. */
export function logFormatText(fields: readonly FlowField[]): string {
  return fields.map((field) => `\${${field}}`).join(' ');
}

/** @returns one value for each field */
export function lineFields(line: FlowLine, fields: readonly FlowField[], context: LineContext): string[] {
  return fields.map((field) => {
    if (field === 'version') return String(Math.max(...fields.map((each) => FIELDS[each][0])));
    if (field === 'log-status') return line.status;
    const value = line.status === 'OK' ? FIELDS[field][1](line.record, context) : gapField(line, field, context);
    return value === null ? NONE : String(value);
  });
}

function gapField(line: Exclude<FlowLine, { status: 'OK' }>, field: FlowField, { accountId }: LineContext) {
  if (field === 'start' || field === 'end') return Math.floor(line[field]);
  if (field === 'account-id') return accountId;
  return OF_INTERFACE[field]?.(line.about) ?? null;
}

/** The line that AWS would write for each record, in the order of time; then NODATA and SKIPDATA of interfaces. */
export function flowLines(interfaces: readonly InterfaceRecords[], now: number): FlowLine[] {
  const records = interfaces.flatMap((each) => each.records).sort(inOrder);
  const gaps = interfaces.flatMap(({ records: own, skipped, ...about }): FlowLine[] => {
    if (skipped !== null) return [{ status: 'SKIPDATA', about, ...skipped }];
    return own.length > 0 ? [] : [{ status: 'NODATA', about, start: about.since, end: now }];
  });
  return [...records.map((record) => ({ status: 'OK', record }) as const), ...gaps];
}

function inOrder(one: FlowRecord, other: FlowRecord): number {
  return one.start - other.start || Number(one.reply) - Number(other.reply);
}

/** `tcp/22`, `icmp`, `icmp/3/4` for an error, `protocol 47`. */
export function recordTrafficText({ protocol, dstport, srcport, icmp, reply }: FlowRecord): string {
  if (icmp !== null && icmp.about !== null) return `${protocolText(protocol)}/${icmp.type}/${icmp.code}`;
  return trafficText(protocol, reply ? srcport : dstport);
}
