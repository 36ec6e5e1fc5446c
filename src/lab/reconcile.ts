/**
 * The one place that decides what is done to the kernel, and in which order: what is known and what is wanted become phases
 * of operations. Pure; nothing is asked and nothing is done here.
 */

import { FINGERPRINT, OWNER, ownershipTag } from '../kernel/lab-names.js';
import { type LinkEnd, NO_ROUTING } from '../kernel/objects.js';
import type { LoadRuleset, Operation } from '../kernel/operation.js';
import { difference, render } from '../ruleset/nft-text.js';
import type { Ruleset } from '../ruleset/ruleset.js';
import { compare, type KeptNamespace, type Shape } from './compare.js';
import type { Known } from './known.js';
import { fingerprintOf, type NamespaceState, type States } from './namespace-state.js';

/** Operations that do not wait for one another; the next phase waits for all of them. */
export interface Phase {
  readonly title: string;
  readonly operations: readonly Operation[];
}

export interface Situation {
  readonly lab: string;
  readonly known: Known;
  readonly wanted: States;
  /** Names of namespaces of which more may differ than what an unfinished change has left. */
  readonly touched: Iterable<string>;
}

/** From what is known to what is wanted. After a failure in any place another one can be worked out, to wherever. */
export interface Change {
  /** Makes what is missing and changes what stays; what goes is still there and works. */
  readonly grow: readonly Phase[];
  /** Removes what goes: until then all of it can be taken back. */
  readonly shrink: readonly Phase[];
  /** The namespaces that are as they are wanted after `grow`. */
  readonly wanted: States;
  /** Names that nothing of ours may have yet. */
  readonly newNames: readonly string[];
  /** Whether links, addresses, routes and kernel parameters stay as they are. */
  readonly isOnlyRulesets: boolean;
}

export function reconcile(situation: Situation): Change {
  const shape = compare(situation);
  const { created, rebuilt, kept, gone } = shape;
  // What an earlier process left is in the way of what is made: nobody knows what it would let pass.
  const left = gone.filter((name) => situation.known.get(name)?.isFound);
  const inTheWay = [...rebuilt, ...left];
  const phases: readonly Phase[] = [
    { title: 'remove what is in the way', operations: removals(inTheWay, situation.known) },
    { title: 'make namespaces', operations: created.map((state) => create(situation.lab, state)) },
    { title: 'set kernel parameters, which links inherit', operations: firstSysctls(situation.lab, shape) },
    { title: 'wait until names are free', operations: isFoundAny(inTheWay, situation.known) ? freeNames(shape) : [] },
    { title: 'make links, whose far ends stay down', operations: created.flatMap(linkOperations) },
    // Before Linux 6.16 a netdev chain needs its device, so links come first; they carry nothing yet, so the default drop is
    // in force before the first packet.
    { title: 'load rulesets', operations: rulesetOperations(shape) },
    { title: 'change kernel parameters', operations: changedSysctls(shape, (entry) => !turnsIpv6Off(entry)) },
    // Far ends come up here.
    { title: 'set addresses, neighbours and routes, and bring links up', operations: settingOperations(shape) },
    { title: 'route', operations: routingOperations(shape) },
    // What is new comes before what goes, so that no flow that stays finds neither.
    { title: 'take back what is left over', operations: kept.flatMap(leftOver) },
    // The kernel then removes by itself what is left of IPv6; what is removed before has to be there.
    { title: 'turn IPv6 off', operations: changedSysctls(shape, turnsIpv6Off) },
    { title: 'wait until links carry', operations: carriers(shape) },
    { title: 'mark as complete', operations: marks(shape) },
  ];
  const last = gone.filter((name) => !left.includes(name));
  return {
    grow: phases.filter(({ operations }) => operations.length > 0),
    shrink: last.length === 0 ? [] : [{ title: 'remove what goes', operations: removals(last, situation.known) }],
    wanted: new Map([...created, ...kept.map(({ state }) => state)].map((state) => [state.name, state])),
    newNames: created.map(({ name }) => name).filter((name) => situation.known.get(name) === undefined),
    isOnlyRulesets: last.length === 0 && phases.every(({ operations }) => operations.every(isOfRuleset)),
  };
}

function isOfRuleset({ type }: Operation): boolean {
  return type === 'load ruleset' || type === 'change ruleset';
}

function removals(names: readonly string[], known: Known): Operation[] {
  const going = new Set(names);
  const farEnds = (name: string): LinkEnd[] =>
    (known.get(name)?.links ?? [])
      .map(({ far }) => far)
      .filter(({ namespace }) => !going.has(namespace) && known.get(namespace) !== undefined);
  return names.map((name) => ({ type: 'remove', namespace: name, farEnds: farEnds(name) }));
}

function isFoundAny(names: readonly string[], known: Known): boolean {
  return names.some((name) => known.get(name)?.isFound);
}

/** The owner of a machine's namespace is its mark, which root inside cannot change. */
function create(lab: string, { name, isMachine }: NamespaceState): Operation {
  return { type: 'create', namespace: name, owner: isMachine ? ownershipTag(lab) : null };
}

