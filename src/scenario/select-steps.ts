/** Runs some steps of a file only, and what they need. */
import { isPattern, namesMatching } from '../cloud/text/name-pattern.js';
import type { Step } from './steps.js';
import type { Scenario } from './types.js';

/** These ask, and leave the lab as it is: any of them can be left out. */
const ASKS: ReadonlySet<Step['type']> = new Set(['probe', 'matrix', 'packet']);

/**
 * The scenario with the steps of this name, or whose names the pattern means, after whatever changes the lab before the last
 * of them: they are asked of the same lab as in a whole run. The name of the scenario means all of it.
 * @returns null if it means nothing here
 */
export function selectSteps(scenario: Scenario, word: string): Scenario | null {
  const isMeant = (name: string) => (isPattern(word) ? namesMatching([name], word).length > 0 : name === word);
  if (isMeant(scenario.name)) return scenario;
  const last = scenario.steps.findLastIndex(({ name }) => isMeant(name));
  if (last < 0) return null;
  const needed = scenario.steps.slice(0, last + 1).filter(({ type, name }) => !ASKS.has(type) || isMeant(name));
  return { ...scenario, steps: needed };
}
