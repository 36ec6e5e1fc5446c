/** What the kernel's reports show of machines: programs and settings inside them, which only the machines themselves know. */

import { kindOfInterface } from '../../cloud/instances/kinds.js';
import { byId, findById, interfaceName } from '../../cloud/lookup.js';
import type { ProbeQuestion } from '../../cloud/text/probe.js';
import type { Cloud } from '../../cloud/types.js';
import type { Behaviour, Reaction } from '../../oracle/behaviour.js';
import type { ModelVerdict } from '../../oracle/dialogue.js';
import { endKey, type ModelHop } from '../../oracle/journey.js';
import { ownsAddress } from '../../oracle/routing.js';
import type { ProbeResult, Stopped } from '../../verdict/types.js';
import type { KernelEvidence, ProbeReport } from './evidence.js';
import { reactionOf } from './stages.js';
import type { ExplainContext } from './types.js';

/** A behaviour that the model was told, with a sentence about it; empty where the cloud says as much. */
export interface Told {
  readonly behaviour: Behaviour;
  /** Interfaces whose machine was seen to send on as it is what came in there. */
  readonly forwarding: ReadonlySet<string>;
  readonly notes: readonly string[];
}

/** What the reports show of the machines on the way; their reactions show in the kernel's verdict alone. */
export function observedBehaviour({ cloud, question }: ExplainContext, { reports }: KernelEvidence): Told {
  const departures = departuresOf(cloud, reports);
  const exits = exitsOf(departures);
  const ends = [question.from, question.to].map((end) => (end.kind === 'interface' ? end.interfaceId : null));
  const forwarded = departures.filter(({ entry }) => entry !== undefined && !ends.includes(entry));
  const entries = (isOwn: boolean) =>
    new Set(forwarded.flatMap(({ entry, owner }) => ((owner !== undefined) === isOwn ? (entry ?? []) : [])));
  const translating = entries(true);
  return {
    forwarding: entries(false),
    behaviour: { reactions: new Map(), exits, translating, targets: targetsOf(cloud, reports) },
    notes: [
      ...[...exits].map(
        ([id, exit]) =>
          `${interfaceName(cloud, exit)} sends what ${interfaceName(cloud, id)} should: routes inside the machine decide that, and the model was told`,
      ),
      ...[...translating].map(
        (id) =>
          `${interfaceName(cloud, id)} sends on with its own address what it forwards: the model was told that it translates`,
      ),
    ],
  };
}

const LEAVING: ReadonlySet<string> = new Set(['sg-egress', 'source-dest-check']);

/** Packets of an instance that leave by another interface than the one that they came in by, or that has their source. */
function exitsOf(departures: readonly Departure[]): Map<string, string> {
  return new Map(
    departures.flatMap(({ by, entry, owner }): [string, string][] => {
      const from = entry ?? owner;
      return from === undefined || from === by ? [] : [[from, by]];
    }),
  );
}

/** A packet that leaves an instance. */
interface Departure {
  readonly by: string;
  /** The interface that let it in; undefined where it began here. */
  readonly entry: string | undefined;
  /** The interface of the instance that has its source; undefined where none has. */
  readonly owner: string | undefined;
}

function departuresOf(cloud: Cloud, reports: readonly ProbeReport[]): Departure[] {
  return reports.flatMap(({ report, packet }): Departure[] => {
    const by = report.interface;
    if (by === null || !LEAVING.has(report.stage)) return [];
    const siblings = siblingsOf(cloud, by);
    const owner = siblings.find((id) => ownsAddress(byId(cloud.networkInterfaces, id), packet.source));
    return [{ by, owner, entry: entryOf(reports, siblings, packet.destination) }];
  });
}

/** The interface that let a packet in which is for somebody else. */
function entryOf(
  reports: readonly ProbeReport[],
  siblings: readonly string[],
  destination: string,
): string | undefined {
  const entry = reports.find(
    ({ report, packet }) =>
      report.stage === 'sg-ingress' && siblings.includes(report.interface ?? '') && packet.destination === destination,
  );
  return entry?.report.interface ?? undefined;
}

