/** Finds the fewest of some changes that turn an outcome alone: a series that was found step by step may have needless parts. */
import { applyMutation } from '../../changes/mutation.js';
import { CloudError } from '../../cloud/errors.js';
import type { Cloud } from '../../cloud/types.js';
import type { Change } from './types.js';

/** Up to so many, all subsets are tried (256 at most); of more, each part alone is left out. */
const MAX_SUBSETS_OF = 8;

/** @param isTurned whether the cloud after the changes is as it should be; it is after all of them */
export function fewest(
  cloud: Cloud,
  changes: readonly Change[],
  isTurned: (cloud: Cloud) => boolean,
): readonly Change[] {
  const isEnough = (some: readonly Change[]) => {
    const after = applied(cloud, some);
    return after !== null && isTurned(after);
  };
  if (changes.length > MAX_SUBSETS_OF) return withoutNeedless(changes, isEnough);
  for (let size = 1; size < changes.length; size++) {
    const found = subsetsOf(changes, size).find(isEnough);
    if (found !== undefined) return found;
  }
  return changes;
}

function withoutNeedless(
  changes: readonly Change[],
  isEnough: (some: readonly Change[]) => boolean,
): readonly Change[] {
  return changes.reduce((kept, change) => {
    const others = kept.filter((each) => each !== change);
    return isEnough(others) ? others : kept;
  }, changes);
}

/** Those of one size, each in the order of the changes. */
function subsetsOf<T>(items: readonly T[], size: number): T[][] {
  if (size === 0) return [[]];
  return items.flatMap((item, at) => subsetsOf(items.slice(at + 1), size - 1).map((rest) => [item, ...rest]));
}

/** null where one of them cannot be made without the others. */
function applied(cloud: Cloud, changes: readonly Change[]): Cloud | null {
  try {
    return changes.map(({ mutation }) => mutation).reduce(applyMutation, cloud);
  } catch (error) {
    if (error instanceof CloudError) return null;
    throw error;
  }
}
