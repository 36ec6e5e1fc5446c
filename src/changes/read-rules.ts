/** Rules of security groups as a file defines them: how they are read, and how they become what the API takes. */
import { CloudError } from '../cloud/errors.js';
import { normaliseRule, type RuleSpec } from '../cloud/groups/rules.js';
import type { Direction, SecurityGroup } from '../cloud/groups/types.js';
import { hasPorts, isIcmp, normaliseProtocol, normaliseRange, type PortRange } from '../cloud/protocol.js';
import { checkDescription } from '../cloud/text/names.js';
import { resolveGroup, toRuleSpec } from '../cloud/text/resolve.js';
import { allAsNumber, parsePorts, type UnresolvedRule } from '../cloud/text/rule.js';
import type { Cloud } from '../cloud/types.js';
import type { ProblemList } from '../source/problems.js';
import type { Path } from '../source/tree.js';
import { itemsWithPaths } from './read-parts.js';
import type { RuleDefinition } from './schema-parts.js';
import type { Place, PlacedCheck } from './verb.js';

/** A rule in words, with the places in the file of the whole and of its peer. */
export interface LocatedRule {
  readonly rule: UnresolvedRule;
  readonly path: Path;
  readonly peerPath: Path;
  /** The id that the file gives it; only a definition that stands for a single rule can. */
  readonly id: string | undefined;
}

/**
 * Every rule that a definition stands for: one for each pair of its ports and peers. What does not depend on the cloud
 * is checked here; a definition with a problem yields no rules.
 */
export function readRules(
  { problems, path }: Place,
  value: RuleDefinition | readonly RuleDefinition[] | undefined,
  direction: Direction,
): LocatedRule[] {
  return itemsWithPaths(path, value).flatMap(({ item, path: place }) =>
    readRule({ problems, path: place }, item, direction),
  );
}

/** The rules of a group's step, under `ingress` and `egress`. */
export function readBothDirections(
  { problems, path }: Place,
  definition: { readonly [D in Direction]?: RuleDefinition | readonly RuleDefinition[] | undefined },
): LocatedRule[] {
  return (['ingress', 'egress'] as const).flatMap((direction) =>
    readRules({ problems, path: [...path, direction] }, definition[direction], direction),
  );
}

export function nothingToDo({ problems, path }: Place, verb: string): void {
  problems.add(path, { message: `nothing to ${verb}`, hint: 'Write `ingress` or `egress` with a rule.' });
}

/** The checks that need the cloud: whether the peers of a group's rules exist and fit. */
export function checkedPeers(group: string, rules: readonly LocatedRule[]): PlacedCheck[] {
  return rules.map(({ rule, peerPath }) => ({
    path: peerPath,
    find: (cloud) => fittingSpec(cloud, resolveGroup(cloud, group), rule),
  }));
}

/** The rule as the API would take it. Throws CloudError for a peer that does not exist or fit. */
export function fittingSpec(cloud: Cloud, group: SecurityGroup, rule: UnresolvedRule): RuleSpec {
  const spec = toRuleSpec(cloud, group.vpcId, rule);
  normaliseRule(cloud, group, spec);
  return spec;
}

/** The rules as the API would take them; whether they fit is left to the change. */
export function specsOf(cloud: Cloud, group: SecurityGroup, rules: readonly UnresolvedRule[]): RuleSpec[] {
  return rules.map((rule) => toRuleSpec(cloud, group.vpcId, rule));
}

function readRule(place: Place, definition: RuleDefinition, direction: Direction): LocatedRule[] {
  const { problems, path } = place;
  const protocol = problems.attempt([...path, 'protocol'], () =>
    normaliseProtocol(allAsNumber(String(definition.protocol))),
  );
  const ranges = protocol === undefined ? [] : readRanges(place, protocol, definition);
  const peers = readPeers(place, definition, direction);
  const description = definition.description ?? null;
  const isDescribed = problems.attempt([...path, 'description'], () => [checkDescription('rule', description ?? '')]);
  if (isDescribed === undefined) return [];
  const count = ranges.length * peers.length;
  if (definition.id !== undefined && count > 1) {
    return refuse(place, 'id', { message: `${count} rules cannot all have this id`, hint: 'Write them one by one.' });
  }
  return ranges.flatMap((range) =>
    peers.map(({ item, path: peerPath }) => ({
      rule: { direction, protocol: protocol ?? '-1', ...range, peer: item, description },
      path,
      peerPath,
      id: definition.id,
    })),
  );
}

function readRanges(place: Place, protocol: string, { ports, type, code }: RuleDefinition): PortRange[] {
  const { problems, path } = place;
  const typeOrCode = type === undefined ? 'code' : 'type';
  if (isIcmp(protocol)) {
    if (ports !== undefined) {
      const hint = 'Write `type: 8, code: -1`, or nothing for all of it.';
      return refuse(place, 'ports', { message: `${protocol} has no ports`, hint });
    }
    return found(problems.attempt([...path, typeOrCode], () => normaliseRange(protocol, type ?? -1, code ?? -1)));
  }
  if ((type ?? code) !== undefined) {
    return refuse(place, typeOrCode, { message: `${protocol} has no types and codes`, hint: 'Write `ports`.' });
  }
  // AWS ignores the ports of every other protocol (S17, S19).
  if (!hasPorts(protocol)) return [normaliseRange(protocol, null, null)];
  if (ports === undefined) return found(problems.attempt(path, () => normaliseRange(protocol, null, null)));
  return itemsWithPaths([...path, 'ports'], ports).flatMap(({ item, path: portsPath }) =>
    found(
      problems.attempt(portsPath, () => {
        const { fromPort, toPort } = parsePorts(String(item));
        return normaliseRange(protocol, fromPort, toPort);
      }),
    ),
  );
}

function readPeers(place: Place, definition: RuleDefinition, direction: Direction) {
  const [key, other] = direction === 'ingress' ? (['from', 'to'] as const) : (['to', 'from'] as const);
  if (definition[other] !== undefined) {
    const message = `an ${direction} rule has no \`${other}\``;
    return refuse(place, other, { message, hint: `Write \`${key}\` instead.`, on: 'key' });
  }
  const peers = itemsWithPaths([...place.path, key], definition[key]);
  if (peers.length > 0) return peers;
  place.problems.attempt(place.path, () => {
    throw new CloudError(
      'MissingParameter',
      'Missing source specification: include source security group or CIDR information',
      `Write \`${key}\`: a CIDR block, a security group or a prefix list.`,
    );
  });
  return [];
}

function refuse({ problems, path }: Place, key: string, problem: Parameters<ProblemList['add']>[1]): [] {
  problems.add([...path, key], problem);
  return [];
}

function found<T>(value: T | undefined): T[] {
  return value === undefined ? [] : [value];
}
