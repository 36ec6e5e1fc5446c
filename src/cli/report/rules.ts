import type { RulesInForce } from '../../observe/rules-in-force.js';
import type { ReportOptions } from './labels.js';
import { PLAIN } from './style.js';
import { type Cell, table } from './table.js';

/** Lists the rules of one interface, ingress first, each with the number of packets that it admitted. */
export function formatRules({ interface: name, groups, rules }: RulesInForce, options: ReportOptions = {}): string {
  const { style = PLAIN, width } = options;
  const heads = ['', 'rule', 'group', 'id', 'admitted', 'description'];
  const sorted = [...rules].sort((a, b) => b.direction.localeCompare(a.direction));
  const rows: Cell[][] = [
    heads.map((text) => ({ text, paint: style.dim })),
    ...sorted.map(({ direction, rule, group, id, packets, description, stale }): Cell[] => [
      { text: direction, paint: style.dim },
      { text: rule, paint: style.bold },
      group,
      { text: id, paint: style.dim },
      stale
        ? { text: 'stale', paint: style.yellow }
        : { text: String(packets), paint: packets > 0 ? style.green : style.dim },
      description ?? '',
    ]),
  ];
  const columns = [{}, {}, {}, {}, { align: 'right' }, { shrinkTo: 12 }] as const;
  const title = `${style.bold(name)}  ${style.dim(`security groups: ${groups.join(', ')}`)}`;
  return `${title}\n\n${table(rows, columns, { style, indent: 2, ...(width === undefined ? {} : { width }) })}\n`;
}
