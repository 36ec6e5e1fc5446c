/** What may pass and nothing else, who might ask, and what passes all the same. Plain data but for `End`. */
import type { Direction, Family, SecurityGroupRule } from '../../cloud/groups/types.js';
import type { Listener } from '../../cloud/instances/types.js';
import type { ProbeSpec } from '../../cloud/text/probe.js';

export type RuleTraffic = Pick<SecurityGroupRule, 'protocol' | 'fromPort' | 'toPort'>;

/** Flows in words; `anyone`, a machine, a group or a block stand at its ends, and are looked up in the cloud of that moment. */
export interface FlowPattern {
  readonly from: string;
  readonly to: string;
  readonly traffic: readonly RuleTraffic[];
}

/** Flows that a goal is about, seen from one of its ends. */
export interface Scope extends FlowPattern {
  /** The rules that are answerable for it: `ingress` those of whom it is about to reach, `egress` those of who begins. */
  readonly side: Direction;
}

export interface ClosedWorld {
  readonly scopes: readonly Scope[];
  /** What may pass of all that the scopes hold. */
  readonly only: readonly FlowPattern[];
  /** What any goal of the lesson asks for: a rule for it is not too much, whatever this goal is about. */
  readonly needed: readonly FlowPattern[];
}

/**
 * A machine that the lab does not have, and that anybody might: one on the internet, or one that is launched tomorrow in a
 * subnet, in a subnet that is made for it, or with a group that rules trust.
 */
export type Stranger =
  | { readonly kind: 'outside'; readonly name: string; readonly address: string }
  | {
      readonly kind: 'launched';
      readonly name: string;
      readonly vpcId: string;
      /** The block of the subnet, which is made where it does not exist. */
      readonly subnetCidr: string;
      /** null: any free one. */
      readonly address: string | null;
      readonly groupId: string | null;
    };

/** One end of a question, with all that a pattern can know it by. */
export interface End {
  /** For a probe. */
  readonly word: string;
  /** The instance's id, or the external host's name. */
  readonly machine: string;
  readonly interfaceId: string | null;
  readonly addresses: readonly string[];
  readonly groupIds: readonly string[];
  readonly listen: readonly Listener[];
  /** null: the lab has it. */
  readonly stranger: Stranger | null;
}

/** Traffic that passes and should not. */
export interface Surplus {
  readonly from: End;
  readonly to: End;
  readonly probe: ProbeSpec;
  readonly family: Family;
  readonly side: Direction;
  /** Rules that open it, and the entry of a network ACL that somebody wrote. */
  readonly ruleIds: readonly string[];
  /** The VPC was given IPv6 for it. */
  readonly needsIpv6: boolean;
}
