import type { Connection, Connections } from '../../observe/connections.js';
import type { ReportOptions } from './labels.js';
import { PLAIN } from './style.js';
import { type Column, notedTable } from './table.js';

/** Lists the connections that a card tracks, one a line. */
export function formatConnections(
  {
    interface: name,
    connections,
    conntrack_allowance_available: available,
    conntrack_allowance_exceeded: exceeded,
  }: Connections,
  options: ReportOptions = {},
): string {
  const { style = PLAIN, width, describeRule = (id: string) => id } = options;
  const title = style.bold(name);
  const allowance = allowanceText(available, exceeded);
  if (connections.length === 0) return `${title}  ${style.dim(`no connections${allowance}`)}\n`;
  // Who speaks to whom, and whether a change of rules ends it, come first; then by which rule, and why.
  const columns = ['from', 'to', 'protocol', 'kept', 'left', 'state'].map((head): Column => ({ head }));
  const rows = connections.map((connection) => ({
    cells: [
      end(connection.original.source, connection.original.sourcePort),
      end(connection.original.destination, connection.original.destinationPort),
      connection.protocol,
      { text: connection.tracked ? 'tracked' : 'untracked', paint: connection.tracked ? style.green : style.yellow },
      `${connection.secondsLeft} s`,
      connection.state ?? (connection.unreplied ? 'unanswered' : 'answered'),
    ],
    note: `${admittedBy(connection, describeRule)}: ${connection.why}`,
  }));
  const text = notedTable(rows, columns, 'admitted by: why', {
    style,
    indent: 2,
    ...(width === undefined ? {} : { width }),
  });
  return `${title}${style.dim(allowance)}\n\n${text}\n`;
}

function allowanceText(available: number | null, exceeded: number): string {
  if (available === null) return '';
  return `  room for ${available} more, ${exceeded} ${exceeded === 1 ? 'packet' : 'packets'} dropped for want of it`;
}

function end(address: string, port: number | null): string {
  if (port === null) return address;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

function admittedBy({ rule, mark }: Connection, describeRule: (id: string) => string): string {
  if (rule !== null) return describeRule(rule);
  return mark === 0 ? 'no rule needed' : 'a rule that no longer exists';
}
