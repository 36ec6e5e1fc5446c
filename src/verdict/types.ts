/** What is learned about packets, as reports and programs read it. Plain data: JSON carries it without loss. */

/** What the client felt; for UDP and ICMP `connected` means answered. */
export const OUTCOMES = ['connected', 'refused', 'timed-out', 'unreachable', 'unknown'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What became of one more exchange on a long-lived flow; `reset`: the other side says that there is no such flow. */
export const FLOW_OUTCOMES = ['goes-on', 'stalls', 'reset', 'unknown'] as const;
export type FlowOutcome = (typeof FLOW_OUTCOMES)[number];

/** Who sends in an exchange: one side, whose message must arrive, or a request and its answer. */
export const FLOW_SENDS = ['client', 'server', 'both'] as const;
export type FlowSend = (typeof FLOW_SENDS)[number];

/** What became of a single packet: it was seen on the destination's link, or the kernel reported that it dropped it. */
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

export interface PathEntry {
  stage: Stage;
  leg: Leg;
  verdict: 'pass' | 'drop' | 'refuse';
  /** Id of the rule that decided; null where none did. */
  rule: string | null;
  /** Id of the network interface; null for a place that belongs to none. */
  interface: string | null;
}

export interface ProbeResult {
  from: string;
  to: string;
  protocol: string;
  port: number | null;
  outcome: Outcome;
  /** Where it was stopped and on which leg; null where nothing stopped it. */
  stage: Stage | null;
  leg: Leg | null;
  /** Id of the rule that stopped it; null where nothing did, or nothing but the absence of a rule. */
  rule: string | null;
  path: PathEntry[];
  /** One sentence for people. */
  explanation: string;
  /** Milliseconds. */
  ms: number;
}

/** One exchange on a flow, or one packet. */
export interface TrafficResult<O> {
  outcome: O;
  stage: Stage | null;
  leg: Leg | null;
  rule: string | null;
  explanation: string;
  /** Milliseconds. */
  ms: number;
}

export interface StepResult {
  name: string;
  /** The verb of the step: `probe`, `revoke`, ... */
  kind: string;
  status: 'passed' | 'failed' | 'unknown';
  outcome: string;
  expected: string | null;
  stage: Stage | null;
  leg: Leg | null;
  rule: string | null;
  explanation: string;
  ms: number;
}

export interface RunReport {
  scenario: string;
  description: string | null;
  passed: number;
  failed: number;
  unknown: number;
  steps: StepResult[];
  ms: number;
}

export interface Matrix {
  /** Everything that asked or was asked, in the order of the file. */
  names: string[];
  /** For example `tcp/22`. */
  questions: string[];
  cells: { from: string; to: string; question: string; result: ProbeResult }[];
  ms: number;
}
