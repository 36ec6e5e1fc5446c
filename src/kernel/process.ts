/** The only file that starts processes, but for those that `pty.ts` gives a terminal of their own. */

import fs from 'node:fs';
import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa, type Options, type ResultPromise } from 'execa';
import { KernelError } from './errors.js';
import { checked, libcCalls } from './libc.js';
import { inNetns, type Netns } from './netns.js';
import { inPidNamespace, type PidNamespace } from './pid-namespaces.js';

/**
 * The environment of tools that would write into the home of the user who runs sglab, as `nft -i` does with its
 * history.
 */
export const NO_HOME = { HOME: '/dev/null' } as const;

export interface RunOptions {
  /** Written to the process's standard input. */
  readonly input?: string;
  /** Network namespace in which to start it; if absent, the host's own. */
  readonly namespace?: Netns;
  /** Returns a non-zero exit code instead of throwing. */
  readonly allowFailure?: boolean;
  /** Milliseconds after which it is ended. */
  readonly timeout?: number;
  /** Added to this process's own environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Starts it in a session of its own, where a Ctrl-C on the terminal does not reach it. */
  readonly detached?: boolean;
}

export interface RunResult {
  readonly stdout: string;
  readonly stderr: string;
  /** 128 + signal if a signal ended it; 127 if it could not be started. */
  readonly exitCode: number;
}

const NOT_STARTED = 127;

/** Runs a command to its end. No shell is involved: arguments reach the program as they are. */
export async function run(file: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const { subprocess } = spawn(file, args, {
    reject: false,
    stdin: options.input === undefined ? 'ignore' : 'pipe',
    ...(options.input === undefined ? {} : { input: options.input }),
    ...(options.timeout === undefined ? {} : { timeout: options.timeout }),
    ...(options.env === undefined ? {} : { env: options.env }),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.detached === undefined ? {} : { detached: options.detached }),
    ...(options.namespace === undefined ? {} : { namespace: options.namespace }),
  });
  const result = await subprocess;
  const outcome = {
    stdout: String(result.stdout ?? ''),
    stderr: String(result.stderr ?? '') || (result.exitCode === undefined ? (result.shortMessage ?? '') : ''),
    exitCode: result.exitCode ?? (result.signal ? 128 : NOT_STARTED),
  };
  if (outcome.exitCode !== 0 && !options.allowFailure) {
    throw new KernelError({
      command: result.command,
      namespace: options.namespace?.name,
      exitCode: outcome.exitCode,
      stderr: outcome.stderr,
    });
  }
  return outcome;
}

/** As execa takes them. */
export type ProcessOptions = Options;

/** Pipes to the process, Node's own to it, and the one by which exec(2) reports. */
const DESCRIPTORS_TO_START = 12;

/**
 * Asks for the descriptors that starting a process takes. When they run out amid a start, Node leaves a child without
 * streams and emits an error that nobody can hear yet. @throws KernelError
 */
function requireDescriptors(file: string): void {
  const open: number[] = [];
  try {
    while (open.length < DESCRIPTORS_TO_START) open.push(fs.openSync('/dev/null', 'r'));
  } catch (cause) {
    throw new KernelError({ command: `start ${file}`, stderr: String(cause), cause });
  } finally {
    for (const fd of open) fs.closeSync(fd);
  }
}

/**
 * Starts a process and returns while it runs. execa ends it when this process exits. One that cannot be started exits
 * with 127, of which Node would say nothing.
 * @throws KernelError when there are too few descriptors
 */
export function spawn(
  file: string,
  args: readonly string[],
  { namespace, pidNamespace, ...options }: ProcessOptions & { namespace?: Netns; pidNamespace?: PidNamespace },
): { subprocess: ResultPromise<Options> } {
  // The subprocess is thenable: the wrapping object keeps `await` from swallowing it.
  const start = () => ({ subprocess: execa(file, args, options as Options) });
  requireDescriptors(file);
  const startThere = pidNamespace === undefined ? start : () => inPidNamespace(pidNamespace, start);
  const started = namespace ? inNetns(namespace, startThere) : startThere();
  const { subprocess } = started;
  if (subprocess.pid === undefined) subprocess.catch(() => {}).then(() => subprocess.emit('exit', NOT_STARTED, null));
  return started;
}

