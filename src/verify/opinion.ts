import type { Mutation } from '../changes/verbs.js';
import type { ProbeSpec } from '../cloud/text/probe.js';
import type { FlowOutcome, FlowSend, Outcome, Stopped } from '../verdict/types.js';

/** An opinion about a probe or about one more exchange on a flow. */
export interface Answer extends Stopped {
  readonly outcome: Outcome | FlowOutcome;
  /**
   * Ids of rules. Of the kernel: those that admitted the packet, one per place. Of a model: every rule that matches. Empty
   * where the one who answers names none.
   */
  readonly rules: readonly string[];
}

/**
 * Somebody who says what happens to packets: the kernel, sglab's own model, or a model of somebody else. All are asked the
 * same questions in the same order and told the same changes, so that what they remember can be compared too.
 */
export interface Opinion {
  readonly name: string;
  /** Puts questions about new flows; the answers come in their order. */
  probe(questions: readonly ProbeSpec[]): Promise<Answer[]>;
  open(flow: string, question: ProbeSpec): Promise<Answer>;
  exchange(flow: string, send: FlowSend): Promise<Answer>;
  end(flow: string): Promise<void>;
  mutate(mutation: Mutation): Promise<void>;
  advance(seconds: number): Promise<void>;
}
