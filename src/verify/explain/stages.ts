/** The stages of a probe in path order, as the model went through them, each with the kernel's verdict. */
import { byId, interfaceName } from '../../cloud/lookup.js';
import { networkAclOf } from '../../cloud/network/network-acl.js';
import { routeTableOf } from '../../cloud/network/routes.js';
import { endpointName } from '../../cloud/text/endpoint.js';
import { probeTrafficText } from '../../cloud/text/probe.js';
import { ruleText } from '../../cloud/text/rule.js';
import type { Cloud } from '../../cloud/types.js';
import type { ModelVerdict } from '../../oracle/dialogue.js';
import { endKey, type ModelHop, type PacketEnd } from '../../oracle/journey.js';
import { listenerText } from '../../verdict/sentence.js';
import { type Hop, type Leg, type ProbeResult, STAGES, type Verdict } from '../../verdict/types.js';
import { because } from './because.js';
import type { KernelEvidence } from './evidence.js';
import { type ConsideredRule, findRule, rulesAt } from './rules.js';
import type { ExplainContext, RuleView, StageView } from './types.js';

/** A view of a stage as far as the model knows it. */
interface Draft
  extends Pick<StageView, 'leg' | 'stage' | 'where' | 'at' | 'model' | 'because' | 'packet'>,
    Pick<Hop, 'interface'> {
  readonly rules: readonly ConsideredRule[];
}

export function stagesOf(
  context: ExplainContext,
  model: ModelVerdict,
  kernel: ProbeResult,
  evidence: KernelEvidence,
): StageView[] {
  const drafts = draftsOf(context, model);
  const left = [...kernel.path];
  const stageViews = drafts.map((draft) => {
    const at = left.findIndex((hop) => isAbout(hop, draft) && isSameVisit(hop, draft, drafts));
    return viewOf(draft, at < 0 ? null : (left.splice(at, 1)[0] ?? null), evidence);
  });
  return left.reduce((views, hop) => withViewInserted(views, onlyInKernel(context.cloud, hop)), stageViews);
}

function draftsOf(context: ExplainContext, verdict: ModelVerdict): Draft[] {
  const { request, reply } = verdict;
  return [
    ...legOf(context, 'request', request),
    ...listenerOf(context, verdict),
    ...legOf(context, 'reply', reply),
    ...clientOf(context, verdict),
  ];
}

function legOf(context: ExplainContext, leg: Leg, hops: readonly ModelHop[]): Draft[] {
  // A route may lead to a gateway that then drops the packet: a reader sees one event.
  const shown = hops.filter(({ stage }, at) => !(stage === 'route' && hops[at + 1]?.stage === 'route'));
  return shown.map((hop) => ({
    leg,
    stage: hop.stage,
    where: whereOf(context.cloud, hop),
    at: hop.interface ?? hop.subnetId,
    model: hop.verdict,
    because: because(context, leg, hop),
    packet: `${hop.packet.source} -> ${hop.packet.destination}`,
    interface: hop.interface,
    rules: rulesAt(context.cloud, hop),
  }));
}

function listenerOf({ cloud, question }: ExplainContext, verdict: ModelVerdict): Draft[] {
  if (verdict.arrival === null) return [];
  const model = reactionOf(verdict);
  const traffic = probeTrafficText({ ...question, port: verdict.arrival.packet.destinationPort || question.port });
  const { place, packet } = verdict.arrival;
  return [
    {
      leg: 'request',
      stage: 'listener',
      where: packetEndName(cloud, place),
      at: endKey(place),
      model,
      because: listenerText(model, traffic),
      packet: `${packet.source} -> ${packet.destination}`,
      interface: null,
      rules: [],
    },
  ];
}

