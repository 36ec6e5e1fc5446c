/** The findings of an audit, and the proofs for them. Plain data. */

import type { SecurityGroupRule } from '../../cloud/groups/types.js';
import type { Cloud } from '../../cloud/types.js';
import type { ProbeResult, Stage } from '../../verdict/types.js';
import type { FindingKind } from './catalogue.js';

export interface Finding {
  readonly kind: FindingKind;
  readonly groupId: string;
  /** null: the finding is about the group as a whole. */
  readonly rule: SecurityGroupRule | null;
  /** Sentences for people, without a full stop at the end. */
  readonly explanation: string;
  readonly remedy: string;
  readonly claim: Claim;
}

/**
 * A statement about a finding that packets can prove; `traffic` is in a probe's notation: `tcp/22`, `icmp/5/0`, `47`.
 */
export type Claim =
  /** A packet gets to its destination, and this rule admits it. */
  | {
      readonly type: 'passes';
      readonly groupId: string;
      readonly rule: SecurityGroupRule;
      readonly traffic: string;
      /** The peer must be outside every VPC. */
      readonly outside: boolean;
    }
  /** Another rule admits everything that this rule admits. */
  | {
      readonly type: 'admitted-by';
      readonly groupId: string;
      readonly rule: SecurityGroupRule;
      readonly by: SecurityGroupRule;
      readonly traffic: string;
    }
  /** The rule admits nothing that the lab's machines can send. */
  | {
      readonly type: 'admits-nothing';
      readonly groupId: string;
      readonly rule: SecurityGroupRule;
      readonly traffic: string;
    }
  /** Packets that the rule admits are stopped at one of the stages. */
  | {
      readonly type: 'stops-at';
      readonly groupId: string;
      readonly rule: SecurityGroupRule;
      readonly stages: readonly Stage[];
      readonly traffic: string;
    }
  /** Some rule of the group admits something. */
  | { readonly type: 'acts'; readonly groupId: string; readonly traffic: string }
  | { readonly type: 'no-packet'; readonly reason: string };

/** `not-tried`: no packet proves anything about the claim; `unknown`: one was sent, but its outcome is unknown. */
export type Proof =
  | {
      readonly status: 'proved' | 'refuted';
      readonly reason: string;
      /** The most convincing of the probes. */
      readonly probe: ProbeResult;
      /** How many probes were sent. */
      readonly sent: number;
    }
  | { readonly status: 'not-tried'; readonly reason: string; readonly unknown: boolean };

export interface FindingLocation {
  readonly file: string;
  /** Counts from 1. */
  readonly line: number;
}

/** A finding with its proof and location. */
export interface Audited {
  readonly finding: Finding;
  readonly proof: Proof;
  /** null if the rule comes from no file. */
  readonly place: FindingLocation | null;
}

export interface AuditReport {
  /** Name of the scenario or of the lab. */
  readonly subject: string;
  readonly cloud: Cloud;
  readonly probed: boolean;
  /** The most severe one first. */
  readonly audited: readonly Audited[];
}
