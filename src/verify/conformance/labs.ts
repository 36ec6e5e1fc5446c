/** Names of the labs of a run: each run has its own, so that two of them do not meet. */
import { isAlive } from '../../kernel/process.js';

const OWN = /^s\d{3}(?:-[a-z0-9-]+)?-conformance-(\d+)$/;

/** `s058` becomes `s058-conformance-4711`, after this process. */
export function labOf(scenario: string): string {
  return `${scenario}-conformance-${process.pid}`;
}

/** Whether a lab is one that a killed run left. */
export function isAbandoned(lab: string): boolean {
  const pid = Number(OWN.exec(lab)?.[1] ?? Number.NaN);
  return Number.isInteger(pid) && !isAlive(pid);
}
