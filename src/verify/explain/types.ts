/** An explanation of one probe. Plain data: it crosses the controller's socket and is the document of `--json`. */
import type { Mutation } from '../../changes/verbs.js';
import type { ProbeQuestion } from '../../cloud/text/probe.js';
import type { Cloud } from '../../cloud/types.js';
import type { Connection } from '../../observe/connections.js';
import type { PacketReport } from '../../observe/packet-report.js';
import type { Hop, Outcome, Stopped, Verdict } from '../../verdict/types.js';
import type { Aspect } from '../compare.js';

/** The question that is explained, and the cloud that it is put to. */
export interface ExplainContext {
  readonly cloud: Cloud;
  /** The two ends in the user's words. */
  readonly from: string;
  readonly to: string;
  readonly question: ProbeQuestion;
}

export interface Explanation {
  readonly lab: string;
  /** `office -> web-1 tcp/22` */
  readonly probe: string;
  /** The addresses as the sender's own packet has them. */
  readonly source: string;
  readonly destination: string;
  readonly agreement: Agreement;
  readonly model: ModelAnswer | null;
  readonly kernel: KernelAnswer;
  /** In path order, the request first. */
  readonly stages: readonly StageView[];
  /** The changes that make it pass; null where it passes, or the model has no answer. By the model, like `toStop`. */
  readonly toPass: Remedy | null;
  /** Each alone stops it, the one of the fewest changes first; empty where it does not pass. */
  readonly toStop: readonly Remedy[];
}

export interface Agreement {
  readonly verdict: 'agree' | 'differ' | 'unknown';
  /** The aspect that they disagree about. */
  readonly differsIn: Aspect | null;
  /** Why the two cannot be compared, or a server that the model had to be told of; null where there is nothing to say. */
  readonly note: string | null;
}

export interface ModelAnswer extends Stopped {
  readonly outcome: Outcome;
}

export interface KernelAnswer extends ModelAnswer {
  readonly rule: string | null;
  readonly explanation: string;
  /** Milliseconds. */
  readonly ms: number;
}

/** A hop as the model and the kernel see it, each with a verdict of its own. */
export interface StageView extends Pick<Hop, 'stage' | 'leg'> {
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
  /** The rules that were asked: those that match first, then the nearest to matching first. */
  readonly rules: readonly RuleView[];
  /** The card's entry of this very flow. */
  readonly connection: Connection | null;
  /** The kernel's reports here, each with its packet. */
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

/** A change of the lab, with the stage at which it makes the difference. */
export interface Change extends Pick<Hop, 'stage' | 'leg'> {
  /** `web-1.eth0`; a route table, network ACL or machine. */
  readonly where: string;
  readonly mutation: Mutation;
  /** Interfaces, subnets or machines beside the one asked about that it concerns too. */
  readonly alsoAffects: readonly string[];
}
