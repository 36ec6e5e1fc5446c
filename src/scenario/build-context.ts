import { assignIds, checkAssignedId, idsOf } from '../cloud/ids.js';
import { named } from '../cloud/lookup.js';
import type { Subnet, Vpc } from '../cloud/network/types.js';
import type { Draft } from '../cloud/records.js';
import { quote } from '../cloud/text/quote.js';
import { hintFor } from '../cloud/text/suggest.js';
import type { Cloud } from '../cloud/types.js';
import { SglabError } from '../errors.js';
import type { ProblemList } from '../source/problems.js';
import type { Path } from '../source/tree.js';
import { entriesOf } from './counted.js';
import type { ScenarioDefinition } from './schema.js';
import type { SubnetDefinition } from './schema-topology.js';

/** The builders share the file, its problems, and the cloud as far as it is built. */
export interface BuildContext {
  readonly definition: ScenarioDefinition;
  readonly problems: ProblemList;
  /** Groups and prefix lists that could not be made. Whatever refers to them is not to blame. */
  readonly failedNames: Set<string>;
  /** The places of VPCs, groups and rules in the file, by their ids. */
  readonly places: Map<string, Path>;
  /** What was made and waits for the id that the file gives it. */
  readonly unnamed: IdAssignment[];
  readonly draft: Draft;
  /** The draft's. */
  readonly cloud: Cloud;
}

/** A way to make something, with the places in the file that its input comes from, relative to its own. */
export interface Recipe<I extends object, R extends { readonly cloud: Cloud }> {
  readonly make: (cloud: Cloud, input: I) => R;
  /** The part of the input that it cannot do without. */
  readonly base: I;
  readonly basePath: Path;
  readonly parts: readonly (readonly [Path, Partial<I>])[];
}

/**
 * Makes it from all its parts. If that fails, finds the part at fault by adding one after the other, and reports the
 * error in its place.
 */
export function attemptParts<I extends object, R extends { readonly cloud: Cloud }>(
  context: BuildContext,
  path: Path,
  recipe: Recipe<I, R>,
): R | undefined {
  const input = Object.assign({}, recipe.base, ...recipe.parts.map(([, part]) => part));
  try {
    return context.draft.apply((cloud) => recipe.make(cloud, input));
  } catch (error) {
    if (!(error instanceof SglabError)) throw error;
    blame(context, path, recipe);
    return undefined;
  }
}

function blame<I extends object, R extends { readonly cloud: Cloud }>(
  { problems, draft }: BuildContext,
  path: Path,
  { make, base, basePath, parts }: Recipe<I, R>,
): void {
  let input = base;
  const rehearse = () => draft.rehearse((cloud) => make(cloud, input));
  if (problems.attempt([...path, ...basePath], rehearse) === undefined) return;
  for (const [key, part] of parts) {
    input = { ...input, ...part };
    if (problems.attempt([...path, ...key], rehearse) === undefined) return;
  }
}

/** Something that was just made, and the id that the file gives it. */
export interface IdAssignment {
  readonly path: Path;
  readonly own: string;
  readonly wanted: string | undefined;
}

/**
 * Gives what was made since the last time the ids that the file says, and notes where it stands. A section calls it at its
 * end: every id that is given goes through the whole cloud once. Returns what things are then called: own id -> id.
 */
export function assignFileIds(context: BuildContext): ReadonlyMap<string, string> {
  const adoptions = context.unnamed.splice(0);
  const wishes = adoptions.filter(({ wanted, own }) => wanted !== undefined && wanted !== own);
  const taken = wishes.length === 0 ? new Set<string>() : idsOf(context.cloud);
  const given = new Map<string, string>();
  for (const { path, own, wanted = own } of wishes) {
    const isFit = context.problems.attempt([...path, 'id'], () => [checkAssignedId(taken, own, wanted)]);
    if (isFit === undefined) continue;
    taken.add(wanted);
    given.set(own, wanted);
  }
  context.draft.apply((cloud) => assignIds(cloud, given));
  for (const { path, own } of adoptions) context.places.set(given.get(own) ?? own, path);
  return given;
}

interface VpcReference {
  /** A noun for the messages: `group`, `route table`. */
  readonly kind: string;
  readonly name: string;
  /** The VPC's name, if the file gives it. */
  readonly vpc: string | undefined;
}

/** The VPC that is named, or the only one; undefined, and a problem, if there is none. */
export function chooseVpc(
  context: BuildContext,
  path: Path,
  { kind, name, vpc: wanted }: VpcReference,
): Vpc | undefined {
  const declared = Object.keys(context.definition.vpcs);
  const word = wanted ?? (declared.length === 1 ? declared[0] : undefined);
  if (word === undefined) {
    const message = `${kind} ${quote(name)} needs \`vpc\`, since there are ${declared.length} VPCs`;
    context.problems.add(path, {
      message,
      hint: `Write \`vpc: ${declared[0] ?? '…'}\` or another of them.`,
      on: 'key',
    });
    return undefined;
  }
  return findVpc(context, [...path, 'vpc'], word);
}

/** The id of the VPC of that name; undefined, and a problem unless the file has one that could not be built. */
export function findVpcId(context: BuildContext, path: Path, word: string, on?: 'key' | 'value'): string | undefined {
  return findVpc(context, path, word, on)?.id;
}

function findVpc(
  { cloud, definition, problems }: BuildContext,
  path: Path,
  word: string,
  on: 'key' | 'value' = 'value',
): Vpc | undefined {
  const [vpc] = named(cloud.vpcs, word);
  const declared = Object.keys(definition.vpcs);
  if (vpc === undefined && !declared.includes(word)) {
    problems.add(path, { message: `there is no VPC ${quote(word)}`, hint: hintFor(word, declared) ?? null, on });
  }
  return vpc;
}

/** A subnet that was built, with what the file says of it and where. */
export interface FileSubnet {
  readonly path: Path;
  readonly subnet: Subnet;
  readonly definition: SubnetDefinition;
}

export function subnetsOfFile({ definition, cloud }: BuildContext): FileSubnet[] {
  return Object.entries(definition.vpcs).flatMap(([vpcName, { subnets = {} }]) => {
    const [vpc] = named(cloud.vpcs, vpcName);
    return entriesOf(['vpcs', vpcName, 'subnets'], subnets).flatMap(({ name, path, definition: subnetDefinition }) => {
      const subnet = named(cloud.subnets, name).find(({ vpcId }) => vpcId === vpc?.id);
      return subnet === undefined ? [] : [{ path, subnet, definition: subnetDefinition }];
    });
  });
}
