/**
 * Rules that allow more than a goal needs where no such packet arrives: nobody has the address, something else stops it, or the
 * goal is not about it. They are no mistake of today, and worth a remark. Asked when there is no surplus.
 */
import { blocksOf } from '../../cloud/groups/members.js';
import type { Direction, Family, SecurityGroupRule } from '../../cloud/groups/types.js';
import { byId } from '../../cloud/lookup.js';
import { type Cidr, cidrContains, formatAddress, parseAddress } from '../../cloud/network/cidr.js';
import type { ProbeSpec } from '../../cloud/text/probe.js';
import type { Cloud } from '../../cloud/types.js';
import { trafficFor } from '../questions.js';
import { blocksSpokenOf, cellsOf } from './address-cells.js';
import { coversProbe, endTest, ofFamily } from './patterns.js';
import { type World, worldsOf } from './surplus.js';
import type { ClosedWorld, End, FlowPattern, Scope } from './types.js';

export interface WideRule {
  readonly ruleId: string;
  /** A packet that it allows and no goal needs; the other end is an address, or a machine's name. */
  readonly example: { readonly peer: string; readonly probe: ProbeSpec; readonly direction: Direction };
}

export function wideRules(cloud: Cloud, closed: ClosedWorld): WideRule[] {
  const [, tomorrow] = worldsOf(cloud, closed);
  if (tomorrow === undefined) return [];
  const blocks = blocksSpokenOf(cloud, [...closed.scopes, ...closed.only]);
  const found = closed.scopes.flatMap((scope) =>
    ownEnds(tomorrow, scope).flatMap((own) =>
      rulesOf(tomorrow.cloud, own, scope.side).flatMap(
        (rule) => exampleOf(tomorrow, closed, { scope, own, rule, blocks }) ?? [],
      ),
    ),
  );
  return [...new Map(found.map((each) => [each.ruleId, each])).values()];
}

/** The machines whose rules are answerable. */
function ownEnds({ cloud, ends }: World, { from, to, side }: Scope): End[] {
  const isMeant = endTest(cloud, side === 'ingress' ? to : from);
  return ends.filter(
    (end) => end.stranger === null && end.interfaceId !== null && (isMeant(end, 'ipv4') || isMeant(end, 'ipv6')),
  );
}

function rulesOf(cloud: Cloud, { groupIds }: End, side: Direction): SecurityGroupRule[] {
  return groupIds.flatMap((id) => byId(cloud.securityGroups, id).rules).filter(({ direction }) => direction === side);
}

interface Asked {
  readonly scope: Scope;
  readonly own: End;
  readonly rule: SecurityGroupRule;
  readonly blocks: readonly Cidr[];
}

function exampleOf(world: World, closed: ClosedWorld, { scope, own, rule, blocks }: Asked): WideRule | null {
  const { side } = scope;
  const patterns = [scope, ...closed.only, ...closed.needed];
  const kinds = [rule, ...patterns.flatMap(({ traffic }) => traffic)];
  const allowed = peersOf(world, rule, blocks).flatMap(({ peer, family }) =>
    trafficFor(kinds, own.listen, family)
      .map((traffic) => ({ from: '', to: '', ...traffic }))
      .filter((probe) => coversProbe([rule], probe))
      .map((probe): Allowed => ({ peer, family, probe })),
  );
  const isAsked = (all: readonly FlowPattern[], each: Allowed) =>
    all.some(
      (pattern) => coversProbe(pattern.traffic, each.probe) && isBetween(world.cloud, pattern, { ...each, own, side }),
    );
  const inScope = allowed.filter(({ probe }) => coversProbe(scope.traffic, probe));
  // What a goal is not about is another goal's affair, unless no goal at all needs the rule.
  const isNeeded = inScope.length === 0 && allowed.some((each) => isAsked(closed.needed, each));
  const unneeded = (inScope.length === 0 ? allowed : inScope).find((each) => !isAsked(closed.only, each));
  if (isNeeded || unneeded === undefined) return null;
  return { ruleId: rule.id, example: { peer: unneeded.peer.word, probe: unneeded.probe, direction: side } };
}

/** A packet that a rule allows. */
interface Allowed extends Peer {
  readonly probe: ProbeSpec;
}

interface Peer {
  readonly peer: End;
  readonly family: Family;
}

/** Whom the rule names: those that there are or may be, and addresses that nobody has. */
function peersOf({ cloud, ends }: World, { peer }: SecurityGroupRule, blocks: readonly Cidr[]): Peer[] {
  const named = peer.type === 'group' ? ends.filter(({ groupIds }) => groupIds.includes(peer.groupId)) : [];
  const members = named.flatMap((end) => familiesOf(end).map((family) => ({ peer: end, family })));
  const held = blocksOf(cloud, peer).flatMap((block) => {
    const inside = ends.filter(({ addresses }) => addresses.some((each) => cidrContains(block, parseAddress(each))));
    const addresses = cellsOf(block, blocks).map(({ family, first }) => formatAddress(family, first));
    const nobodies = addresses.filter((each) => !ends.some((end) => end.addresses.includes(each))).map(nobodyAt);
    return [...inside, ...nobodies].map((end) => ({ peer: end, family: block.family }));
  });
  return [...members, ...held];
}

function familiesOf({ addresses }: End): Family[] {
  return (['ipv4', 'ipv6'] as const).filter((family) => ofFamily(addresses, family).length > 0);
}

function nobodyAt(address: string): End {
  const { family } = parseAddress(address);
  const addresses = [address];
  return {
    word: address,
    machine: `${family} ${address}`,
    interfaceId: null,
    addresses,
    groupIds: [],
    listen: [],
    stranger: null,
  };
}

function isBetween(
  cloud: Cloud,
  { from, to }: FlowPattern,
  { own, peer, family, side }: Peer & { readonly own: End; readonly side: Direction },
): boolean {
  const [sender, receiver] = side === 'ingress' ? [peer, own] : [own, peer];
  return endTest(cloud, from)(sender, family) && endTest(cloud, to)(receiver, family);
}
