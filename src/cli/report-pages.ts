import { servedTraffic } from '../cloud/instances/listener.js';
import { machineNames } from '../cloud/text/endpoint.js';
import type { Cloud } from '../cloud/types.js';
import type { ReportPart } from '../console/report/document.js';
import { call, chooseLab } from '../controller/client.js';
import { probeMatrix } from '../controller/matrix.js';
import type { Lab } from '../lab/lab.js';
import type { DescribeRule } from '../verdict/describe-rule.js';
import type { Matrix, RunReport } from '../verdict/types.js';
import { readyHost } from './host.js';
import { onInterrupt, print, progress, reportInterrupt, unlessInterrupted, writeOutput } from './output.js';
import { MAX_MACHINES, partOfRun, renderHtml } from './report/html.js';
import { auditLab } from './run-audit.js';

/** All machines, and everything that listens. */
const EVERYTHING = { machines: null, questions: null } as const;

/** The page of one run: it looks at the lab after the last step, and is told the report of them. */
export class RunPage {
  readonly #signal: AbortSignal;
  #seen: { readonly cloud: Cloud; readonly matrix: Matrix | null } | null = null;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  async see(live: Lab): Promise<void> {
    const { cloud } = live;
    const work = { signal: this.#signal, onProgress: () => {} };
    this.#seen = { cloud, matrix: isShown(cloud) ? await probeMatrix(live, EVERYTHING, work) : null };
  }

  part(report: RunReport, describeRule: DescribeRule): ReportPart {
    if (this.#seen === null) throw new Error('the page has not seen the lab');
    return partOfRun({ ...this.#seen, report, describeRule });
  }
}

export async function writePage(file: string, parts: readonly ReportPart[]): Promise<void> {
  await writeOutput(file, await renderHtml(parts.map(({ lab }) => lab).join(', '), parts));
}

function isShown(cloud: Cloud): boolean {
  return servedTraffic(cloud).length > 0 && machineNames(cloud).length <= MAX_MACHINES;
}

/** What a lab is: its picture, what is wrong with its rules, proved by packets, and who reaches whom. */
export async function report(word: string | undefined, { output, json }: ReportOptions): Promise<void> {
  await readyHost();
  const lab = chooseLab(word);
  const stop = onInterrupt();
  const part = await unlessInterrupted(stop, partOfLab(lab, stop));
  if (part === null) return reportInterrupt();
  await writePage(output, [part]);
  await print(
    json ?? false,
    () => ({ lab, file: output, findings: part.findings?.length ?? 0 }),
    () => `${output}: ${lab}, ${part.findings?.length ?? 0} findings\n`,
  );
}

export interface ReportOptions {
  readonly output: string;
  readonly json?: boolean;
}

async function partOfLab(lab: string, signal: AbortSignal): Promise<ReportPart> {
  const { cloud, audited } = await auditLab(lab, true, { signal, onProgress: progress });
  const matrix = isShown(cloud) ? await call(lab, 'matrix', EVERYTHING, signal) : null;
  return { lab, description: null, cloud, run: null, findings: audited, matrix, texts: {} };
}
