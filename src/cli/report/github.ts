import type { RunReport, StepResult } from '../../verdict/types.js';

/** Workflow commands, by which GitHub shows each result that is not as expected at its line of the file. */
export function githubAnnotations(reports: readonly RunReport[]): string {
  const wrong = reports.flatMap(({ steps }) =>
    steps.filter(({ status }) => status === 'failed' || status === 'unknown'),
  );
  return wrong.map((step) => `${annotation(step)}\n`).join('');
}

function annotation({ file, line, name, expected, outcome, stage, rule, explanation }: StepResult): string {
  const place = file === null ? '' : `file=${property(file)},line=${line},`;
  const wanted = expected === null ? outcome : `expected ${expected}, got ${outcome}`;
  const details = [stage === null ? '' : ` at ${stage}`, rule === null ? '' : ` by ${rule}`].join('');
  return `::error ${place}title=${property(name)}::${data(`${wanted}${details}: ${explanation}`)}`;
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
