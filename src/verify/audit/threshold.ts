/** What an audit's exit code and its levels follow from. */
import { EXIT, type ExitCode } from '../../errors.js';
import { SEVERITIES, type Severity, typeOf } from './catalogue.js';
import type { Audited } from './types.js';

export function severityOf({ finding }: Audited): Severity {
  return typeOf(finding.kind).severity;
}

/** At or above it, and not refuted: what a packet has shown to be closed breaks no build. */
export function failing(audited: readonly Audited[], failOn: Severity): Audited[] {
  return audited.filter(
    (each) => each.proof.status !== 'refuted' && SEVERITIES.indexOf(severityOf(each)) <= SEVERITIES.indexOf(failOn),
  );
}

export function exitCodeOf(audited: readonly Audited[], failOn: Severity): ExitCode {
  if (failing(audited, failOn).length > 0) return EXIT.expectationFailed;
  const isUnknown = audited.some(({ proof }) => proof.status === 'not-tried' && proof.unknown);
  return isUnknown ? EXIT.unknown : EXIT.ok;
}
