import { CloudError } from '../cloud/errors.js';
import { normaliseRule, type RuleSpec } from '../cloud/groups/rule-spec.js';
import type { Direction, SecurityGroup } from '../cloud/groups/types.js';
import { hasPorts, isIcmp, normaliseProtocol, normaliseRange, type PortRange } from '../cloud/protocol.js';
import { checkDescription } from '../cloud/text/names.js';
import { toRuleSpec } from '../cloud/text/peer-words.js';
import { everythingAsNumber, parsePorts, type WordedRule } from '../cloud/text/rule-words.js';
import type { Cloud } from '../cloud/types.js';
import type { ProblemList } from '../source/problems.js';
import type { Path } from '../source/tree.js';
import { placedItems } from './build-context.js';
import type { RuleDefinition } from './schema-parts.js';

/** A rule in words, with the places in the file of the whole and of its peer. */
export interface PlacedRule {
  readonly rule: WordedRule;
  readonly path: Path;
  readonly peerPath: Path;
  /** Of the only rule that its definition stands for. */
  readonly id: string | undefined;
}

/**
 * Every rule that a definition stands for: one for each pair of its ports and peers. What does not depend on the cloud
 * is checked here; a definition with a problem yields no rules.
 */
export function readRules(
  problems: ProblemList,
  path: Path,
  value: RuleDefinition | readonly RuleDefinition[] | undefined,
  direction: Direction,
): PlacedRule[] {
  return placedItems(path, value).flatMap(({ item, path: rulePath }) => readRule(problems, rulePath, item, direction));
}

/** The rule as the API would take it; undefined, and a problem at its peer, if the peer does not exist or fit. */
export function checkPeer(
  problems: ProblemList,
  cloud: Cloud,
  group: SecurityGroup,
  { rule, peerPath }: PlacedRule,
): RuleSpec | undefined {
  return problems.attempt(peerPath, () => {
    const spec = toRuleSpec(cloud, group.vpcId, rule);
    normaliseRule(cloud, group, spec);
    return spec;
  });
}

function readRule(problems: ProblemList, path: Path, definition: RuleDefinition, direction: Direction): PlacedRule[] {
  const protocol = problems.attempt([...path, 'protocol'], () =>
    normaliseProtocol(everythingAsNumber(String(definition.protocol))),
  );
  const ranges = protocol === undefined ? [] : readRanges(problems, path, protocol, definition);
  const peers = readPeers(problems, path, definition, direction);
  const description = definition.description ?? null;
  const isDescribed = problems.attempt([...path, 'description'], () => [checkDescription('rule', description ?? '')]);
  if (isDescribed === undefined) return [];
  const count = ranges.length * peers.length;
  if (definition.id !== undefined && count > 1) {
    return refuse(problems, [...path, 'id'], `${count} rules cannot all have this id`, 'Write them one by one.');
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

function readRanges(problems: ProblemList, path: Path, protocol: string, definition: RuleDefinition): PortRange[] {
  const { ports, type, code } = definition;
  if (!isIcmp(protocol) && (type !== undefined || code !== undefined)) {
    return refuse(
      problems,
      [...path, type === undefined ? 'code' : 'type'],
      `${protocol} has no types and codes`,
      'Write `ports`.',
    );
  }
  if (isIcmp(protocol)) {
    if (ports !== undefined) {
      return refuse(
        problems,
        [...path, 'ports'],
        `${protocol} has no ports`,
        'Write `type: 8, code: -1`, or nothing for all of it.',
      );
    }
    const place = [...path, type === undefined ? 'code' : 'type'];
    return found(problems.attempt(place, () => normaliseRange(protocol, type ?? -1, code ?? -1)));
  }
  // AWS ignores the ports of every other protocol (S17, S19).
  if (!hasPorts(protocol)) return [normaliseRange(protocol, null, null)];
  if (ports === undefined) return found(problems.attempt(path, () => normaliseRange(protocol, null, null)));
  return placedItems([...path, 'ports'], ports).flatMap(({ item, path: place }) =>
    found(
      problems.attempt(place, () => {
        const { fromPort, toPort } = parsePorts(String(item));
        return normaliseRange(protocol, fromPort, toPort);
      }),
    ),
  );
}

function readPeers(problems: ProblemList, path: Path, definition: RuleDefinition, direction: Direction) {
  const [key, other] = direction === 'ingress' ? (['from', 'to'] as const) : (['to', 'from'] as const);
  if (definition[other] !== undefined) {
    return refuse(
      problems,
      [...path, other],
      `an ${direction} rule has no ${quoted(other)}`,
      `Write ${quoted(key)} instead.`,
      'key',
    );
  }
  const peers = placedItems([...path, key], definition[key]);
  if (peers.length > 0) return peers;
  problems.attempt(path, () => {
    throw new CloudError(
      'MissingParameter',
      'Missing source specification: include source security group or CIDR information',
      `Write ${quoted(key)}: a CIDR block, a security group or a prefix list.`,
    );
  });
  return [];
}

function quoted(key: string): string {
  return `\`${key}\``;
}

function refuse(problems: ProblemList, path: Path, message: string, hint: string, on: 'key' | 'value' = 'value'): [] {
  problems.add(path, { message, hint, on });
  return [];
}

function found<T>(value: T | undefined): T[] {
  return value === undefined ? [] : [value];
}
