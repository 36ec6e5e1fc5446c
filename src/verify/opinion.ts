import type { Mutation } from '../changes/verbs.js';
import type { ProbeSpec } from '../cloud/text/probe.js';
import type { FlowOutcome, FlowSend, Outcome, Stopped } from '../verdict/types.js';

/** An opinion about a probe or about one more exchange on a flow. */
export interface Answer extends Stopped {
  readonly outcome: Outcome | FlowOutcome;
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
