import { listenerText, servedBy } from '../../cloud/instances/listener.js';
import type { Listener } from '../../cloud/instances/types.js';
import { byId } from '../../cloud/lookup.js';
import type { Cloud } from '../../cloud/types.js';
import type { Drift } from '../../lab/drift.js';
import { diagramOf } from '../../picture/diagram.js';
import { FOLD_AUTO } from '../../picture/machines.js';
import { assumedLines, assumptionsOf } from './assumed.js';
import { formatDiagram } from './diagram.js';
import type { ReportOptions } from './labels.js';
import { PLAIN, type Style } from './style.js';
import { type Cell, table } from './table.js';
import { displayWidth, wrap } from './width.js';

export interface StatusToShow {
  readonly lab: string;
  readonly pid: number;
  readonly file: string | null;
  readonly endpoint: string;
  readonly cloud: Cloud;
  /** What somebody else has changed in the kernel. */
  readonly drift: readonly Drift[];
}

/** Draws a lab and lists its machines, one interface a line. */
export function formatStatus(
  { lab, pid, file, endpoint, cloud, drift }: StatusToShow,
  options: ReportOptions = {},
): string {
  const { style = PLAIN, width } = options;
  const heads = ['machine', 'subnet', 'private', 'public', 'security groups', 'listens on'];
  const rows: Cell[][] = [
    heads.map((text) => ({ text, paint: style.dim })),
    ...Object.values(cloud.instances).flatMap((instance) =>
      instance.interfaceIds.map((id, at) => {
        const eni = byId(cloud.networkInterfaces, id);
        return [
          { text: at === 0 ? instance.name : `  eth${eni.deviceIndex}`, paint: style.bold },
          byId(cloud.subnets, eni.subnetId).name,
          [...eni.privateIpAddresses, ...eni.ipv6Addresses].join(' '),
          eni.publicIp ?? '',
          eni.groupIds.map((group) => byId(cloud.securityGroups, group).name).join(', '),
          at === 0 ? listens(servedBy(instance)) : '',
        ];
      }),
    ),
    ...Object.values(cloud.externalHosts).map((host) => [
      { text: host.name, paint: style.bold },
      'internet',
      '',
      host.addresses.join(' '),
      '',
      listens(host.listen),
    ]),
  ];
  const facts = `process ${pid}${file === null ? '' : `, from ${file}`}, EC2 API ${endpoint}`;
  // A line of its own for what stands beside the name, where the terminal is too narrow for both.
  const fits = width === undefined || displayWidth(lab) + 2 + displayWidth(facts) <= width;
  const beside = fits ? [facts] : wrap(facts, width - 2);
  const title = `${style.bold(lab)}${fits ? '' : '\n'}${beside.map((line) => `  ${style.dim(line)}`).join('\n')}`;
  const columns = heads.map(() => ({ shrinkTo: 8 }));
  const picture = formatDiagram(diagramOf(cloud, FOLD_AUTO), options);
  return `${title}\n\n${picture}\n${table(rows, columns, { style, indent: 2, ...(width === undefined ? {} : { width }) })}\n${assumedText(cloud, options)}${driftText(drift, style)}`;
}

function assumedText(cloud: Cloud, { style = PLAIN, width }: ReportOptions): string {
  const lines = assumedLines(assumptionsOf(cloud), style, width);
  return lines.length === 0 ? '' : `\n${lines.join('\n')}\n`;
}

function driftText(drift: readonly Drift[], style: Style): string {
  if (drift.length === 0) return '';
  const head = style.red('Somebody else has changed this lab in the kernel; `sglab repair` takes it back:');
  return `\n${head}\n${formatDrift(drift)}`;
}

/** A line for each difference. */
export function formatDrift(drift: readonly Drift[]): string {
  return drift
    .flatMap(({ namespace, differences }) => differences.map((difference) => `  ${namespace}: ${difference}\n`))
    .join('');
}

function listens(listeners: readonly Listener[]): string {
  return listeners.map(listenerText).join(' ');
}
