/** Plays a history before two opinions, until they disagree. */

import { applyMutation } from '../../changes/mutation.js';
import { CloudError } from '../../cloud/errors.js';
import { entryName } from '../../cloud/text/network-acl-text.js';
import type { Cloud } from '../../cloud/types.js';
import { type Aspect, disagreement } from '../compare.js';
import type { ModelOpinion } from '../model-opinion.js';
import type { Answer, PacketOpinion } from '../opinion.js';
import { choose, type Draft, type Event } from './event.js';

/** An event with the answers to it; null for one that asks nothing. */
export interface Played {
  readonly event: Event;
  readonly kernel: Answer | null;
  readonly model: Answer | null;
}

export interface History {
  readonly played: readonly Played[];
  /**
   * The subject of their disagreement at the last event; null if they never disagree. `unknown`: the kernel's outcome
   * is unknown.
   */
  readonly disagreement: Aspect | 'unknown' | null;
  /** The rules of which one decides in the model's opinion, as text; none unless they disagree about rules. */
  readonly deciding: readonly string[];
}

/** @param cloud the initial state of both */
export async function play(
  cloud: Cloud,
  drafts: readonly Draft[],
  kernel: PacketOpinion,
  model: ModelOpinion,
): Promise<History> {
  const played: Played[] = [];
  const flows: string[] = [];
  let now = cloud;
  for (const [serial, draft] of drafts.entries()) {
    const chosen = choose(now, flows, draft, serial);
    if (chosen === null) continue;
    const event =
      chosen.type === 'advance' ? { ...chosen, seconds: model.unambiguousIdleTime(chosen.seconds) } : chosen;
    if (event.type === 'mutate') {
      const next = attempt(now, event.mutation);
      if (next === null || next === now) continue;
      now = next;
    }
    const [fromKernel, fromModel] = await applyToBoth(event, kernel, model);
    played.push({ event, kernel: fromKernel, model: fromModel });
    if (fromKernel !== null && fromModel !== null) {
      if (fromKernel.outcome === 'unknown') return { played, disagreement: 'unknown', deciding: [] };
      const aspect = disagreement(fromKernel, fromModel);
      const deciding = aspect === 'rule' ? decidingRules(now, fromKernel, fromModel) : [];
      if (aspect !== null) return { played, disagreement: aspect, deciding };
    }
    if (event.type === 'open' && fromModel?.outcome === 'connected') flows.push(event.flow);
    if (event.type === 'end') flows.splice(flows.indexOf(event.flow), 1);
  }
  return { played, disagreement: null, deciding: [] };
}

/** The names of the model's rules that the kernel did not report. */
function decidingRules(cloud: Cloud, kernel: Answer, model: Answer): string[] {
  return model.rules.filter((rule) => !kernel.rules.includes(rule)).flatMap((id) => labelOf(cloud, id));
}

/** A rule's description or an entry's name, which are the same in every lab; none for a rule without description. */
function labelOf(cloud: Cloud, id: string): string[] {
  const rules = Object.values(cloud.securityGroups).flatMap((group) => group.rules);
  const word = entryName(cloud, id) ?? rules.find((rule) => rule.id === id)?.description ?? null;
  return word === null ? [] : [word];
}

async function applyToBoth(
  event: Event,
  kernel: PacketOpinion,
  model: ModelOpinion,
): Promise<[Answer | null, Answer | null]> {
  const fromKernel = await applyEvent(event, kernel);
  return [fromKernel, await applyEvent(event, model)];
}

async function applyEvent(event: Event, opinion: PacketOpinion): Promise<Answer | null> {
  switch (event.type) {
    case 'mutate':
      await opinion.mutate(event.mutation);
      return null;
    case 'probe':
      return (await opinion.probe([event.question]))[0] ?? null;
    case 'packet':
      return opinion.packet(event.packet);
    case 'open':
      return opinion.open(event.flow, event.question);
    case 'exchange':
      return opinion.exchange(event.flow, event.send);
    case 'end':
      await opinion.end(event.flow);
      return null;
    case 'advance':
      await opinion.advance(event.seconds);
      return null;
  }
}

/** The cloud after the change; null if AWS would refuse it. */
function attempt(cloud: Cloud, mutation: Parameters<typeof applyMutation>[1]): Cloud | null {
  try {
    return applyMutation(cloud, mutation);
  } catch (error) {
    if (error instanceof CloudError) return null;
    throw error;
  }
}
