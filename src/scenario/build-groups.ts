import { itemsWithPaths } from '../changes/read-parts.js';
import { fittingSpec, readRules } from '../changes/read-rules.js';
import { associateGroup } from '../cloud/groups/members.js';
import { authorize, type RuleSpec, revokeById } from '../cloud/groups/rules.js';
import { createSecurityGroup } from '../cloud/groups/security-group.js';
import type { Direction, SecurityGroup } from '../cloud/groups/types.js';
import { byId } from '../cloud/lookup.js';
import { isAddress, isCidr } from '../cloud/network/cidr.js';
import { quote } from '../cloud/text/quote.js';
import { SglabError } from '../errors.js';
import type { Path } from '../source/tree.js';
import { assignFileIds, type BuildContext, chooseVpc, findVpcId } from './build-context.js';
import type { SecurityGroupDefinition } from './schema-topology.js';

const DEFAULT = 'default';

interface MadeGroup {
  readonly id: string;
  readonly path: Path;
  readonly definition: SecurityGroupDefinition;
}

/** The groups without the rules of the file, since rules may refer to every group. */
export function buildGroups(context: BuildContext): MadeGroup[] {
  const made = Object.entries(context.definition.securityGroups ?? {}).flatMap(([key, definition]) => {
    const path = ['securityGroups', key];
    const name = definition.name ?? key;
    const group = buildGroup(context, path, name, definition);
    if (group === undefined) context.failedNames.add(name);
    return group === undefined ? [] : [{ id: group.id, path, definition }];
  });
  context.unnamed.push(...made.map(({ id, path, definition }) => ({ path, own: id, wanted: definition.id })));
  const given = assignFileIds(context);
  return made.map((group) => ({ ...group, id: given.get(group.id) ?? group.id }));
}

/** The rules of the groups. Built last, so that a rule that names a machine can be told what to write instead. */
export function buildRules(context: BuildContext, groups: readonly MadeGroup[]): void {
  for (const group of groups) {
    for (const direction of ['ingress', 'egress'] as const) {
      if (group.definition[direction] !== undefined) replaceRules(context, group, direction);
    }
  }
  assignFileIds(context);
}

function buildGroup(
  context: BuildContext,
  path: Path,
  name: string,
  definition: SecurityGroupDefinition,
): SecurityGroup | undefined {
  const vpc = chooseVpc(context, path, { kind: 'group', name, vpc: definition.vpc });
  if (vpc === undefined) return undefined;
  if (name === DEFAULT) return byId(context.cloud.securityGroups, vpc.defaultGroupId);
  if (isCidr(name) || isAddress(name)) {
    context.problems.add(path, {
      message: `${quote(name)} reads as a block, not as a group`,
      hint: 'Give it another name.',
      on: 'key',
    });
    return undefined;
  }
  if (Object.hasOwn(context.definition.prefixLists ?? {}, name)) {
    const message = `${quote(name)} is a prefix list too`;
    context.problems.add(path, {
      message,
      hint: 'Rules refer to both in the same place: rename one of them.',
      on: 'key',
    });
    return undefined;
  }
  const description = definition.description ?? name;
  const base = { vpcId: vpc.id, name, description: 'x' };
  const { problems, draft } = context;
  const rehearse = () => draft.rehearse((cloud) => createSecurityGroup(cloud, base));
  if (problems.attempt(path, rehearse, 'key') === undefined) return undefined;
  const made = problems.attempt([...path, 'description'], () =>
    draft.apply((cloud) => createSecurityGroup(cloud, { ...base, description })),
  );
  if (made === undefined) return undefined;
  associate(context, path, made.group.id, definition);
  return made.group;
}

function associate(context: BuildContext, path: Path, groupId: string, definition: SecurityGroupDefinition): void {
  for (const { path: at, item } of itemsWithPaths(['associatedVpcs'], definition.associatedVpcs)) {
    const vpcId = findVpcId(context, [...path, ...at], item);
    if (vpcId === undefined) continue;
    context.problems.attempt([...path, ...at], () =>
      context.draft.apply((cloud) => associateGroup(cloud, groupId, vpcId)),
    );
  }
}

/** The file's rules instead of what AWS put there. */
function replaceRules(context: BuildContext, { id, path, definition }: MadeGroup, direction: Direction): void {
  const old = byId(context.cloud.securityGroups, id).rules.filter((rule) => rule.direction === direction);
  const oldIds = old.map((rule) => rule.id);
  context.draft.apply((cloud) => revokeById(cloud, id, oldIds));
  const group = byId(context.cloud.securityGroups, id);
  const { problems } = context;
  const rules = readRules({ problems, path: [...path, direction] }, definition[direction], direction)
    .filter(({ rule }) => !context.failedNames.has(rule.peer))
    .flatMap((placed) => {
      const spec = problems.attempt(placed.peerPath, () => fittingSpec(context.cloud, group, placed.rule));
      return spec === undefined ? [] : [{ spec, path: placed.path, id: placed.id }];
    });
  authorizeAll(context, group, rules);
}

/** All at once; only if that fails one by one, to find the rules at fault. */
function authorizeAll(
  context: BuildContext,
  group: SecurityGroup,
  rules: readonly { readonly spec: RuleSpec; readonly path: Path; readonly id: string | undefined }[],
): void {
  const authorizeSome = (specs: readonly RuleSpec[]) =>
    context.draft.apply((cloud) => authorize(cloud, group.id, specs));
  try {
    const made = authorizeSome(rules.map(({ spec }) => spec)).rules;
    const adoptions = rules.map(({ path, id: wanted }, position) => ({ path, own: made[position]?.id ?? '', wanted }));
    context.unnamed.push(...adoptions);
  } catch (error) {
    if (!(error instanceof SglabError)) throw error;
    for (const { spec, path } of rules) context.problems.attempt(path, () => authorizeSome([spec]));
  }
}
