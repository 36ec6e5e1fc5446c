/** Judges what a packet's fate means for a goal: cause and sentence. Pure. */
import { type ProbeSpec, probeTrafficText } from '../cloud/text/probe.js';
import type { ProbeExpectation } from '../scenario/steps/probe-outcome.js';
import type { DescribeRule } from '../verdict/describe-rule.js';
import { outcomeText } from '../verdict/phrases.js';
import type { ProbeResult } from '../verdict/types.js';
import type { Answer } from '../verify/opinion.js';
import type { Cause, Check, Status } from './types.js';

export type Judgement = Pick<Check, 'status' | 'cause' | 'says'>;

/** Outcomes by which a packet was in: somebody, or the machine itself, answered. */
const ARRIVED: ReadonlySet<string> = new Set(['connected', 'refused']);

/** The rules that a judgement speaks of. */
interface Rules {
  /** The one that let the request in, as `admittingRule` finds it; null where none did. */
  readonly admitted: string | null;
  readonly describeRule: DescribeRule;
}

export function judgeProbe(
  spec: ProbeSpec,
  kernel: ProbeResult,
  expect: ProbeExpectation,
  { admitted, describeRule }: Rules,
): Judgement {
  const who = { spec, kernel, by: admitted === null ? '' : `, admitted by ${describeRule(admitted)}` };
  if (kernel.outcome === 'unknown') return { status: 'unknown', cause: null, says: kernel.explanation };
  if (isExpected(kernel, expect)) return { status: 'passed', cause: null, says: fulfilled(who) };
  const cause = causeOf(kernel, expect);
  return { status: 'failed', cause, says: missed(who, cause, describeRule) };
}

interface Who {
  readonly spec: ProbeSpec;
  readonly kernel: ProbeResult;
  /** `, admitted by sgr-… (web: tcp/22 from 0.0.0.0/0)`, or nothing. */
  readonly by: string;
}

/** A step may ask for the place, too; who merely wants it shut does not care how. */
function isExpected(kernel: ProbeResult, { outcome, stage, leg }: ProbeExpectation): boolean {
  const isShut = outcome === 'timed-out' && stage === null && !ARRIVED.has(kernel.outcome);
  return (
    (kernel.outcome === outcome || isShut) &&
    (stage === null || kernel.stage === stage) &&
    (leg === null || kernel.leg === leg)
  );
}

function causeOf({ outcome }: ProbeResult, expect: ProbeExpectation): Cause {
  if (!ARRIVED.has(expect.outcome)) return ARRIVED.has(outcome) ? 'too-open' : 'closed';
  return ARRIVED.has(outcome) ? 'server' : 'closed';
}

function fulfilled({ spec, kernel, by }: Who): string {
  const { from, to } = spec;
  const traffic = probeTrafficText(spec);
  if (kernel.outcome === 'connected') return `${from} reaches ${traffic} of ${to}${by}`;
  if (kernel.outcome === 'refused') return `${from} is let in to ${to}, where nothing listens on ${traffic}${by}`;
  return `${from} does not reach ${traffic} of ${to}: ${kernel.explanation}`;
}

function missed({ spec, kernel, by }: Who, cause: Cause, describeRule: DescribeRule): string {
  const { from, to } = spec;
  const traffic = probeTrafficText(spec);
  const stopped =
    kernel.rule === null || kernel.explanation.includes(kernel.rule) ? '' : ` (${describeRule(kernel.rule)})`;
  switch (cause) {
    case 'too-open': {
      const idle = kernel.outcome === 'refused' ? ', although nothing listens there today' : '';
      return `${from} reaches ${traffic} of ${to}${idle}${by}`;
    }
    case 'server':
      return kernel.outcome === 'refused'
        ? `${from}'s packet comes in, but nothing listens on ${traffic} of ${to}${by}`
        : `something answers on ${traffic} of ${to}, where nothing should listen`;
    default:
      return `${from} does not reach ${traffic} of ${to}: ${kernel.explanation}${stopped}`;
  }
}

/** A disagreement of kernel and model: nobody is graded by either. */
export function disputed(model: Answer, kernel: Answer): Judgement {
  const text = ({ outcome, stage }: Answer) => outcomeText({ outcome, stage, leg: null });
  const says = `the kernel says ${text(kernel)}, and the model says ${text(model)}: this cannot be graded`;
  return { status: 'unknown', cause: null, says };
}

/** The first failure decides; without one, what could not be told. */
export function statusOf(parts: readonly { readonly status: Status | 'untried' }[]): Status {
  if (parts.some(({ status }) => status === 'failed')) return 'failed';
  return parts.some(({ status }) => status === 'unknown') ? 'unknown' : 'passed';
}
