import type { RulesInForce } from '../../observe/rules-in-force.js';
import type { ReportOptions } from './labels.js';
import { PLAIN } from './style.js';
import { notedTable } from './table.js';

/** Lists the rules of one interface, ingress first, each with the number of packets that it admitted. */
export function formatRules({ interface: name, groups, rules }: RulesInForce, options: ReportOptions = {}): string {
  const { style = PLAIN, width } = options;
  const columns = [
    { head: '' },
    { head: 'rule' },
    { head: 'group' },
    { head: 'id' },
    { head: 'admitted', align: 'right' },
  ] as const;
  const sorted = [...rules].sort((a, b) => b.direction.localeCompare(a.direction));
  const rows = sorted.map(({ direction, rule, group, id, packets, description, stale }) => ({
    cells: [
      { text: direction, paint: style.dim },
      { text: rule, paint: style.bold },
      group,
      { text: id, paint: style.dim },
      stale
        ? { text: 'stale', paint: style.yellow }
        : { text: String(packets), paint: packets > 0 ? style.green : style.dim },
    ],
    note: description ?? '',
  }));
  const title = `${style.bold(name)}  ${style.dim(`security groups: ${groups.join(', ')}`)}`;
  return `${title}\n\n${notedTable(rows, columns, 'description', { style, indent: 2, ...(width === undefined ? {} : { width }) })}\n`;
}