/** The client's machine, where the answer comes to it in vain. */
function clientOf({ cloud, question }: ExplainContext, { stage, leg, reply }: ModelVerdict): Draft[] {
  const packet = reply.at(-1)?.packet;
  if (stage !== 'listener' || leg !== 'reply' || packet === undefined) return [];
  const addresses = `${packet.source} -> ${packet.destination}`;
  const where = endpointName(cloud, question.from);
  const at = question.from.kind === 'external' ? question.from.name : question.from.interfaceId;
  const about = { leg, stage, where, at, model: 'drop', packet: addresses, interface: null, rules: [] } as const;
  return [{ ...about, because: 'the machine does not take it' }];
}

/** A refusal may be lost on its way back: then the client sees only silence. */
export function reactionOf({ outcome, stage, leg, reply }: ModelVerdict): Verdict {
  if (outcome === 'connected') return 'pass';
  if (outcome === 'refused') return 'refuse';
  if (stage === 'listener' && leg === 'request') return 'drop';
  const answer = reply[0]?.packet;
  return answer?.tcp === 'rst' || answer?.icmp?.about ? 'refuse' : 'pass';
}

export function whereOf(cloud: Cloud, { interface: id, subnetId, stage }: ModelHop): string {
  if (id !== null) return interfaceName(cloud, id);
  if (subnetId === null) return '';
  const subnet = byId(cloud.subnets, subnetId);
  return stage === 'route' ? routeTableOf(cloud, subnetId).name : networkAclOf(cloud, subnet).name;
}

export function packetEndName(cloud: Cloud, place: PacketEnd): string {
  return place.kind === 'external' ? place.name : interfaceName(cloud, place.interfaceId);
}

function isAbout(hop: Hop, draft: Draft): boolean {
  return hop.leg === draft.leg && hop.stage === draft.stage && hop.interface === draft.interface;
}

/** A packet may come to one stage of a router several times: hops with the same verdict belong together. */
function isSameVisit(hop: Hop, draft: Draft, drafts: readonly Draft[]): boolean {
  return draft.model === hop.verdict || !drafts.some((each) => isAbout(hop, each) && each.model === hop.verdict);
}

function viewOf(
  { interface: id, rules, ...draft }: Draft,
  hop: Hop | null,
  { cards, reports }: KernelEvidence,
): StageView {
  const card = id === null ? undefined : cards.get(id);
  const seen = reports
    .filter(
      ({ report, packet }) =>
        report.stage === draft.stage && report.interface === id && draft.packet.startsWith(`${packet.source} `),
    )
    .map(({ report }) => report);
  // Reports of machines in the middle may come after the answer, for which the probe waits.
  const reported = hop ?? (draft.leg === 'request' ? seen[0] : undefined) ?? null;
  const views = rules.map(
    (rule): RuleView => ({
      ...rule,
      decidedInKernel: rule.id === reported?.rule,
      packets: card?.packets.get(rule.id) ?? null,
    }),
  );
  const passed = draft.leg === 'request' && card !== undefined && draft.stage !== 'source-dest-check';
  const connection = passed ? card.connection : null;
  return { ...draft, kernel: reported?.verdict ?? null, rules: views, connection, seen };
}

function onlyInKernel(cloud: Cloud, { leg, stage, verdict, rule, interface: id }: Hop): StageView {
  const where = id === null ? '' : interfaceName(cloud, id);
  const found = rule === null ? null : findRule(cloud, rule);
  const words =
    found === null ? 'the kernel reports it' : `the kernel names "${found.group.name}: ${ruleText(cloud, found.rule)}"`;
  return {
    leg,
    stage,
    where,
    at: id,
    model: null,
    kernel: verdict,
    because: words,
    packet: '',
    rules: [],
    connection: null,
    seen: [],
  };
}

/** Inserts the view before the first stage that comes later on the same leg. */
function withViewInserted(views: readonly StageView[], view: StageView): StageView[] {
  const order = ({ leg, stage }: StageView) => (leg === 'request' ? 0 : STAGES.length) + STAGES.indexOf(stage);
  const at = views.findIndex((each) => order(each) > order(view));
  return at < 0 ? [...views, view] : views.toSpliced(at, 0, view);
}
