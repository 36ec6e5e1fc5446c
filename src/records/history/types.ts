/** The history of a lab. Plain data: one entry is one line of its file. */
import type { Stopped } from '../../verdict/types.js';

/** The caller of a change, and the request. */
export interface Origin {
  /** `sglab` for its own commands, the access key id for a client of the EC2 API. */
  readonly caller: string;
  /** `AuthorizeSecurityGroupIngress`, or the change in words: `authorize web: tcp/22 from 0.0.0.0/0`. */
  readonly action: string;
  readonly requestId: string;
}

/** One record before and after a change: only the members that differ, and of their lists only the elements that do. */
export interface RecordChange {
  /** The member of the cloud that holds it: `securityGroups`. */
  readonly kind: string;
  readonly id: string;
  /** Null before it was made, and after it was deleted. */
  readonly before: unknown;
  readonly after: unknown;
  /** The difference in words, one line for each: `+ web: tcp/22 from 0.0.0.0/0`. */
  readonly words: readonly string[];
}

export interface ChangeEntry extends Origin {
  readonly type: 'change';
  /** The changes are counted from 1, in the order in which they came into force. */
  readonly number: number;
  /** ISO 8601. */
  readonly time: string;
  readonly changes: readonly RecordChange[];
}

/** Whether a flow passed, and where it was dropped. */
export interface FlowVerdict extends Stopped {
  readonly verdict: 'passed' | 'dropped';
  /** Ids of the rules that let it pass, or of the network ACL's entry that dropped it. */
  readonly rules: readonly string[];
}

/** A flow was seen again after changes, and something else became of it than before them. */
export interface VerdictEntry {
  readonly type: 'verdict';
  readonly time: string;
  /** One of them is the reason: those that changed a rule that decided before or after, else all since it was seen before. */
  readonly changes: readonly number[];
  /** Names of machines, or addresses. */
  readonly from: string;
  readonly to: string;
  /** `tcp/22`, `icmp`. */
  readonly traffic: string;
  readonly before: FlowVerdict;
  readonly after: FlowVerdict;
}

/** Somebody else has changed what the lab wrote into the kernel, and it was found, or taken back. */
export interface DriftEntry {
  readonly type: 'drift';
  readonly time: string;
  readonly isMended: boolean;
  readonly places: readonly { readonly namespace: string; readonly differences: readonly string[] }[];
}

export type HistoryEntry = ChangeEntry | VerdictEntry | DriftEntry;
