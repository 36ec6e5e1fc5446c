import type { Cloud } from '../../cloud/types.js';
import {
  type FlowField,
  type FlowLine,
  type LineContext,
  lineFields,
  recordTrafficText,
} from '../../records/flow-logs/format.js';
import type { FlowRecord } from '../../records/flow-logs/types.js';
import { flowRecordText, icmpText } from '../../verdict/phrases.js';
import type { ReportOptions } from './labels.js';
import { PLAIN, type Style } from './style.js';
import { type Column, type NotedRow, notedTable } from './table.js';

/** Formats one line as AWS writes it, with the action in its colour. */
export function formatFlowLine(
  line: FlowLine,
  fields: readonly FlowField[],
  context: LineContext,
  style: Style = PLAIN,
): string {
  const words = lineFields(line, fields, context);
  return words.map((word, at) => (fields[at] === 'action' ? paintOf(word, style)(word) : word)).join(' ');
}

function paintOf(action: string, style: Style) {
  if (action === 'ACCEPT') return style.green;
  return action === 'REJECT' ? style.red : style.dim;
}

export interface ExplainOptions extends ReportOptions {
  /** The name of the machine or interface that has the address. */
  readonly nameOf: (address: string) => string;
}

const COLUMNS: readonly Column[] = [
  { head: 'time' },
  { head: 'interface' },
  { head: 'action' },
  { head: '' },
  { head: 'from', shrinkTo: 12 },
  { head: 'to', shrinkTo: 12 },
  { head: 'traffic' },
  { head: 'packets', align: 'right' },
  { head: 'bytes', align: 'right' },
];

/** Formats the same lines for people: names in place of addresses, and the rule that decided. */
export function explainFlowLines(lines: readonly FlowLine[], options: ExplainOptions): string {
  const { style = PLAIN, width, nameOf } = options;
  const rows = lines.map((line) => rowOf(line, options, style, nameOf));
  return `${notedTable(rows, COLUMNS, 'because', { style, ...(width === undefined ? {} : { width }) })}\n`;
}

function rowOf(line: FlowLine, options: ExplainOptions, style: Style, nameOf: (address: string) => string): NotedRow {
  if (line.status !== 'OK') {
    const why = line.status === 'NODATA' ? 'nothing to or from it' : 'some of its records are not kept';
    const cells = [clock(line.start), line.about.interface, { text: line.status, paint: style.dim }];
    return { cells: [...cells, '', '', '', '', '', ''], note: why };
  }
  const { record } = line;
  const cells = [
    clock(record.start),
    record.interface,
    { text: record.action, paint: paintOf(record.action, style) },
    record.direction === 'ingress' ? 'in' : 'out',
    nameOf(record.pktSrcaddr),
    nameOf(record.pktDstaddr),
    recordTrafficText(record),
    String(record.packets),
    String(record.bytes),
  ];
  return { cells, note: [flowRecordText(record, options.describeRule), ...errorTexts(record)].join('; ') };
}

/** What an ICMP error says: its MTU, and the flow that it is about. */
function errorTexts({ protocol, icmp }: FlowRecord): string[] {
  return icmp?.about == null ? [] : [icmpText(protocol, icmp)];
}

/** Formats `09:12:44` in the host's time zone. */
export function clock(seconds: number): string {
  return new Date(seconds * 1000).toTimeString().slice(0, 8);
}

/** @returns the document of `--json`: every record, and which interfaces have none or lack some */
export function flowLogDocument({ name }: Pick<Cloud, 'name'>, lines: readonly FlowLine[]): object {
  const gaps = (status: 'NODATA' | 'SKIPDATA') =>
    lines.flatMap((line) =>
      line.status === status
        ? [{ interface: line.about.interface, start: Math.floor(line.start), end: Math.floor(line.end) }]
        : [],
    );
  return {
    lab: name,
    records: lines.flatMap((line) => {
      if (line.status !== 'OK') return [];
      return [recordDocument(line.record)];
    }),
    noData: gaps('NODATA'),
    skipData: gaps('SKIPDATA'),
  };
}

function recordDocument(record: FlowRecord): object {
  const { minute: _, interface: name, interfaceId, instanceId, subnetId, vpcId, action, ...others } = record;
  const { start, end, ...rest } = others;
  const times = { start: Math.floor(start), end: Math.floor(end) };
  return { interface: name, interfaceId, instanceId, subnetId, vpcId, action, ...times, ...rest };
}
