/**
 * The product's vocabulary for what becomes of packets. Plain data, so that JSON carries it without loss. The kernel's reports, the
 * oracle, explanations, histories, captures, flow logs and reports share these types, and each says in its own folder what it adds.
 */

/** The outcome that the client observed; for UDP and ICMP `connected` means answered. */
export const OUTCOMES = ['connected', 'refused', 'timed-out', 'unreachable', 'unknown'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** The outcome of one more exchange on a long-lived flow; `reset`: the other side says that there is no such flow. */
export const FLOW_OUTCOMES = ['goes-on', 'stalls', 'reset', 'unknown'] as const;
export type FlowOutcome = (typeof FLOW_OUTCOMES)[number];

/** The side that sends in an exchange, whose message must arrive; `both`: a request and its answer. */
export const FLOW_SENDS = ['client', 'server', 'both'] as const;
export type FlowSend = (typeof FLOW_SENDS)[number];

/** The outcome of a single packet: it was seen on the destination's link, or the kernel reported that it dropped it. */
export const PACKET_OUTCOMES = ['delivered', 'dropped', 'unknown'] as const;
export type PacketOutcome = (typeof PACKET_OUTCOMES)[number];

/** A place where a packet can stop, in path order; a reply passes the same stages in reverse. */
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

export type Verdict = 'pass' | 'drop' | 'refuse';

/** One place's decision about one packet. As it stands here it is an element of a probe's `path`. */
export interface Hop {
  readonly stage: Stage;
  readonly leg: Leg;
  readonly verdict: Verdict;
  /** Id of the rule, or of the network ACL's entry, that decided; null where none did. */
  readonly rule: string | null;
  /** Id of the network interface; null for a place that belongs to none. */
  readonly interface: string | null;
}

/** Why a place dropped a packet, where its stage alone does not say it. `allowance`: of tracked connections. */
export const DROP_CAUSES = [
  'no-route',
  'no-public-address',
  'no-interface',
  'blackhole',
  'peering-not-active',
  'not-transitive',
  'egress-only',
  'not-begun-inside',
  'fragment',
  'untranslatable',
  'spoofed',
  'private-address',
  'endpoint-protocol',
  'hairpin',
  'allowance',
] as const;
export type DropCause = (typeof DROP_CAUSES)[number];

/** A hop as those know it who see the packet itself. Which leg it is of, one packet does not tell. */
export interface PacketHop extends Omit<Hop, 'leg'> {
  /** Null for a pass, and where the stage says it all. */
  readonly cause: DropCause | null;
  readonly packet: { readonly source: string; readonly destination: string };
}

/** Where a packet was stopped; both null where nothing stopped it. */
export interface Stopped {
  readonly stage: Stage | null;
  readonly leg: Leg | null;
}

export interface ProbeResult extends Stopped {
  readonly from: string;
  readonly to: string;
  readonly protocol: string;
  readonly port: number | null;
  readonly outcome: Outcome;
  /** Id of the rule that stopped it; null where nothing did, or nothing but the absence of a rule. */
  readonly rule: string | null;
  /** AWS's code for the place and cause that stopped it (Reachability Analyzer); null where it has none. */
  readonly explanationCode: string | null;
  readonly path: readonly Hop[];
  /** One sentence for people. */
  readonly explanation: string;
  /** Milliseconds. */
  readonly ms: number;
}

/** The result of one exchange on a flow, or of one packet. */
export interface TrafficResult<O> extends Stopped {
  readonly outcome: O;
  readonly rule: string | null;
  readonly explanation: string;
  /** Milliseconds. */
  readonly ms: number;
}

export type StepStatus = 'passed' | 'failed' | 'unknown';

export interface StepResult extends TrafficResult<string> {
  readonly name: string;
  /** The verb of the step: `probe`, `revoke`, ... */
  readonly kind: string;
  /** `not-run`: somebody stopped the run before. */
  readonly status: StepStatus | 'not-run';
  readonly expected: string | null;
  /** The file and line where it says what is expected; null where it comes from no file. */
  readonly file: string | null;
  readonly line: number;
  /** The number of its step in the run, from 1; what several probes of one step came to has the same. */
  readonly step: number;
  /** Of a probe. */
  readonly path?: readonly Hop[];
}

export interface RunReport {
  readonly scenario: string;
  readonly description: string | null;
  readonly passed: number;
  readonly failed: number;
  readonly unknown: number;
  /** More than none only where somebody stopped the run. */
  readonly notRun: number;
  readonly steps: readonly StepResult[];
  readonly ms: number;
}

export interface Matrix {
  /** Every machine that asked or was asked, in the order of the file. */
  readonly names: readonly string[];
  /** For example `tcp/22`. */
  readonly questions: readonly string[];
  readonly cells: readonly MatrixCell[];
  readonly ms: number;
}

export interface MatrixCell {
  readonly from: string;
  readonly to: string;
  readonly question: string;
  readonly result: ProbeResult;
}