function siblingsOf(cloud: Cloud, interfaceId: string): readonly string[] {
  const { instanceId } = byId(cloud.networkInterfaces, interfaceId);
  const instance = byId(cloud.instances, instanceId);
  return instance.kind === 'ec2' ? instance.interfaceIds : [];
}

/** The target of each network load balancer that a report is about. */
function targetsOf(cloud: Cloud, reports: readonly ProbeReport[]): Map<string, string> {
  const balancers = Object.values(cloud.instances).filter(({ kind }) => kind === 'network-load-balancer');
  return new Map(
    balancers.flatMap(({ interfaceIds: [own = ''], forwarding }): [string, string][] => {
      const targets = (forwarding?.ports ?? []).flatMap(({ targetIds }) => targetIds);
      const chosen = targets.find((id) =>
        reports.some(({ packet: { destination } }) => {
          const target = findById(cloud.networkInterfaces, id);
          return target !== undefined && ownsAddress(target, destination);
        }),
      );
      return chosen === undefined ? [] : [[own, chosen]];
    }),
  );
}

/** Instances of users that forward what is for others, each by the interface that let it in. */
export function middleboxesOn(cloud: Cloud, { from, to }: ProbeQuestion, hops: readonly ModelHop[]): string[] {
  const ends = [from, to].flatMap((end) => (end.kind === 'interface' ? [end.interfaceId] : []));
  const isForwarding = ({ stage, interface: id, packet }: ModelHop): boolean => {
    if (stage !== 'sg-ingress' || id === null || ends.includes(id)) return false;
    const eni = byId(cloud.networkInterfaces, id);
    return kindOfInterface(cloud, eni) === 'ec2' && !ownsAddress(eni, packet.destination);
  };
  return [...new Set(hops.flatMap((hop) => (isForwarding(hop) ? (hop.interface ?? []) : [])))];
}

const MODEL_REACTIONS = { pass: 'answers', refuse: 'refuses', drop: 'keeps quiet' } as const;

const REACTION_NOTES: Readonly<Record<Reaction, (machine: string) => string>> = {
  answers: (machine) => `${machine} runs a program of its own, which answers: the model was told`,
  refuses: (machine) =>
    `${machine} refuses what it should serve: a program inside decides that, and the model was told`,
  'keeps quiet': (machine) =>
    `${machine} let it in and keeps quiet: a program or firewall inside decides that, and the model was told`,
};

/** The same, with the reaction of a machine that a packet reached where its listeners do not account for that. */
export function withReaction(
  told: Told,
  { question }: ExplainContext,
  verdict: ModelVerdict,
  kernel: ProbeResult,
): Told {
  const { arrival } = verdict;
  if (isUntaken(kernel)) {
    const note = `${kernel.from} does not take the answer: a firewall or setting inside decides that, and the model was told`;
    return withOne(told, [endKey(question.from), 'keeps quiet'], note);
  }
  const reaction = kernelReaction(kernel);
  if (arrival === null || reaction === null || reaction === MODEL_REACTIONS[reactionOf(verdict)]) return told;
  return withOne(told, [endKey(arrival.place), reaction], REACTION_NOTES[reaction](kernel.to));
}

function withOne(told: Told, reaction: readonly [string, Reaction], note: string): Told {
  return { ...told, behaviour: { ...told.behaviour, reactions: new Map([reaction]) }, notes: [...told.notes, note] };
}

/** An answer came back to the client's machine, which let nothing of it through. */
function isUntaken({ outcome, stage, leg }: Stopped & Pick<ProbeResult, 'outcome'>): boolean {
  return outcome === 'timed-out' && stage === 'listener' && leg === 'reply';
}

function kernelReaction({ outcome, stage }: ProbeResult): Reaction | null {
  if (outcome === 'connected') return 'answers';
  if (outcome === 'refused') return 'refuses';
  return outcome === 'timed-out' && stage === 'listener' ? 'keeps quiet' : null;
}
