/** Grades what may pass and nothing else: the model finds what does all the same, and a real packet has to show it. */
import { type ProbeSpec, probeTrafficText } from '../cloud/text/probe.js';
import type { Cloud } from '../cloud/types.js';
import { SglabError } from '../errors.js';
import type { Lab } from '../lab/lab.js';
import { type DescribeRule, ruleDescriber } from '../verdict/describe-rule.js';
import type { ProbeResult } from '../verdict/types.js';
import { withIpv6 } from '../verify/closed-world/ipv6.js';
import { withStranger } from '../verify/closed-world/strangers.js';
import { surplusOf } from '../verify/closed-world/surplus.js';
import type { ClosedWorld, End, Surplus } from '../verify/closed-world/types.js';
import { type WideRule, wideRules } from '../verify/closed-world/wide-rules.js';
import type { Check } from './types.js';

/** Each surplus costs a packet, and nobody reads more sentences than these. */
const MAX_SHOWN = 4;

export interface ClosedWorldContext {
  readonly live: Lab;
  /** Changes the lab until the goal is graded. */
  readonly change: (mutate: (cloud: Cloud) => Cloud) => Promise<Cloud>;
  readonly signal?: AbortSignal;
  /** The lab before the goal's own changes, and those in words. */
  readonly start: Cloud;
  readonly after: readonly string[];
}

interface ClosedWorldGrade {
  readonly checks: readonly Check[];
  readonly remarks: readonly string[];
}

export async function gradeClosedWorld(context: ClosedWorldContext, closed: ClosedWorld): Promise<ClosedWorldGrade> {
  const { live, after, start } = context;
  const found = surplusOf(live.cloud, closed).slice(0, MAX_SHOWN);
  if (found.length === 0) {
    const describeRule = ruleDescriber(live.cloud);
    const remarks = wideRules(live.cloud, closed).map((wide) => remarkOn(wide, describeRule));
    return { checks: [{ ...PLAIN, status: 'passed', cause: null, says: 'nothing else passes', after }], remarks };
  }
  const before = new Set(after.length === 0 ? [] : surplusOf(start, closed).flatMap(({ ruleIds }) => ruleIds));
  const unable = await invite(context, found);
  const checks: Check[] = [];
  for (const surplus of found) {
    const isOld = surplus.ruleIds.some((id) => before.has(id));
    checks.push(await gradeSurplus({ ...context, after: isOld ? [] : after }, surplus, unable));
  }
  return { checks, remarks: [] };
}

const PLAIN = { stage: null, leg: null, rule: null, probe: null } as const;

/** Puts those into the lab who are to send or get the packets. @returns why that cannot be, or null */
async function invite({ live, change }: ClosedWorldContext, found: readonly Surplus[]): Promise<string | null> {
  const strangers = new Map(
    found
      .flatMap(({ from, to }) => [from, to])
      .flatMap(({ stranger }) => stranger ?? [])
      .map((each) => [each.name, each]),
  );
  const needsIpv6 = found.some((surplus) => surplus.needsIpv6);
  if (strangers.size === 0 && !needsIpv6) return null;
  try {
    await change((cloud) => [...strangers.values()].reduce(withStranger, needsIpv6 ? withIpv6(cloud) : cloud));
    return null;
  } catch (error) {
    if (!(error instanceof SglabError)) throw error;
    return `${live.name}: ${error.message}`;
  }
}

async function gradeSurplus(
  { live, signal, after }: ClosedWorldContext,
  surplus: Surplus,
  unable: string | null,
): Promise<Check> {
  const { probe, ruleIds, from, to, needsIpv6 } = surplus;
  const describeRule = ruleDescriber(live.cloud);
  const common = {
    ...PLAIN,
    rule: ruleIds[0] ?? null,
    after: [...after, ...premises(surplus, (id) => live.cloud.securityGroups[id]?.name ?? id)],
  };
  const unproved = (why: string): Check => {
    const says = `${sentence(surplus, null, describeRule)}, says the model, and ${why}`;
    return { ...common, status: 'unknown', cause: null, says };
  };
  if (unable !== null) return unproved(`no packet could be sent to show it: ${unable}`);
  const kernel = await live.traffic.probe(probe, signal);
  if (kernel.outcome === 'unknown') return unproved(`the packet did not tell: ${kernel.explanation}`);
  if (!hasArrived(kernel, surplus)) return unproved(`the kernel's packet did not arrive: ${kernel.explanation}`);
  const rule = openerIn(kernel, surplus) ?? common.rule;
  const isForLab = from.stranger === null && to.stranger === null && !needsIpv6;
  const says = sentence({ ...surplus, ruleIds: withRule(ruleIds, rule) }, kernel, describeRule);
  return { ...common, status: 'failed', cause: 'too-open', says, rule, probe: isForLab ? probe : null };
}

