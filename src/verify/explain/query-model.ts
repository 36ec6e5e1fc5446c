import type { ProbeSpec } from '../../cloud/text/probe.js';
import type { Cloud } from '../../cloud/types.js';
import type { Behaviour } from '../../oracle/behaviour.js';
import type { ModelVerdict } from '../../oracle/dialogue.js';
import type { ModelHop } from '../../oracle/journey.js';
import type { Leg } from '../../verdict/types.js';
import { ModelOpinion, type NarrowWay } from '../model-opinion.js';
import { reactionOf } from './stages.js';

/** A question with the client's port, which network ACLs check when the answer comes back. */
export interface Question {
  readonly spec: ProbeSpec;
  readonly clientPort: number;
  /** What the kernel showed of the machines on the way. */
  readonly behaviour: Behaviour;
  /** Interfaces whose machine was seen to send on as it is what came in there. */
  readonly forwarding: ReadonlySet<string>;
}

/** The model's verdict in a cloud that tracks no connection yet. */
export function queryModel(cloud: Cloud, { spec, clientPort, behaviour }: Omit<Question, 'forwarding'>): ModelVerdict {
  return new ModelOpinion(cloud, clientPort, behaviour).verdictOf(spec);
}

/** The ways that big packets of a probe do not pass. */
export function narrowWays(cloud: Cloud, { spec, clientPort, behaviour }: Question): NarrowWay[] {
  return new ModelOpinion(cloud, clientPort, behaviour).narrowWaysOf(spec);
}

/** The place where a packet stopped: it was dropped on its way, or it arrived and nothing listened. */
export type Stop =
  | { readonly type: 'dropped'; readonly leg: Leg; readonly hop: ModelHop }
  | { readonly type: 'listener' };

/** @returns null for a probe that is answered */
export function stopOf(verdict: ModelVerdict): Stop | null {
  if (verdict.outcome === 'connected') return null;
  // A refusal that is lost on its way back would not have been sent if something listened.
  if (verdict.arrival !== null && reactionOf(verdict) !== 'pass') return { type: 'listener' };
  const leg = verdict.reply.length > 0 ? 'reply' : 'request';
  const hop = verdict[leg].at(-1);
  return hop?.verdict === 'drop' ? { type: 'dropped', leg, hop } : { type: 'listener' };
}

/** Whether both stops are at the same place for the same reason: then the change between them did not help. */
export function isSameStop(a: Stop, b: Stop): boolean {
  if (a.type === 'listener' || b.type === 'listener') return a.type === b.type;
  const keys = ['stage', 'interface', 'subnetId', 'rule', 'cause'] as const;
  return a.leg === b.leg && keys.every((key) => a.hop[key] === b.hop[key]);
}