/** Whether a process with this id is running; a zombie is not. */
export function isAlive(pid: number): boolean {
  return /^[^ZX]/.test(stateOf(pid));
}

/** Waits for the end of another process. @returns whether it has ended within the limit, in milliseconds */
export async function hasEnded(pid: number, limit: number): Promise<boolean> {
  for (let waited = 0; waited < limit && isAlive(pid); waited += 5) await sleep(5);
  return !isAlive(pid);
}

/** Whether a signal or a debugger has stopped it. */
export function isStopped(pid: number): boolean {
  return /^[Tt]/.test(stateOf(pid));
}

/** The time for which it has computed, in ticks of the kernel's clock; 0 if there is no such process. */
export function cpuTimeOf(pid: number): number {
  const [user = 0, system = 0] = statusOf(pid).split(' ').slice(11, 13).map(Number);
  return user + system;
}

/** The session to which it belongs, by the process id of the one that began it; null if there is no such process. */
export function sessionOf(pid: number): number | null {
  const session = statusOf(pid).split(' ')[3];
  return session === undefined ? null : Number(session);
}

/** Whether it has a socket of this path, also where the file has been deleted; false if there is no such process. */
export function listensOn(pid: number, socket: string): boolean {
  try {
    return fs.readFileSync(`/proc/${pid}/net/unix`, 'utf8').includes(` ${socket}\n`);
  } catch {
    return false;
  }
}

const stateOf = (pid: number) => statusOf(pid).charAt(0);

/** @returns what proc(5) has of it from its state on; nothing if there is no such process */
function statusOf(pid: number): string {
  try {
    const status = fs.readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name in "1234 (name) S ..." may contain anything, including parentheses.
    return status.slice(status.lastIndexOf(')') + 2);
  } catch {
    return '';
  }
}

/** The flag of close_range(2) that only marks: close on exec. */
const CLOSE_RANGE_CLOEXEC = 4;
const ALL_FURTHER = 0xffff_ffff;

/**
 * Keeps this process's open files from programs that it starts and that may outlive it: libpcap's sockets would be
 * inherited, and a process that has one keeps the kernel's reports from every later sglab.
 */
export function keepOpenFiles(): void {
  checked('close_range', libcCalls.closeRange(3, ALL_FURTHER, CLOSE_RANGE_CLOEXEC));
}

type ForwardedSignal = 'SIGINT' | 'SIGQUIT';

/** How long the kernel may take to signal a whole group, in milliseconds. */
const GROUP_MS = 20;

/**
 * Forwards signals that were sent to this process alone. The command has already received those that went to its whole
 * group, as a Ctrl-C on the terminal does. A witness process in the group distinguishes the two: it keeps these signals
 * pending.
 * @returns a function that stops the forwarding
 */
export function forwardSignals(
  signals: readonly ForwardedSignal[],
  send: (signal: ForwardedSignal) => void,
): () => void {
  let witness = startWitness(signals);
  let stopped = false;
  const onSignal = (signal: ForwardedSignal) => {
    setTimeout(() => {
      if (stopped) return; // the signal ended the command: a new witness would keep this process alive
      if (!isPending(witness.pid, signal)) return send(signal);
      witness.stop();
      witness = startWitness(signals);
    }, GROUP_MS);
  };
  for (const signal of signals) process.on(signal, onSignal);
  return () => {
    stopped = true;
    for (const signal of signals) process.off(signal, onSignal);
    witness.stop();
  };
}

/** The witness ends with its standard input, so also when this process is killed. */
function startWitness(signals: readonly ForwardedSignal[]): { pid: number; stop: () => void } {
  const blocked = `--block-signal=${signals.map((signal) => signal.slice('SIG'.length)).join(',')}`;
  const { subprocess } = spawn('env', [blocked, 'cat'], { stdio: ['pipe', 'ignore', 'ignore'], reject: false });
  return { pid: subprocess.pid ?? 0, stop: () => subprocess.kill('SIGKILL') };
}

function isPending(pid: number, signal: ForwardedSignal): boolean {
  try {
    const pending = /^ShdPnd:\s*([0-9a-f]+)$/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? '0';
    return (BigInt(`0x${pending}`) >> BigInt(os.constants.signals[signal] - 1)) % 2n === 1n;
  } catch {
    return true; // the signal ended it before it could block the signal
  }
}
