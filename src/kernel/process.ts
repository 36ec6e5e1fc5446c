/** The only place that starts processes. */
import { execa, type Options, type ResultPromise } from 'execa';
import { KernelError } from './errors.js';
import { inNetns, type Netns } from './netns.js';

/** For tools that would keep what they are told in the home of whoever runs sglab, as `nft -i` keeps a history. */
export const HOMELESS = { HOME: '/dev/null' } as const;

export interface RunOptions {
  /** Given to the process's standard input. */
  readonly input?: string;
  /** Network namespace to start it in; the host's own without it. */
  readonly namespace?: Netns;
  /** Return a non-zero exit code instead of throwing. */
  readonly allowFailure?: boolean;
  /** Milliseconds after which it is ended. */
  readonly timeout?: number;
  /** Added to this process's own environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** In a session of its own, where a Ctrl-C on the terminal does not reach it. */
  readonly detached?: boolean;
}

export interface RunResult {
  readonly stdout: string;
  readonly stderr: string;
  /** 128 + signal where a signal ended it; 127 where it could not be started. */
  readonly exitCode: number;
}

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
    exitCode: result.exitCode ?? (result.signal ? 128 : 127),
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

/** Starts a process and hands it over running. execa ends it when this process exits. */
export function spawn(
  file: string,
  args: readonly string[],
  { namespace, ...options }: Options & { namespace?: Netns },
): { subprocess: ResultPromise<Options> } {
  // The subprocess is thenable: the wrapping object keeps `await` from swallowing it.
  const start = () => ({ subprocess: execa(file, args, options as Options) });
  return namespace ? inNetns(namespace, start) : start();
}
