/** What `sglab explain` says of one probe. Plain data: it crosses the controller's socket and is the document of `--json`. */

import type { Mutation } from '../../changes/verbs.js';
import type { Connection } from '../../observe/connections.js';
import type { PacketReport } from '../../observe/packet-report.js';
import type { Leg, Outcome, PathEntry, Stage } from '../../verdict/types.js';
import type { Aspect } from '../compare.js';

export type Verdict = PathEntry['verdict'];

export interface Explanation {
  readonly lab: string;
  /** `office -> web-1 tcp/22` */
  readonly probe: string;
  /** As the sender's own packet has them. */
  readonly source: string;
  readonly destination: string;
  readonly agreement: Agreement;
  readonly model: ModelAnswer | null;
  readonly kernel: KernelAnswer;
  /** In path order, the request first. */
  readonly stages: readonly StageView[];
  /** What would make it pass; null where it passes, or the model has no answer. By the model, like `toStop`. */
  readonly toPass: Remedy | null;
  /** Each alone stops it, the one of the fewest changes first; empty where it does not pass. */
  readonly toStop: readonly Remedy[];
}

export interface Agreement {
  readonly verdict: 'agree' | 'differ' | 'unknown';
  /** What they disagree about. */
  readonly differsIn: Aspect | null;
  /** Why it cannot be told, or what the model had to be told; null where there is nothing to say. */
  readonly note: string | null;
}

export interface ModelAnswer {
  readonly outcome: Outcome;
  readonly stage: Stage | null;
  readonly leg: Leg | null;
}

export interface KernelAnswer extends ModelAnswer {
  readonly rule: string | null;
  readonly explanation: string;
  /** Milliseconds. */
  readonly ms: number;
}

export interface StageView {
  readonly leg: Leg;
  readonly stage: Stage;
  /** `web-1.eth0`, `subnet public`, `route table shop.public`; empty for a gateway. */
  readonly where: string;
  /** Null: it says nothing of this stage. */
  readonly model: Verdict | null;
  /** Null: it reports nothing of this stage. It reports first packets and drops, and no passing of routers. */
  readonly kernel: Verdict | null;
  /** Addresses as the packet has them here, `10.0.1.4 -> 10.0.2.4`; empty where only the kernel knows of it. */
  readonly packet: string;
  /** One sentence. */
  readonly because: string;
  /** What was asked: those that match first, then the nearest to matching first. */
  readonly rules: readonly RuleView[];
  /** The card's entry of this very flow. */
  readonly connection: Connection | null;
  /** What the kernel reported here: the packets themselves. */
  readonly seen: readonly PacketReport[];
}

export interface RuleView {
  /** `sgr-…`, or `acl-…/90`. */
  readonly id: string;
  /** Name of the security group or network ACL. */
  readonly of: string;
  /** `tcp/22 from 198.51.100.10/32` */
  readonly rule: string;
  readonly description: string | null;
  readonly matches: boolean;
  /** Everything that does not fit, such as `destination port 23 is not 22`. */
  readonly mismatches: readonly string[];
  /** The kernel names it as the one that decided. */
  readonly decidedInKernel: boolean;
  /** The kernel's counter of packets that it admitted; null for what has none. */
  readonly packets: { readonly before: number; readonly after: number } | null;
}

/** Changes that together turn the outcome. */
export interface Remedy {
  readonly changes: readonly Change[];
  /** The model, asked again with all the changes, says so. */
  readonly verified: boolean;
  /** Why the changes are not enough and nothing more can be proposed; null where they are. */
  readonly obstacle: string | null;
}

export interface Change {
  /** Where it makes the difference. */
  readonly stage: Stage;
  readonly leg: Leg;
  /** `web-1.eth0`; a route table, network ACL or machine. */
  readonly where: string;
  readonly mutation: Mutation;
  /** Interfaces, subnets or machines beside the one asked about that it concerns too. */
  readonly alsoAffects: readonly string[];
}
