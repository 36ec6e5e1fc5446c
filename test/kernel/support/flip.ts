/** Reverses the expectations of a scenario: a run of the copy must fail. */
import { isMap, parseDocument, type YAMLMap } from 'yaml';

/** One expectation of one step, to be flipped. */
export interface Flip {
  /** Counts from 0. */
  readonly step: number;
  readonly key: 'expect' | 'at' | 'rule' | 'output';
}

/** A step as it is in the file. */
export type StepNode = Readonly<Record<string, unknown>>;

/** A rule that no packet ever meets, for expectations that name the wrong one. */
const DECOY = 'a rule that decides nothing';

const STAGES = ['sg-egress', 'route', 'sg-ingress', 'listener'] as const;

/** Steps that send packets of their own and state the expected outcome. */
const SENDING = ['probe', 'flow', 'packet'];

export function readSteps(text: string): StepNode[] {
  const { steps } = parseDocument(text).toJS() as { steps: StepNode[] };
  return steps;
}

/** A step's expectations that can be flipped: none for a step that only changes the lab. */
export function flipsOf(step: StepNode, at: number): Flip[] {
  // Several probes of one step have a result each once they fail.
  if (/[*,]/.test(String(step.probe))) return [];
  const sends = SENDING.some((verb) => verb in step);
  const keys = sends ? (['expect', 'at', 'rule'] as const) : (['expect', 'output'] as const);
  const expectations = sends ? step : 'exec' in step ? { expect: 'ok', ...(step.exec as object) } : {};
  return keys.filter((key) => key in expectations).map((key) => ({ step: at, key }));
}

/** The scenario's text with these expectations flipped, and nothing else changed. */
export function flipped(text: string, flips: readonly Flip[]): string {
  const document = parseDocument(text);
  for (const { step, key } of flips) {
    const node = document.getIn(['steps', step]);
    if (!isMap(node)) throw new Error(`step ${step} is no mapping`);
    const exec = node.get('exec');
    if (isMap(exec)) flipExec(exec, key);
    else flipProbe(node, key);
  }
  const vpcs = document.get('vpcs');
  const [vpc] = isMap(vpcs) ? vpcs.items.map((pair) => String(pair.key)) : [];
  const ingress = [{ protocol: 'all', from: '192.0.2.1/32', description: DECOY }];
  document.setIn(['securityGroups', 'decoy'], { vpc, ingress });
  return document.toString();
}

function oppositeOf(step: YAMLMap): string | undefined {
  const [good, bad] = step.has('flow')
    ? ['goes-on', 'stalls']
    : step.has('packet')
      ? ['delivered', 'dropped']
      : ['connected', 'timed-out'];
  return step.get('expect') === good ? bad : good;
}

function flipProbe(step: YAMLMap, key: Flip['key']): void {
  switch (key) {
    case 'expect':
      step.set('expect', oppositeOf(step));
      // A stage or a rule of the old outcome would contradict the new one.
      for (const other of ['at', 'leg', 'rule']) step.delete(other);
      break;
    case 'at':
      step.set(
        'at',
        STAGES.find((stage) => stage !== step.get('at')),
      );
      break;
    default:
      step.set(key, DECOY);
  }
}

function flipExec(exec: YAMLMap, key: Flip['key']): void {
  if (key === 'expect') exec.set('expect', exec.get('expect') === 'fail' ? 'ok' : 'fail');
  else exec.set(key, 'words that no program writes');
}
