/**
 * Finds what passes in a lab beyond what may: all traffic that its rules tell apart is put to the model, between all who are
 * there, all who might be on the internet, and all who might be launched tomorrow.
 */
import type { Direction, Family } from '../../cloud/groups/types.js';
import { servedBy } from '../../cloud/instances/listener.js';
import { byId, interfaceName } from '../../cloud/lookup.js';
import { networkAclOf } from '../../cloud/network/network-acl.js';
import type { ProbeSpec } from '../../cloud/text/probe.js';
import type { Cloud } from '../../cloud/types.js';
import { ORDINARY } from '../../oracle/behaviour.js';
import type { ModelVerdict } from '../../oracle/dialogue.js';
import { queryModel } from '../explain/query-model.js';
import { isPredictable, trafficFor } from '../questions.js';
import { blocksSpokenOf } from './address-cells.js';
import { waitsForIpv6, withIpv6 } from './ipv6.js';
import { ANYONE, coversProbe, type EndTest, endTest, ofFamily } from './patterns.js';
import { newcomers, outsiders, withStrangers } from './strangers.js';
import type { ClosedWorld, End, FlowPattern, Scope, Stranger, Surplus } from './types.js';

const FAMILIES = ['ipv4', 'ipv6'] as const;
/** An ordinary client's port, which network ACLs see in answers only. */
const CLIENT_PORT = 49_152;

/** A cloud with strangers in it. */
export interface World {
  readonly cloud: Cloud;
  readonly ends: readonly End[];
  /** The cloud has been given IPv6. */
  readonly isIpv6New: boolean;
}

/**
 * What passes today; where nothing does, what will pass as soon as machines are launched, or IPv6 comes. The most telling
 * example of each rule's surplus comes first.
 */
export function surplusOf(cloud: Cloud, closed: ClosedWorld): Surplus[] {
  for (const world of worldsOf(cloud, closed)) {
    const found = closed.scopes.flatMap((scope) => surplusIn(world, scope, closed.only));
    if (found.length > 0) return onePerRule(found);
  }
  return [];
}

/** The lab with everybody on the internet, then with tomorrow's machines, too, and then with IPv6 where it has none. */
export function* worldsOf(cloud: Cloud, { scopes, only }: ClosedWorld): Generator<World> {
  const blocks = blocksSpokenOf(cloud, [...scopes, ...only]);
  const outside = outsiders(cloud, blocks);
  yield worldWith(cloud, outside, false);
  const all = [...outside, ...newcomers(cloud, blocks)];
  yield worldWith(cloud, all, false);
  if (waitsForIpv6(cloud)) yield worldWith(withIpv6(cloud), all, true);
}

function worldWith(before: Cloud, strangers: readonly Stranger[], isIpv6New: boolean): World {
  const cloud = withStrangers(before, strangers);
  const byName = new Map(strangers.map((each) => [each.name, each]));
  return { cloud, ends: endsOf(cloud, byName), isIpv6New };
}

function endsOf(cloud: Cloud, strangers: ReadonlyMap<string, Stranger>): End[] {
  const predictable = Object.values(cloud.networkInterfaces).filter(({ id }) => isPredictable(cloud, id));
  const inside = predictable.map((eni): End => {
    const instance = byId(cloud.instances, eni.instanceId);
    const { name } = instance;
    return {
      word: eni.deviceIndex === 0 ? name : interfaceName(cloud, eni.id),
      machine: eni.instanceId,
      interfaceId: eni.id,
      addresses: [...eni.privateIpAddresses, ...eni.ipv6Addresses, ...(eni.publicIp === null ? [] : [eni.publicIp])],
      groupIds: eni.groupIds,
      listen: servedBy(instance),
      stranger: strangers.get(name) ?? null,
    };
  });
  const outside = Object.values(cloud.externalHosts).map(({ name, addresses, listen }): End => {
    return {
      word: name,
      machine: name,
      interfaceId: null,
      addresses,
      groupIds: [],
      listen,
      stranger: strangers.get(name) ?? null,
    };
  });
  return [...inside, ...outside];
}

function surplusIn(world: World, scope: Scope, only: readonly FlowPattern[]): Surplus[] {
  const { cloud, ends } = world;
  const allowed = only.map((pattern) => compiled(cloud, pattern));
  const pairs = pairsIn(cloud, ends, scope);
  return pairs.flatMap(([from, to]) =>
    familiesOf(from, to).flatMap((family) => {
      const fitting = allowed.filter(({ isFrom, isTo }) => isFrom(from, family) && isTo(to, family));
      return questions(cloud, { from, to, family }, [scope, ...only])
        .filter((probe) => coversProbe(scope.traffic, probe))
        .filter((probe) => !fitting.some(({ traffic }) => coversProbe(traffic, probe)))
        .flatMap((probe) => passing(world, { from, to, family, side: sideOf(from, to, scope), probe }) ?? []);
    }),
  );
}

/** Only machines with a card have rules that are answerable. */
function sideOf(from: End, to: End, { side }: Scope): Direction {
  if (from.interfaceId === null) return 'ingress';
  return to.interfaceId === null ? 'egress' : side;
}

