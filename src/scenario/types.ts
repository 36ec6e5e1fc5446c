import type { Mutation } from '../cloud/mutation.js';
import type { Cloud, Family, Listener } from '../cloud/types.js';

/** A file, read and checked: the cloud to build and what to do in it. */
export interface Scenario {
  readonly name: string;
  readonly description: string | null;
  readonly cloud: Cloud;
  readonly steps: readonly Step[];
}

export type Step = ProbeStep | MutationStep | StartStep | ExecStep;

interface StepBase {
  /** As the file says, or else what the step does. */
  readonly name: string;
  /** Where the step begins in the file, from 1. */
  readonly line: number;
}

/** Sends packets and compares what happened. */
export interface ProbeStep extends StepBase {
  readonly type: 'probe';
  readonly probe: ProbeSpec;
  readonly expect: ProbeExpectation;
}

/** One question in words; `resolveProbe` looks them up in the cloud of that moment. */
export interface ProbeSpec {
  /** A machine, `web-1.eth1`, `web-1.public`, an id or an address. */
  readonly from: string;
  readonly to: string;
  /** `tcp`, `udp`, `icmp`, `icmpv6`, or another protocol number in decimal. */
  readonly protocol: string;
  /** Destination port of tcp and udp, else null. */
  readonly port: number | null;
  /** Type and code of icmp and icmpv6, else null. */
  readonly icmpType: number | null;
  readonly icmpCode: number | null;
  /** null: as the two ends suggest. */
  readonly family: Family | null;
}

/** What the client is expected to feel. */
export const OUTCOMES = ['connected', 'refused', 'timed-out', 'unreachable'] as const;
export type ExpectedOutcome = (typeof OUTCOMES)[number];

/** Where a packet can stop, in the order of the path. */
export const STAGES = [
  'sg-egress',
  'source-dest-check',
  'nacl-outbound',
  'route',
  'nacl-inbound',
  'sg-ingress',
  'listener',
] as const;
export type Stage = (typeof STAGES)[number];

export const LEGS = ['request', 'reply'] as const;
export type Leg = (typeof LEGS)[number];

/** null: whatever it is. */
export interface ProbeExpectation {
  readonly outcome: ExpectedOutcome;
  readonly stage: Stage | null;
  readonly leg: Leg | null;
  /** A rule's id or description. */
  readonly rule: string | null;
}

/** Changes the lab; `applyMutation` says how the cloud changes. */
export interface MutationStep extends StepBase {
  readonly type: 'mutate';
  readonly mutation: Mutation;
}

/** Starts a server process in a machine; it runs until the lab goes down. */
export interface StartStep extends StepBase {
  readonly type: 'start';
  readonly on: string;
  readonly argv: readonly string[];
  /** The step is over when this accepts, or at once if null. */
  readonly ready: Listener | null;
  readonly withinMs: number;
}

/** Runs a command in a machine to its end. */
export interface ExecStep extends StepBase {
  readonly type: 'exec';
  readonly on: string;
  readonly argv: readonly string[];
  /** `ok`: exit code 0. */
  readonly expect: 'ok' | 'fail';
  /** What standard output and error together must contain. */
  readonly output: string | null;
  readonly withinMs: number;
}
