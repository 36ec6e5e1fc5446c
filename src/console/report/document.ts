/** What a report shows: data, from which the file is made without asking anybody again. */
import type { Cloud } from '../../cloud/types.js';
import type { ClassGrades } from '../../lessons/submissions/grade-submissions.js';
import type { Matrix, RunReport } from '../../verdict/types.js';
import type { Audited } from '../../verify/audit/types.js';

export interface ReportDocument {
  readonly title: string;
  /** ISO 8601. */
  readonly made: string;
  readonly version: string;
  readonly parts: readonly ReportPart[];
}

/** One lab: of a run its steps, of a lab that is up its findings. */
export interface ReportPart {
  readonly lab: string;
  readonly description: string | null;
  readonly cloud: Cloud;
  readonly run: RunReport | null;
  readonly findings: readonly Audited[] | null;
  /** null where there is nothing to ask, or too much. */
  readonly matrix: Matrix | null;
  /** Rules as people recognise them, by id. */
  readonly texts: Readonly<Record<string, string>>;
}

/** What a class handed in. */
export interface ClassDocument extends Omit<ReportDocument, 'parts'> {
  readonly grades: ClassGrades;
}
