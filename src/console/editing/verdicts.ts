/** Two opinions about a cell: what the model said would be, and what packets met. */
import type { CellVerdict } from '../../controller/console/protocol.js';
import { outcomeText } from '../../verdict/phrases.js';
import type { ProbeResult } from '../../verdict/types.js';

/** Ids of the rule that stopped it, or of those that let it pass. */
export function decidingRules({ rule, path }: ProbeResult): readonly string[] {
  if (rule !== null) return [rule];
  return [...new Set(path.flatMap((hop) => hop.rule ?? []))];
}

/** A sentence where packets met something else than the model said; null where they agree, or nothing was observed. */
export function contradiction(expected: CellVerdict, result: ProbeResult): string | null {
  if (result.outcome === 'unknown') return null;
  const [said, met] = [outcomeText(expected), outcomeText(result)];
  return said === met ? null : `The model says ${said}, packets met ${met}.`;
}
