import { type ImportReport, unsupportedLine } from '../exchange/report.js';
import { note } from './output.js';

/** Says on stderr what reading another program's file left out and made up. */
export function noteImport(report: ImportReport | null): void {
  for (const item of report?.unsupported ?? []) note(`not supported: ${unsupportedLine(item)}`);
  for (const sentence of report?.assumed ?? []) note(`assumed: ${sentence}`);
}
