/** From drafts to events: numbers become words that name something in the cloud of the moment. */

import { Choices } from '../../changes/choices.js';
import { VERBS } from '../../changes/verbs.js';
import type { Cloud } from '../../cloud/types.js';
import type { FlowSend } from '../../verdict/types.js';
import { chooseQuestion } from './choose-question.js';
import type { Draft, Event } from './event.js';

/** Next to the time-outs of 4.5, never near a sum of others: what is left differs by more than a slow run takes. */
const SILENCES = [20, 50, 110, 700, 500_000] as const;

const SENDS: readonly FlowSend[] = ['both', 'client', 'server'];

/** The event that the draft stands for now; null where there is nothing to choose. @param flows that are open */
export function choose(cloud: Cloud, flows: readonly string[], draft: Draft, serial: number): Event | null {
  const choices = new Choices(draft.choices);
  switch (draft.kind) {
    case 'probe': {
      const question = chooseQuestion(cloud, choices);
      return question === null ? null : { type: 'probe', question };
    }
    case 'open': {
      const question = chooseQuestion(cloud, choices);
      if (question === null) return null;
      // A ping is an echo of code 0.
      const icmpCode = question.icmpCode === null ? null : 0;
      return { type: 'open', flow: `f${serial}`, question: { ...question, icmpCode } };
    }
    case 'exchange': {
      const flow = choices.of(flows);
      return flow === undefined ? null : { type: 'exchange', flow, send: choices.of(SENDS) ?? 'both' };
    }
    case 'end': {
      const flow = choices.of(flows);
      return flow === undefined ? null : { type: 'end', flow };
    }
    case 'advance':
      return { type: 'advance', seconds: choices.of(SILENCES) ?? 20 };
    default: {
      const mutation = VERBS[draft.kind].random?.choose(cloud, choices, serial) ?? null;
      return mutation === null ? null : { type: 'mutate', mutation };
    }
  }
}
