/** Names of the labs of a run: each run has its own, so that two of them do not meet. */
import { knownLabs } from '../../controller/client.js';
import { takeDown } from '../../controller/take-down.js';
import { isAlive } from '../../kernel/process.js';
import { LabInUseError } from '../../lab/errors.js';

const OWN = /^s\d{3}(?:-[a-z0-9-]+)?-conformance-(\d+)$/;

/** `s058` becomes `s058-conformance-4711`, after this process. */
export function labOf(scenario: string): string {
  return `${scenario}-conformance-${process.pid}`;
}

/** Removes what a killed run left. */
export async function removeAbandonedLabs(): Promise<void> {
  for (const lab of knownLabs().filter(isAbandoned)) {
    await takeDown(lab).catch((error: unknown) => {
      // Another run tidies up at this moment.
      if (!(error instanceof LabInUseError)) throw error;
    });
  }
}

function isAbandoned(lab: string): boolean {
  const pid = Number(OWN.exec(lab)?.[1] ?? Number.NaN);
  return Number.isInteger(pid) && !isAlive(pid);
}
