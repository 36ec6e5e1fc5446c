/** Names of the labs of a run: each run has its own, so that two runs do not collide. */
import { isAlive } from '../../kernel/process.js';

const OWN = /^s\d{3}(?:-[a-z0-9-]+)?-conformance-(\d+)$/;

/** Turns `s058` into `s058-conformance-4711`, after this process. */
export function labOf(scenario: string): string {
  return `${scenario}-conformance-${process.pid}`;
}

/** Whether a killed run left the lab. */
export function isAbandoned(lab: string): boolean {
  const pid = Number(OWN.exec(lab)?.[1] ?? Number.NaN);
  return Number.isInteger(pid) && !isAlive(pid);
}
