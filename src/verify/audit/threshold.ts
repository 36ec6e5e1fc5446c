/** Decides an audit's exit code and the levels of its findings. */
import { EXIT, type ExitCode } from '../../errors.js';
import { assumedGroups } from './assumed.js';
import { SEVERITIES, type Severity, typeOf } from './catalogue.js';
import type { Audited, AuditReport } from './types.js';

export function severityOf({ finding }: Audited): Severity {
  return typeOf(finding.kind).severity;
}

/** Findings of at least that severity that are not refuted: one that a packet has refuted breaks no build. */
export function failing(audited: readonly Audited[], failOn: Severity): Audited[] {
  return audited.filter(
    (each) => each.proof.status !== 'refuted' && SEVERITIES.indexOf(severityOf(each)) <= SEVERITIES.indexOf(failOn),
  );
}

export function exitCodeOf({ cloud, audited }: Pick<AuditReport, 'cloud' | 'audited'>, failOn: Severity): ExitCode {
  if (failing(audited, failOn).length > 0) return EXIT.expectationFailed;
  const isUnknown =
    assumedGroups(cloud).length > 0 || audited.some(({ proof }) => proof.status === 'not-tried' && proof.unknown);
  return isUnknown ? EXIT.unknown : EXIT.ok;
}
