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
  /** The names of both ends, as the user gave them. */
  readonly from: string;
  readonly to: string;
  readonly question: ProbeQuestion;
  /** Changes that are not to be proposed, as `isRuledOut` reads them. */
  readonly ruledOut: readonly string[];
}

export interface Explanation {
  readonly lab: string;
  /** `office -> web-1 tcp/22` */
  readonly probe: string;
  /** The addresses as the sender's own packet has them. */
  readonly source: string;
  readonly destination: string;
  /** What of its way is made up, because a source says nothing: one sentence each. */
  readonly assumed: readonly string[];
  readonly agreement: Agreement;
  readonly model: ModelAnswer;
  readonly kernel: KernelAnswer;
  /** The stages in path order, the request first. */
  readonly stages: readonly StageView[];
  /**
   * The changes that make it pass; null if it passes, or the outcome is unknown. The model decides this, as it does
   * `toStop`.
   */
  readonly toPass: Remedy | null;
  /** The private address that passes without any change where the public one was asked for; null elsewhere. */
  readonly instead: PrivateCall | null;
  /** Each of them alone stops it; the one of the fewest changes first. Empty if it does not pass. */
  readonly toStop: readonly Remedy[];
  /** Errors about packets that are too big for a way of the probe, where they are dropped; empty if it does not pass. */
  readonly swallowed: readonly SwallowedError[];
}

/** The error by which a gateway says that a packet is too big, dropped on its way to the sender. */
export interface SwallowedError extends Pick<Hop, 'stage' | 'leg'> {
  /** Bytes that the way carries. */
  readonly mtu: number;
  /** Where the error is dropped: `web-1.eth0`, or a network ACL. */
  readonly where: string;
  /** One sentence. */
  readonly because: string;
  /** What would admit it; null where nothing helps alone. */
  readonly change: Change | null;
}

export interface Agreement {
  readonly verdict: 'agree' | 'differ' | 'unknown';
  /** The aspect that they disagree about. */
  readonly differsIn: Aspect | null;
  /**
   * The reason why the two cannot be compared, or what the model had to be told of machines; null if there is neither.
   */
  readonly note: string | null;
}

export interface ModelAnswer extends Stopped {
  readonly outcome: Outcome;
}

export interface KernelAnswer extends ModelAnswer {
  readonly rule: string | null;
  /** As in `ProbeResult`. */
  readonly explanationCode: string | null;
  readonly explanation: string;
  /** Milliseconds. */
  readonly ms: number;
}

/** A hop as the model and the kernel see it, each with a verdict of its own. */
export interface StageView extends Pick<Hop, 'stage' | 'leg'> {
  /** `web-1.eth0`, `subnet public`, `route table shop.public`; empty for a gateway. */
  readonly where: string;
  /** What is there: the id of an interface or subnet, or the name of a host; null for a gateway. */
  readonly at: string | null;
  /** null: the model has no verdict on this stage. */
  readonly model: Verdict | null;
  /** null: the kernel reports nothing here. It reports first packets and drops, and no passing of routers. */
  readonly kernel: Verdict | null;
  /** The packet's addresses at this stage, `10.0.1.4 -> 10.0.2.4`; empty if only the kernel knows of it. */
  readonly packet: string;
  /** One sentence. */
  readonly because: string;
  /** The rules that were evaluated: first those that match, then the others, the nearest to matching first. */
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
  /** Each reason why it does not match, such as `destination port 23 is not 22`. */
  readonly mismatches: readonly string[];
  /** Whether the kernel names it as the rule that decided. */
  readonly decidedInKernel: boolean;
  /** The kernel's counter of packets that it admitted; null for a rule without one. */
  readonly packets: { readonly before: number; readonly after: number } | null;
}

export interface PrivateCall {
  readonly address: string;
  /** Name of the interface that has it. */
  readonly interface: string;
  /** The probe that asks for it, in words. */
  readonly probe: string;
}

/** Changes that together turn the outcome. */
export interface Remedy {
  readonly changes: readonly Change[];
  /** Whether the model, asked again with all the changes, confirms it. */
  readonly verified: boolean;
  /** The reason why the changes are not enough and nothing more can be proposed; null if they are. */
  readonly obstacle: string | null;
  /** How many further changes were tried at the obstacle, none of which helps. */
  readonly tried: number;
  /** What a machine in the middle has to do by itself for the changes to be enough; null where none has a say. */
  readonly provided: string | null;
}

/** A change of the lab, with the stage at which it makes the difference. */
export interface Change extends Pick<Hop, 'stage' | 'leg'> {
  /** `web-1.eth0`; a route table, network ACL or machine. */
  readonly where: string;
  readonly mutation: Mutation;
  /** The mutation as people say it. */
  readonly words: string;
  /** Other interfaces, subnets or machines that it affects, too. */
  readonly alsoAffects: readonly string[];
}