/** It was there, whatever became of the answer. */
function hasArrived({ outcome, stage, leg, path }: ProbeResult, { to }: Surplus): boolean {
  const wasLetIn = path.some(
    (hop) => hop.leg === 'request' && hop.verdict === 'pass' && isDoor(hop.stage, hop.interface, to),
  );
  return outcome === 'connected' || outcome === 'refused' || stage === 'listener' || leg === 'reply' || wasLetIn;
}

function isDoor(stage: string, interfaceId: string | null, { interfaceId: own }: End): boolean {
  return stage === 'sg-ingress' && interfaceId !== null && interfaceId === own;
}

/** The rule that the kernel names on the side that is answerable. */
function openerIn({ path }: ProbeResult, { side }: Surplus): string | null {
  const passes = path.filter(({ leg, verdict, rule }) => leg === 'request' && verdict === 'pass' && rule !== null);
  const own = passes.filter(({ stage }) => stage === (side === 'ingress' ? 'sg-ingress' : 'sg-egress'));
  return (side === 'ingress' ? own.at(-1) : own[0])?.rule ?? null;
}

/** Of several rules that match the kernel names one, which then stands for all. */
function withRule(ruleIds: readonly string[], rule: string | null): string[] {
  const entries = ruleIds.filter((id) => !id.startsWith('sgr-'));
  return rule === null ? [...ruleIds] : [rule, ...entries];
}

/** `stranger reaches tcp/22 of web-1, admitted by sgr-… (web: tcp/22 from 0.0.0.0/0)` */
function sentence(
  { from, to, probe, family, side, ruleIds }: Surplus,
  kernel: ProbeResult | null,
  describeRule: DescribeRule,
): string {
  const over = family === 'ipv6' && probe.protocol !== 'icmpv6' ? ' over IPv6' : '';
  const idle = kernel?.outcome === 'refused' ? ', although nothing listens there today' : '';
  const by = ruleIds.map(describeRule).join(' and ');
  const opened = by === '' ? '' : `, ${side === 'ingress' ? 'admitted' : 'let out'} by ${by}`;
  return `${nameOf(from)} reaches ${trafficName(probe)} of ${nameOf(to)}${over}${idle}${opened}`;
}

function trafficName(probe: ProbeSpec): string {
  const text = probeTrafficText(probe);
  return /^\d+$/.test(text) ? `protocol ${text}` : text;
}

function nameOf({ word, stranger }: End): string {
  return stranger?.kind === 'outside' ? `somebody at ${stranger.address}` : word;
}

/** What has to happen first, in the words of changes: it is open for what is not there yet. */
function premises({ from, to, needsIpv6 }: Surplus, describeGroup: (id: string) => string): string[] {
  const launched = [from, to].flatMap(({ stranger }) => (stranger?.kind === 'launched' ? [stranger] : []));
  return [
    ...(needsIpv6 ? ['give the network IPv6'] : []),
    ...launched.map(({ name, address, groupId }) => {
      const where = address === null ? '' : ` at ${address}`;
      return `launch ${name}${where}${groupId === null ? '' : ` with the group ${describeGroup(groupId)}`}`;
    }),
  ];
}

function remarkOn({ ruleId, example: { peer, probe, direction } }: WideRule, describeRule: DescribeRule): string {
  const what = `${trafficName(probe)} ${direction === 'ingress' ? 'from' : 'to'} ${peer}`;
  return `wider than needed: ${describeRule(ruleId)} also allows ${what}, which no goal needs; it opens nothing today`;
}
