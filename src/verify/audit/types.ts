/** What an audit finds, and what packets said about it. Plain data. */

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

/** What packets can show about a finding; `traffic` is what a probe asks for: `tcp/22`, `icmp/5/0`, `47`. */
export type Claim =
  /** A packet gets to its destination, and the rule is what admits it. */
  | {
      readonly type: 'passes';
      readonly groupId: string;
      readonly rule: SecurityGroupRule;
      readonly traffic: string;
      /** The other end must be outside every VPC. */
      readonly outside: boolean;
    }
  /** What the rule admits, the other rule admits already. */
  | {
      readonly type: 'admitted-by';
      readonly groupId: string;
      readonly rule: SecurityGroupRule;
      readonly by: SecurityGroupRule;
      readonly traffic: string;
    }
  /** Of all that the lab's machines can send the rule admits nothing. */
  | {
      readonly type: 'admits-nothing';
      readonly groupId: string;
      readonly rule: SecurityGroupRule;
      readonly traffic: string;
    }
  /** What the rule admits stops at one of the stages all the same. */
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

/** `not-tried`: no packet says anything about it; `unknown` when one was sent and nobody can tell what became of it. */
export type Proof =
  | {
      readonly status: 'proved' | 'refuted';
      readonly reason: string;
      /** The one that says it best. */
      readonly probe: ProbeResult;
      /** How many were sent. */
      readonly sent: number;
    }
  | { readonly status: 'not-tried'; readonly reason: string; readonly unknown: boolean };

export interface Place {
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** A finding as it is reported. */
export interface Audited {
  readonly finding: Finding;
  readonly proof: Proof;
  /** null where the rule comes from no file. */
  readonly place: Place | null;
}

export interface AuditReport {
  /** Name of the scenario or of the lab. */
  readonly subject: string;
  readonly cloud: Cloud;
  readonly probed: boolean;
  /** The most severe one first. */
  readonly audited: readonly Audited[];
}
