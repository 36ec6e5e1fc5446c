/** The stages of a probe in path order, as the model went through them, with the kernel's word beside each. */
import { byId } from '../../cloud/by-id.js';
import { interfaceName } from '../../cloud/lookup.js';
import { networkAclOf } from '../../cloud/network/network-acl.js';
import { routeTableOf } from '../../cloud/network/routes.js';
import { type ProbeQuestion, probeTrafficWords } from '../../cloud/text/probe.js';
import { ruleWords } from '../../cloud/text/rule-text.js';
import type { Cloud } from '../../cloud/types.js';
import type { ModelVerdict } from '../../oracle/dialogue.js';
import type { Hop, Place } from '../../oracle/journey.js';
import { type Leg, type PathEntry, type ProbeResult, STAGES } from '../../verdict/types.js';
import { because } from './because.js';
import type { KernelEvidence } from './evidence.js';
import { type ConsideredRule, findRule, rulesAt } from './rules.js';
import type { RuleView, StageView, Verdict } from './types.js';

export interface Asked {
  readonly cloud: Cloud;
  /** The sender and the one who is asked, in the user's words. */
  readonly from: string;
  readonly to: string;
  readonly question: ProbeQuestion;
}

/** What the model says of a stage. */
interface Draft extends Pick<StageView, 'leg' | 'stage' | 'where' | 'model' | 'because' | 'packet'> {
  /** Of the card; null for a place that belongs to none. */
  readonly interfaceId: string | null;
  readonly rules: readonly ConsideredRule[];
}

/** @param model null where it has no opinion: then only what the kernel reports is told */
export function stagesOf(
  asked: Asked,
  model: ModelVerdict | null,
  kernel: ProbeResult,
  evidence: KernelEvidence,
): StageView[] {
  const drafts = model === null ? [] : draftsOf(asked, model);
  const left = [...kernel.path];
  const told = drafts.map((draft) => {
    const at = left.findIndex((entry) => isAbout(entry, draft) && isMeant(entry, draft, drafts));
    return viewOf(draft, at < 0 ? null : (left.splice(at, 1)[0] ?? null), evidence);
  });
  return left.reduce((views, entry) => inserted(views, onlyInKernel(asked.cloud, entry)), told);
}

function draftsOf(asked: Asked, verdict: ModelVerdict): Draft[] {
  const { request, reply } = verdict;
  return [...legOf(asked, 'request', request), ...listenerOf(asked, verdict), ...legOf(asked, 'reply', reply)];
}

function legOf({ cloud, from, question }: Asked, leg: Leg, hops: readonly Hop[]): Draft[] {
  // A route may lead to a gateway that then drops the packet: that is one thing to a reader.
  const shown = hops.filter(({ stage }, at) => !(stage === 'route' && hops[at + 1]?.stage === 'route'));
  return shown.map((hop) => ({
    leg,
    stage: hop.stage,
    where: whereOf(cloud, hop),
    model: hop.verdict,
    because: because(cloud, from, question, leg, hop),
    packet: `${hop.packet.source} -> ${hop.packet.destination}`,
    interfaceId: hop.interfaceId,
    rules: rulesAt(cloud, hop),
  }));
}

function listenerOf({ cloud, question }: Asked, verdict: ModelVerdict): Draft[] {
  if (verdict.arrival === null) return [];
  const model = reactionOf(verdict);
  const traffic = probeTrafficWords({ ...question, port: verdict.arrival.packet.destinationPort || question.port });
  const words = { pass: 'it answers', refuse: `nothing listens on ${traffic}`, drop: `it does not answer ${traffic}` };
  const { place, packet } = verdict.arrival;
  return [
    {
      leg: 'request',
      stage: 'listener',
      where: placeName(cloud, place),
      model,
      because: words[model],
      packet: `${packet.source} -> ${packet.destination}`,
      interfaceId: null,
      rules: [],
    },
  ];
}

/** A refusal may get lost on its way back: then the client only sees silence. */
export function reactionOf({ outcome, stage, reply }: ModelVerdict): Verdict {
  if (outcome === 'connected') return 'pass';
  if (outcome === 'refused') return 'refuse';
  if (stage === 'listener') return 'drop';
  const answer = reply[0]?.packet;
  return answer?.tcp === 'rst' || answer?.icmp?.about ? 'refuse' : 'pass';
}

export function whereOf(cloud: Cloud, { interfaceId, subnetId, stage }: Hop): string {
  if (interfaceId !== null) return interfaceName(cloud, interfaceId);
  if (subnetId === null) return '';
  const subnet = byId(cloud.subnets, subnetId);
  return stage === 'route' ? routeTableOf(cloud, subnetId).name : networkAclOf(cloud, subnet).name;
}

export function placeName(cloud: Cloud, place: Place): string {
  return place.kind === 'external' ? place.name : interfaceName(cloud, place.interfaceId);
}

function isAbout(entry: PathEntry, { leg, stage, interfaceId }: Draft): boolean {
  return entry.leg === leg && entry.stage === stage && entry.interface === interfaceId;
}

/** A packet may come to one stage several times, of routers: where both say the same, they speak of the same time. */
function isMeant(entry: PathEntry, draft: Draft, drafts: readonly Draft[]): boolean {
  return draft.model === entry.verdict || !drafts.some((each) => isAbout(entry, each) && each.model === entry.verdict);
}

function viewOf(
  { interfaceId, rules, ...draft }: Draft,
  entry: PathEntry | null,
  { cards, reports }: KernelEvidence,
): StageView {
  const card = interfaceId === null ? undefined : cards.get(interfaceId);
  const views = rules.map(
    (rule): RuleView => ({
      ...rule,
      decidedInKernel: rule.id === entry?.rule,
      packets: card?.packets.get(rule.id) ?? null,
    }),
  );
  const passed = draft.leg === 'request' && card !== undefined && draft.stage !== 'source-dest-check';
  const connection = passed ? card.connection : null;
  const seen = reports
    .filter(
      ({ report, source }) =>
        report.stage === draft.stage && report.interfaceId === interfaceId && draft.packet.startsWith(`${source} `),
    )
    .map(({ report }) => report);
  return { ...draft, kernel: entry?.verdict ?? null, rules: views, connection, seen };
}

function onlyInKernel(cloud: Cloud, { leg, stage, verdict, rule, interface: id }: PathEntry): StageView {
  const where = id === null ? '' : interfaceName(cloud, id);
  const found = rule === null ? null : findRule(cloud, rule);
  const words =
    found === null
      ? 'the kernel reports it'
      : `the kernel names "${found.group.name}: ${ruleWords(cloud, found.rule)}"`;
  return {
    leg,
    stage,
    where,
    model: null,
    kernel: verdict,
    because: words,
    packet: '',
    rules: [],
    connection: null,
    seen: [],
  };
}

/** Before the first stage that comes later on the same leg. */
function inserted(views: readonly StageView[], view: StageView): StageView[] {
  const order = ({ leg, stage }: StageView) => (leg === 'request' ? 0 : STAGES.length) + STAGES.indexOf(stage);
  const at = views.findIndex((each) => order(each) > order(view));
  return at < 0 ? [...views, view] : views.toSpliced(at, 0, view);
}
