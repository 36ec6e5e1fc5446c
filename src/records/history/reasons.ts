import type { ChangeEntry, VerdictEntry } from './types.js';

/**
 * Of several changes between two verdicts those that are the reason: the kernel says which rule decided before and after, and these
 * changed it. All of them where no such rule is known, for groups that were attached or detached.
 */
export function withReasons(entry: VerdictEntry, changes: readonly ChangeEntry[]): VerdictEntry {
  if (entry.changes.length < 2) return entry;
  const rules = [...entry.before.rules, ...entry.after.rules];
  const reasons = changes.filter(
    (change) => entry.changes.includes(change.number) && rules.some((rule) => concerns(change, rule)),
  );
  return reasons.length === 0 ? entry : { ...entry, changes: reasons.map(({ number }) => number) };
}

/** @param rule `sgr-…`, or an entry of a network ACL: `acl-…/90` */
function concerns({ changes }: ChangeEntry, rule: string): boolean {
  const [list = '', entry] = rule.split('/');
  if (entry !== undefined) return changes.some(({ id }) => id === list);
  return changes.some(
    ({ kind, before, after }) => kind === 'securityGroups' && JSON.stringify([before, after]).includes(rule),
  );
}
