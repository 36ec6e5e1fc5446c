/** `--html` and `sglab report`: a page that needs no server, made of the console's components. */
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Cloud } from '../../cloud/types.js';
import type { ClassDocument, ReportDocument, ReportPart } from '../../console/report/document.js';
import { EXIT, SglabError } from '../../errors.js';
import type { ClassGrades } from '../../lessons/submissions/grade-submissions.js';
import { PACKAGE_ROOT } from '../../source/package-root.js';
import type { DescribeRule } from '../../verdict/describe-rule.js';
import type { Matrix, RunReport } from '../../verdict/types.js';
import { VERSION } from '../version.js';

/** A matrix of more machines than this is no page that anybody reads. */
export const MAX_MACHINES = 100;

/** Vite builds it of src/console/report, beside the page. */
const RENDERER = path.join(PACKAGE_ROOT, 'dist/console/report/render.js');

/** What it renders, as src/console/report/render.tsx exports it. */
interface Renderer {
  readonly renderReport: (document: ReportDocument) => string;
  readonly renderClass: (document: ClassDocument) => string;
}

/** @throws SglabError where the renderer is not built */
export async function renderHtml(title: string, parts: readonly ReportPart[]): Promise<string> {
  return (await renderer()).renderReport({ ...headOf(title), parts });
}

/** @throws SglabError where the renderer is not built */
export async function renderClass(title: string, grades: ClassGrades): Promise<string> {
  return (await renderer()).renderClass({ ...headOf(title), grades });
}

function headOf(title: string) {
  return { title, made: new Date().toISOString(), version: VERSION };
}

async function renderer(): Promise<Renderer> {
  if (!fs.existsSync(RENDERER)) {
    throw new SglabError('NoPage', 'what writes HTML is not built', {
      exitCode: EXIT.hostCannot,
      hint: 'start sglab by scripts/sglab, which builds it when it is first asked for',
    });
  }
  return (await import(pathToFileURL(RENDERER).href)) as Renderer;
}

interface Ran {
  readonly cloud: Cloud;
  readonly report: RunReport;
  readonly matrix: Matrix | null;
  readonly describeRule: DescribeRule;
}

export function partOfRun({ cloud, report, matrix, describeRule }: Ran): ReportPart {
  const ids = report.steps.flatMap(({ path: hops = [] }) => hops.flatMap(({ rule }) => rule ?? []));
  return {
    lab: report.scenario,
    description: report.description,
    cloud,
    run: report,
    findings: null,
    matrix,
    texts: Object.fromEntries([...new Set(ids)].map((id) => [id, describeRule(id)])),
  };
}
