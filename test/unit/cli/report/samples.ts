import type { Hop, Matrix, ProbeResult, RunReport, StepResult } from '../../../../src/verdict/types.js';

export const RULE = 'sgr-0f1122334455667a8';
const CARD = 'eni-0a1b2c3d4e5f60718';

export const entry = (fields: Partial<Hop>): Hop => ({
  stage: 'sg-ingress',
  leg: 'request',
  verdict: 'pass',
  rule: null,
  interface: CARD,
  ...fields,
});

export const probe = (fields: Partial<ProbeResult> = {}): ProbeResult => ({
  from: 'office',
  to: 'web-1',
  protocol: 'tcp',
  port: 22,
  outcome: 'connected',
  stage: null,
  leg: null,
  rule: null,
  path: [entry({ rule: RULE }), entry({ stage: 'listener' }), entry({ leg: 'reply' })],
  explanationCode: null,
  explanation: 'A rule of web let it in.',
  ms: 0.41234,
  ...fields,
});

export const denied = probe({
  from: 'stranger',
  outcome: 'timed-out',
  stage: 'sg-ingress',
  leg: 'request',
  path: [entry({ stage: 'route', interface: null }), entry({ verdict: 'drop' })],
  explanationCode: 'ENI_SG_RULES_MISMATCH',
  explanation: 'No rule of web admits tcp/22 from 203.0.113.7.',
});

export const step = (fields: Partial<StepResult> = {}): StepResult => ({
  name: 'office -> web-1 tcp/22',
  kind: 'probe',
  status: 'passed',
  outcome: 'connected',
  expected: 'connected',
  file: 'shop.yaml',
  line: 20,
  step: 1,
  stage: null,
  leg: null,
  rule: RULE,
  explanation: '',
  ms: 0.4,
  ...fields,
});

export const wrong = step({
  name: 'web-1 -> db-1 tcp/3306',
  status: 'failed',
  outcome: 'timed-out',
  stage: 'sg-ingress',
  leg: 'request',
  rule: null,
  explanation: 'No rule of db admits tcp/3306.',
});

export const unclear = step({
  name: 'db-1 -> web-1 udp/53',
  status: 'unknown',
  outcome: 'unknown',
  rule: null,
  explanation: 'Neither an answer nor a drop was seen.',
});

export const run = (steps: StepResult[]): RunReport => ({
  scenario: 'shop',
  description: 'A shop',
  passed: steps.filter(({ status }) => status === 'passed').length,
  failed: steps.filter(({ status }) => status === 'failed').length,
  unknown: steps.filter(({ status }) => status === 'unknown').length,
  notRun: steps.filter(({ status }) => status === 'not-run').length,
  steps: steps.map((each, at) => ({ ...each, step: at + 1 })),
  ms: 214,
});

/** Every machine probes every other; only neighbours to the right are let in. */
export function matrix(size: number, questions: string[]): Matrix {
  const names = Array.from({ length: size }, (_, at) => `web-${at + 1}`);
  const cells = names.flatMap((from, row) =>
    names.flatMap((to, column) =>
      row === column
        ? []
        : questions.map((question) => ({
            from,
            to,
            question,
            result: probe({ from, to, outcome: column === row + 1 ? 'connected' : 'timed-out' }),
          })),
    ),
  );
  return { names, questions, cells, ms: 812 };
}
