/** A change that a page makes by requests of the EC2 API: told before, made, and proved by packets after. */
import type { Ec2Request, PageCalls } from '../../controller/console/protocol.js';
import { CallError, call } from '../live/call.js';
import type { Asked } from './asked.js';
import { prove } from './proofs.js';

export interface Change {
  /** Ways to make it, the better one first: the next one is for a lab that has no room for the one before. */
  readonly ways: readonly (readonly Ec2Request[])[];
  readonly asked: Asked;
}

export type Effects = PageCalls['preview']['response'];

interface Rehearsal {
  readonly requests: readonly Ec2Request[];
  readonly effects: Effects;
}

/** What would turn, by the model. @throws CallError: what the EC2 API would refuse */
export async function rehearse({ ways, asked }: Change, signal?: AbortSignal): Promise<Rehearsal> {
  const [requests = [], ...others] = ways;
  try {
    return {
      requests,
      effects: await call('preview', { requests, machines: asked.machines, questions: asked.questions }, signal),
    };
  } catch (error) {
    const isFull = error instanceof CallError && error.code.endsWith('LimitExceeded');
    if (!isFull || others.length === 0) throw error;
    return rehearse({ ways: others, asked }, signal);
  }
}

/** Nothing is begun that would be refused half-way. @param place where the proof is shown @throws CallError */
export async function make(change: Change, place: string): Promise<void> {
  const { requests, effects } = await rehearse(change);
  for (const request of requests) await call('ec2', request);
  prove(place, effects);
}