interface Compiled extends Pick<FlowPattern, 'traffic'> {
  readonly isFrom: EndTest;
  readonly isTo: EndTest;
}

function compiled(cloud: Cloud, { from, to, traffic }: FlowPattern): Compiled {
  return { isFrom: endTest(cloud, from), isTo: endTest(cloud, to), traffic };
}

/**
 * Pairs that a scope is about. It is about machines of the lab: strangers are among everybody else, and between two of them nothing
 * is the lab's affair.
 */
function pairsIn(cloud: Cloud, ends: readonly End[], scope: Scope): [End, End][] {
  const { isFrom, isTo } = compiled(cloud, scope);
  const within = (end: End, isMeant: EndTest, word: string) =>
    (word === ANYONE || end.stranger?.kind !== 'launched') && FAMILIES.some((family) => isMeant(end, family));
  const senders = ends.filter((end) => within(end, isFrom, scope.from));
  const receivers = ends.filter((end) => within(end, isTo, scope.to));
  return senders.flatMap((from) => receivers.filter((to) => isQuestion(from, to)).map((to): [End, End] => [from, to]));
}

function isQuestion(from: End, to: End): boolean {
  if (from.machine === to.machine || (from.interfaceId === null && to.interfaceId === null)) return false;
  // What a machine of tomorrow lets in is not decided by the lab's rules, but what is sent to it is.
  return !(to.stranger?.kind === 'launched' && (from.interfaceId === null || from.stranger !== null));
}

function familiesOf(from: End, to: End): Family[] {
  return FAMILIES.filter((family) => [from, to].every(({ addresses }) => ofFamily(addresses, family).length > 0));
}

/** One probe for each kind of traffic that the rules of both ends, network ACLs and the patterns tell apart. */
function questions(
  cloud: Cloud,
  { from, to, family }: Pick<Surplus, 'from' | 'to' | 'family'>,
  patterns: readonly FlowPattern[],
): ProbeSpec[] {
  const rulesOf = ({ groupIds }: End) => groupIds.flatMap((id) => byId(cloud.securityGroups, id).rules);
  const all = [
    ...rulesOf(from).filter(({ direction }) => direction === 'egress'),
    ...rulesOf(to).filter(({ direction }) => direction === 'ingress'),
    ...Object.values(cloud.networkAcls).flatMap(({ entries }) => entries),
    ...patterns.flatMap(({ traffic }) => traffic),
  ];
  return trafficFor(all, to.listen, family).map((traffic) => ({ from: from.word, to: to.word, ...traffic }));
}

type Asked = Pick<Surplus, 'from' | 'to' | 'family' | 'side' | 'probe'>;

function passing({ cloud, isIpv6New }: World, asked: Asked): Surplus | null {
  const { probe, to, side } = asked;
  const verdict = queryModel(cloud, { spec: probe, clientPort: CLIENT_PORT, behaviour: ORDINARY });
  const place = verdict.arrival?.place;
  const isThere = place?.kind === 'external' ? place.name === to.word : place?.interfaceId === to.interfaceId;
  if (place === undefined || !isThere) return null;
  return { ...asked, ruleIds: openers(cloud, verdict, side), needsIpv6: isIpv6New };
}

/** Rules of the answerable side, and the entry of a network ACL that somebody chose for that subnet. */
function openers(cloud: Cloud, { request }: ModelVerdict, side: Asked['side']): string[] {
  const cards = request.filter(({ stage }) => stage === (side === 'ingress' ? 'sg-ingress' : 'sg-egress'));
  const card = side === 'ingress' ? cards.at(-1) : cards[0];
  const entries = request.filter(({ stage, subnetId }) => {
    return stage === (side === 'ingress' ? 'nacl-inbound' : 'nacl-outbound') && isChosenAcl(cloud, subnetId);
  });
  return [...(card?.card?.ruleIds ?? []), ...entries.flatMap(({ rule }) => rule ?? [])];
}

function isChosenAcl(cloud: Cloud, subnetId: string | null): boolean {
  if (subnetId === null) return false;
  const subnet = byId(cloud.subnets, subnetId);
  return networkAclOf(cloud, subnet).id !== byId(cloud.vpcs, subnet.vpcId).defaultNetworkAclId;
}

function onePerRule(found: readonly Surplus[]): Surplus[] {
  const named = new Set<string>();
  return [...found]
    .sort((a, b) => obscurity(a) - obscurity(b))
    .filter(({ ruleIds }) => {
      const isNew = named.size === 0 || ruleIds.some((id) => !named.has(id));
      for (const id of ruleIds) named.add(id);
      return isNew;
    });
}

/** Machines with names, and ports on which somebody listens, show best what is open; machines of tomorrow show it last. */
function obscurity({ from, to, probe }: Surplus): number {
  const isServed = to.listen.some(
    (each) => 'port' in each && each.protocol === probe.protocol && each.port === probe.port,
  );
  const strangeness = [from, to].reduce(
    (sum, { stranger }) => sum + (stranger === null ? 0 : STRANGENESS[stranger.kind]),
    0,
  );
  return (isServed ? 0 : 1) + strangeness;
}

const STRANGENESS: Readonly<Record<Stranger['kind'], number>> = { outside: 2, launched: 4 };
