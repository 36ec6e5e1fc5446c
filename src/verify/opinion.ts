import type { Mutation } from '../changes/verbs.js';
import type { PacketSpec } from '../cloud/text/packet-spec.js';
import type { ProbeSpec } from '../cloud/text/probe.js';
import type { FlowOutcome, FlowSend, Outcome, PacketOutcome, Stopped } from '../verdict/types.js';

/** An opinion about a probe, about one more exchange on a flow, or about a single packet. */
export interface Answer extends Stopped {
  readonly outcome: Outcome | FlowOutcome | PacketOutcome;
  /**
   * Ids of rules. The kernel's answer has those that admitted the packet, one per card or ACL; a model's has every rule
   * that matches. It is empty if the opinion names none.
   */
  readonly rules: readonly string[];
}

/**
 * A source of answers about packets: the kernel, sglab's own model, or a user's model. All get the same questions and
 * the same changes in the same order, so that their tracked connections can be compared, too.
 */
export interface Opinion {
  readonly name: string;
  /** Asks about new flows; the answers come in the order of the questions. */
  probe(questions: readonly ProbeSpec[]): Promise<Answer[]>;
  open(flow: string, question: ProbeSpec): Promise<Answer>;
  exchange(flow: string, send: FlowSend): Promise<Answer>;
  end(flow: string): Promise<void>;
  mutate(mutation: Mutation): Promise<void>;
  advance(seconds: number): Promise<void>;
}

/** An opinion that also knows what becomes of single packets, whose addresses may be forged. */
export interface PacketOpinion extends Opinion {
  packet(packet: PacketSpec): Promise<Answer>;
}
