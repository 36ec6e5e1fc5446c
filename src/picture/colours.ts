/** The colours of security groups: each keeps its own, whatever groups come after it. */
import type { Cloud } from '../cloud/types.js';

/** Hues that are told apart at a glance, in degrees. */
const HUES = [0, 30, 55, 90, 130, 165, 190, 215, 245, 275, 305, 335] as const;

/** The hue of each group by its id. Its id chooses it; where an earlier group has that one, the next that is free. */
export function groupHues({ securityGroups }: Pick<Cloud, 'securityGroups'>): ReadonlyMap<string, number> {
  const taken = HUES.map(() => 0);
  return new Map(
    Object.keys(securityGroups).map((id) => {
      const first = sumOf(id) % HUES.length;
      const slots = HUES.map((_, at) => (first + at) % HUES.length);
      const least = Math.min(...taken);
      const slot = slots.find((each) => taken[each] === least) ?? first;
      taken[slot] = (taken[slot] ?? 0) + 1;
      return [id, HUES[slot] ?? 0];
    }),
  );
}

function sumOf(id: string): number {
  let sum = 0;
  for (const character of id) sum = (sum * 31 + character.charCodeAt(0)) % 1_000_003;
  return sum;
}