/** The mark comes first: by it a later process knows the namespace for the lab's. */
function firstSysctls(lab: string, { created, kept }: Shape): Operation[] {
  const owner = { [OWNER]: ownershipTag(lab) };
  const unknown = kept.filter(({ known }) => known.sysctls === null).map(({ state }) => state);
  return [
    ...created.filter(({ isMachine }) => !isMachine).map(({ name }) => ({ name, sysctls: owner })),
    ...[...created, ...unknown].map(({ name, sysctls }) => ({ name, sysctls })),
  ].map(({ name, sysctls }) => ({ type: 'sysctls', namespace: name, sysctls }));
}

type SysctlEntry = readonly [key: string, value: number | string];

function changedSysctls({ kept }: Shape, isMeant: (entry: SysctlEntry) => boolean): Operation[] {
  return kept.flatMap(({ state: { name }, known, sysctls: changed }): Operation[] => {
    const sysctls = Object.fromEntries(Object.entries(changed).filter(isMeant));
    if (known.sysctls === null || Object.keys(sysctls).length === 0) return [];
    return [{ type: 'sysctls', namespace: name, sysctls }];
  });
}

function turnsIpv6Off([key, value]: SysctlEntry): boolean {
  return key.endsWith('.disable_ipv6') && Number(value) === 1;
}

function freeNames({ created, createdNames }: Shape): Operation[] {
  const ends = created.flatMap(({ links }) => links.map(({ far }) => far));
  return awaiting(
    'free names',
    ends.filter(({ namespace }) => !createdNames.has(namespace)),
  );
}

function linkOperations({ name, bridges, links }: NamespaceState): Operation[] {
  return [
    ...bridges.map((bridge): Operation => ({ type: 'bridge', namespace: name, bridge })),
    ...links.map((link): Operation => ({ type: 'link', namespace: name, link })),
  ];
}

function settingOperations({ created, kept }: Shape): Operation[] {
  return [
    ...created.map(({ name, settings }) => ({ name, settings })),
    ...kept.map(({ state: { name }, settings }) => ({ name, settings: settings.set })),
  ].flatMap(({ name, settings }): Operation[] =>
    settings.length === 0 ? [] : [{ type: 'set', namespace: name, settings }],
  );
}

function leftOver({ state: { name }, settings: { unset } }: KeptNamespace): Operation[] {
  return unset.length === 0 ? [] : [{ type: 'unset', namespace: name, settings: unset }];
}

function routingOperations({ created, kept }: Shape): Operation[] {
  return [
    ...created.flatMap(({ name, routing }) => (routing === undefined ? [] : [{ name, from: NO_ROUTING, to: routing }])),
    ...kept.flatMap(({ state: { name }, routing }) => (routing === null ? [] : [{ name, ...routing }])),
  ].map(({ name, from, to }) => ({ type: 'route', namespace: name, from, to }));
}

/** Many whole rulesets are loaded side by side; a change is one transaction, which keeps what packets have put into sets. */
function rulesetOperations({ created, kept }: Shape): Operation[] {
  return [
    ...created.flatMap(({ name, ruleset }) => (ruleset === null ? [] : [loadRuleset(name, ruleset)])),
    ...kept.flatMap(({ state: { name, ruleset }, known }): Operation[] => {
      if (ruleset === null) return [];
      return known.ruleset === null ? [loadRuleset(name, ruleset)] : changeRuleset(name, known.ruleset, ruleset());
    }),
  ];
}

/** Worked out and written when it is needed, or before, while other processes make namespaces. */
function loadRuleset(namespace: string, make: () => Ruleset): LoadRuleset {
  let text: string | undefined;
  return {
    type: 'load ruleset',
    namespace,
    get to() {
      return make();
    },
    get text() {
      text ??= render(make());
      return text;
    },
  };
}

function changeRuleset(namespace: string, from: Ruleset | 'none', to: Ruleset): Operation[] {
  if (from === to) return [];
  const text = from === 'none' ? render(to) : difference(from, to);
  return text === null ? [] : [{ type: 'change ruleset', namespace, to, text }];
}

/** All links that are new, or of which nobody has seen that they carry. */
function carriers({ created, kept }: Shape): Operation[] {
  const links = [...created, ...kept.filter(({ known }) => known.isFound).map(({ state }) => state)].flatMap(
    (state) => state.links,
  );
  return awaiting(
    'carrier',
    links.flatMap(({ near, far }) => [near, far]),
  );
}

function awaiting(type: 'carrier' | 'free names', ends: readonly LinkEnd[]): Operation[] {
  return [...new Set(ends.map(({ namespace }) => namespace))].map((namespace) => {
    return { type, namespace, links: ends.filter((end) => end.namespace === namespace).map(({ name }) => name) };
  });
}

/** Of all in which anything but the ruleset is wanted otherwise than it is marked. */
function marks({ created, kept }: Shape): Operation[] {
  const changed = kept.filter(({ state, known }) => known.fingerprint !== fingerprintOf(state));
  return [...created, ...changed.map(({ state }) => state)].map((state) => {
    return { type: 'sysctls', namespace: state.name, sysctls: { [FINGERPRINT]: fingerprintOf(state) } };
  });
}
