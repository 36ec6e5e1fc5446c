import { hasEnded, isAlive, isStopped } from '../kernel/process.js';
import { type Holder, isController } from '../lab/errors.js';
import { Lab } from '../lab/lab.js';
import { holderElsewhere, lostHolder, readHolder, runDirectory, runningController } from '../lab/run-directory.js';
import { call } from './client.js';
import { ControllerSilentError, LabNotReadyError, NoControllerError, SocketLostError } from './errors.js';

/**
 * Takes a lab down through its controller; if none runs or it cannot, by the objects that the kernel holds of it.
 * @throws LabInUseError also when a process of another run directory holds it; ControllerSilentError
 */
export async function takeDown(lab: string): Promise<void> {
  const holder = readHolder(lab);
  try {
    await call(lab, 'down', {});
    if (holder !== null) await hasEnded(holder.pid, END_MS);
  } catch (error) {
    if (error instanceof NoControllerError) await endLostController(lab);
    else if (holder === null || (error instanceof ControllerSilentError && isStopped(holder.pid))) throw error;
    else await endFailedController(holder, error);
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
  await hasEnded(holder.pid, LOST_MS);
}

/**
 * One that ended before it answered was killed, or another process took the lab down at the same time. One that could
 * not take its lab down ends, too; one that hangs up or is silent has to be told by a signal, and one that did not hear of it
 * at once. @throws the error if it goes on
 */
async function endFailedController({ pid }: Holder, error: unknown): Promise<void> {
  const isUnheard = error instanceof LabNotReadyError || error instanceof SocketLostError;
  if (await hasEnded(pid, isUnheard ? 0 : END_MS)) return;
  process.kill(pid, 'SIGTERM');
  if (!(await hasEnded(pid, LOST_MS))) throw error;
}

/** Programs inside the machines are asked to end before they are killed. */
const LOST_MS = 10_000;
/** A controller that has finished its work ends a moment later. */
const END_MS = 2000;

/** The kind of process that holds a lab, for `sglab ls`. */
export type HolderKind = 'controller' | 'run' | 'elsewhere' | 'nobody';

export interface HeldLab {
  readonly keeper: HolderKind;
  readonly pid: number | null;
  /** The run directory of the lab's holder; null if no process holds it. */
  readonly runDirectory: string | null;
}

export function holderOfLab(lab: string): HeldLab {
  const controller = runningController(lab);
  if (controller !== null) return { keeper: 'controller', pid: controller.pid, runDirectory: runDirectory() };
  const holder = readHolder(lab);
  if (holder !== null && isAlive(holder.pid)) return { keeper: 'run', pid: holder.pid, runDirectory: runDirectory() };
  const elsewhere = holderElsewhere(lab);
  if (elsewhere === null) return { keeper: 'nobody', pid: null, runDirectory: null };
  return { keeper: 'elsewhere', pid: elsewhere.pid, runDirectory: elsewhere.runDirectory };
}
