import { checkGivenId, giveIds, idsOf } from '../cloud/ids.js';
import type { Cloud } from '../cloud/types.js';
import { SglabError } from '../errors.js';
import type { ProblemList } from '../source/problems.js';
import type { Path } from '../source/tree.js';
import type { ScenarioDefinition } from './schema.js';

/** What the builders share: the file, what is wrong with it, and the cloud as far as it is built. */
export interface BuildContext {
  readonly definition: ScenarioDefinition;
  readonly problems: ProblemList;
  /** Groups and prefix lists that could not be made: who refers to them is not to blame. */
  readonly failedNames: Set<string>;
  /** Where VPCs, groups and rules stand, by their ids. */
  readonly places: Map<string, Path>;
  cloud: Cloud;
}

/** How to make something, with the places in the file that its input comes from, relative to its own. */
export interface Recipe<I extends object, R extends { readonly cloud: Cloud }> {
  readonly make: (cloud: Cloud, input: I) => R;
  /** What it needs at least, and where that stands. */
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
  try {
    const made = recipe.make(context.cloud, Object.assign({}, recipe.base, ...recipe.parts.map(([, part]) => part)));
    context.cloud = made.cloud;
    return made;
  } catch (error) {
    if (!(error instanceof SglabError)) throw error;
    blame(context, path, recipe);
    return undefined;
  }
}

function blame<I extends object, R extends { readonly cloud: Cloud }>(
  { problems, cloud }: BuildContext,
  path: Path,
  { make, base, basePath, parts }: Recipe<I, R>,
): void {
  let input = base;
  if (problems.attempt([...path, ...basePath], () => make(cloud, input)) === undefined) return;
  for (const [key, part] of parts) {
    input = { ...input, ...part };
    if (problems.attempt([...path, ...key], () => make(cloud, input)) === undefined) return;
  }
}

/** Something that was just made, and the id that the file gives it. */
export interface Adoption {
  readonly path: Path;
  readonly own: string;
  readonly wanted: string | undefined;
}

/** Gives things the ids that the file says, and notes where they stand. What they are then called: own id -> id. */
export function adoptIds(context: BuildContext, adoptions: readonly Adoption[]): ReadonlyMap<string, string> {
  const wishes = adoptions.filter(({ wanted, own }) => wanted !== undefined && wanted !== own);
  const taken = wishes.length === 0 ? new Set<string>() : idsOf(context.cloud);
  const given = new Map<string, string>();
  for (const { path, own, wanted = own } of wishes) {
    const isFit = context.problems.attempt([...path, 'id'], () => [checkGivenId(taken, own, wanted)]);
    if (isFit === undefined) continue;
    taken.add(wanted);
    given.set(own, wanted);
  }
  context.cloud = giveIds(context.cloud, given);
  for (const { path, own } of adoptions) context.places.set(given.get(own) ?? own, path);
  return given;
}

/** The same for one thing; returns its id. */
export function adoptId(context: BuildContext, path: Path, own: string, wanted: string | undefined): string {
  return adoptIds(context, [{ path, own, wanted }]).get(own) ?? own;
}
