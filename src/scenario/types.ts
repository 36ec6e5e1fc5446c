import type { Mutation } from '../changes/mutation.js';
import type { Listener } from '../cloud/instances/types.js';
import type { PacketSpec } from '../cloud/text/packet-spec.js';
import type { ProbeSpec } from '../cloud/text/probe.js';
import type { Cloud } from '../cloud/types.js';
import type { ImportReport } from '../source/import-report.js';
import type { FlowOutcome, FlowSend, Leg, Outcome, PacketOutcome, Stage } from '../verdict/types.js';

/** A file, read and checked: the cloud to build and what to do in it. */
export interface Scenario {
  readonly name: string;
  readonly description: string | null;
  readonly cloud: Cloud;
  readonly steps: readonly Step[];
  /** Lines of the file, from 1, by the ids of what they define: VPCs, security groups and their rules. */
  readonly lines: Readonly<Record<string, number>>;
  /** What was left out and made up when another program's file was read; null for a file of sglab's own. */
  readonly imported: ImportReport | null;
}

export type Step =
  | ProbeStep
  | OpenStep
  | FlowStep
  | EndStep
  | PacketStep
  | MutationStep
  | StartStep
  | ExecStep
  | AdvanceStep
  | WaitStep;

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

/** What a client can be expected to feel: `unknown` is never what one expects. */
export type ExpectedOutcome = Exclude<Outcome, 'unknown'>;

/** null: whatever it is. */
export interface ProbeExpectation {
  readonly outcome: ExpectedOutcome;
  readonly stage: Stage | null;
  readonly leg: Leg | null;
  /** Ids or descriptions of rules of which one decides; none: whichever it is. */
  readonly rules: readonly string[];
}

/** Opens a long-lived flow; it must connect. */
export interface OpenStep extends StepBase {
  readonly type: 'open';
  readonly flow: string;
  readonly probe: ProbeSpec;
  /** `client`: the first packet gets no answer. */
  readonly send: 'client' | 'both';
}

/** One more exchange on an open flow. */
export interface FlowStep extends StepBase {
  readonly type: 'flow';
  readonly flow: string;
  readonly send: FlowSend;
  readonly expect: TrafficExpectation<FlowOutcome>;
}

export interface EndStep extends StepBase {
  readonly type: 'end';
  readonly flow: string;
}

/** Sends one packet that is written byte for byte. */
export interface PacketStep extends StepBase {
  readonly type: 'packet';
  readonly packet: PacketSpec;
  readonly expect: TrafficExpectation<PacketOutcome>;
}

/** null: whatever it is. `unknown` is never what one expects. */
export interface TrafficExpectation<O extends string> {
  readonly outcome: Exclude<O, 'unknown'>;
  readonly stage: Stage | null;
  readonly leg: Leg | null;
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

/** Lets time pass for everything that connection tracking remembers. */
export interface AdvanceStep extends StepBase {
  readonly type: 'advance';
  readonly seconds: number;
}

/** Lets real time pass. */
export interface WaitStep extends StepBase {
  readonly type: 'wait';
  readonly ms: number;
}
