import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from '../kernel/process.js';
import { isController } from '../lab/errors.js';
import { Lab } from '../lab/lab.js';
import { holderElsewhere, lostHolder, readHolder, runDirectory } from '../lab/run-directory.js';
import { ControllerEndedError, call, NoControllerError } from './client.js';

/**
 * Takes a lab down through its controller; if none runs, by the objects that the kernel holds of it.
 * @throws LabInUseError also when a process of another run directory holds it
 */
export async function takeDown(lab: string): Promise<void> {
  const holder = readHolder(lab);
  try {
    await call(lab, 'down', {});
    if (holder !== null) await waitForExit(holder.pid);
  } catch (error) {
    // A controller that ended before it answered was killed, or another process took the lab down at the same time.
    if (error instanceof ControllerEndedError && holder !== null) await waitForExit(holder.pid);
    else if (!(error instanceof NoControllerError)) throw error;
    else await endLostController(lab);
    await Lab.remove(lab);
  }
}

/**
 * A controller whose files were deleted, its socket among them, can only be reached by a signal: it takes its lab down
 * and ends.
 */
async function endLostController(lab: string): Promise<void> {
  const holder = lostHolder(lab);
  if (holder === null || !isController(holder)) return;
  process.kill(holder.pid, 'SIGTERM');
  await waitForExit(holder.pid, LOST_MS);
}

/** Programs inside the machines are asked to end before they are killed. */
const LOST_MS = 10_000;

/** The controller has finished its work; its process ends a moment later. */
async function waitForExit(pid: number, limit = 2000): Promise<void> {
  for (let waited = 0; waited < limit && isAlive(pid); waited += 5) await sleep(5);
}

/** The kind of process that holds a lab, for `sglab ls`. */
export type HolderKind = 'controller' | 'run' | 'elsewhere' | 'nobody';

export interface HeldLab {
  readonly keeper: HolderKind;
  readonly pid: number | null;
  /** The run directory of the lab's holder; null if no process holds it. */
  readonly runDirectory: string | null;
}

export async function holderOfLab(lab: string): Promise<HeldLab> {
  try {
    const { pid } = await call(lab, 'status', {});
    return { keeper: 'controller', pid, runDirectory: runDirectory() };
  } catch (error) {
    if (!(error instanceof NoControllerError)) throw error;
    const holder = readHolder(lab);
    if (holder !== null && isAlive(holder.pid)) return { keeper: 'run', pid: holder.pid, runDirectory: runDirectory() };
    const elsewhere = holderElsewhere(lab);
    if (elsewhere === null) return { keeper: 'nobody', pid: null, runDirectory: null };
    return { keeper: 'elsewhere', pid: elsewhere.pid, runDirectory: elsewhere.runDirectory };
  }
}
