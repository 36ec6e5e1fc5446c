/** The documents of `--json`. Their keys are a contract with programs: none is renamed or removed. */
import { escapeInvisible } from '../../cloud/text/quote.js';
import type { Matrix, ProbeResult, RunReport } from '../../verdict/types.js';

export function runDocument({ scenario, passed, failed, unknown, notRun, steps }: RunReport) {
  return {
    scenario,
    passed,
    failed,
    unknown,
    notRun,
    steps: steps.map(({ name, status, outcome, expected, stage, rule, explanation, file, line, step, ms }) => ({
      name,
      status,
      outcome,
      expected,
      stage,
      rule,
      explanation,
      file,
      line,
      step,
      ms: rounded(ms),
    })),
  };
}

export function probeDocument(result: ProbeResult) {
  const { from, to, protocol, port, outcome, stage, leg, rule, explanationCode, path, ms } = result;
  return {
    from,
    to,
    protocol,
    port,
    outcome,
    stage,
    leg,
    rule,
    explanationCode,
    path: path.map((entry) => ({
      stage: entry.stage,
      leg: entry.leg,
      verdict: entry.verdict,
      rule: entry.rule,
      interface: entry.interface,
    })),
    ms: rounded(ms),
  };
}

export function matrixDocument({ names, questions, cells, ms }: Matrix) {
  return {
    names,
    questions,
    cells: cells.map(({ from, to, question, result }) => ({
      from,
      to,
      question,
      outcome: result.outcome,
      stage: result.stage,
      leg: result.leg,
      rule: result.rule,
      explanation: result.explanation,
      ms: rounded(result.ms),
    })),
    ms: rounded(ms),
  };
}

/** Renders one document on its own, with a newline at the end. */
export function toJson(document: unknown): string {
  return `${escapeInvisible(JSON.stringify(document, null, 2))}\n`;
}

/** Times are measured no finer than to the microsecond. */
function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
