import { escapeInvisible } from '../../cloud/text/quote.js';
import type { RunReport, StepResult } from '../../verdict/types.js';

/** The Test Anything Protocol, version 14: a test for each result; what was not run is skipped. */
export function tap(reports: readonly RunReport[]): string {
  const results = reports.flatMap(({ scenario, steps }) => steps.map((step) => ({ scenario, step })));
  const lines = results.flatMap(({ scenario, step }, at) => testLines(scenario, step, at + 1));
  return `${['TAP version 14', `1..${results.length}`, ...lines].map(escapeInvisible).join('\n')}\n`;
}

function testLines(scenario: string, step: StepResult, number: number): string[] {
  const { status, file, line, expected, outcome, stage, rule, explanation } = step;
  const isFine = status === 'passed' || status === 'not-run';
  const head = `${isFine ? 'ok' : 'not ok'} ${number} - ${escaped(`${scenario}: ${step.name}`)}`;
  if (status === 'not-run') return [`${head} # SKIP not run`];
  const place = file === null ? {} : { file, line };
  const facts = isFine ? place : { ...place, status, expected, outcome, stage, rule, explanation };
  // A text of JSON is a text of YAML, too.
  const notes = Object.entries(facts).map(([key, value]) => `  ${key}: ${JSON.stringify(value)}`);
  return notes.length === 0 ? [head] : [head, '  ---', ...notes, '  ...'];
}

/** `#` begins a directive. */
function escaped(text: string): string {
  return text.replace(/[\\#]/g, '\\$&').replaceAll('\n', ' ');
}
