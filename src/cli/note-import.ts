import { groupBy } from '../import/group-by.js';
import { type ImportReport, type Unsupported, unsupportedLine } from '../source/import-report.js';
import { note } from './output.js';

/** Of one attribute that many resources have, so many are shown. */
const MAX_SHOWN = 3;

/** Says on stderr what reading another program's file left out and made up. */
export function noteImport(report: ImportReport | null): void {
  const alike = groupBy(report?.unsupported ?? [], likeness);
  for (const items of alike.values()) {
    const shown = items.length > MAX_SHOWN + 1 ? items.slice(0, MAX_SHOWN) : items;
    for (const item of shown) note(`not supported: ${unsupportedLine(item)}`);
    const left = items.length - shown.length;
    if (left > 0) note(`not supported: … ${left} more have ${items[0]?.attribute}; \`sglab import --json\` lists each`);
  }
  for (const sentence of report?.assumed ?? []) note(`assumed: ${sentence}`);
}

/** Equal for those of which a few stand for all. */
function likeness({ file, line, column, resource, attribute, reason }: Unsupported): string {
  return JSON.stringify(attribute === null ? [file, line, column, resource, reason] : [file, attribute, reason]);
}
