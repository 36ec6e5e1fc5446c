/**
 * A host of the test's own: a mount and a network namespace in which sglab finds neither a lab nor any other namespace.
 * Every difference afterwards is what sglab left behind, and none of it reaches the real host.
 */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { closeNetns, type Netns } from '../../../src/kernel/netns.js';
import { until } from './until.js';

/** The program file by file, as the compiler wrote it. */
export const DIST = process.env.SGLAB_TEST_DIST ?? fileURLToPath(new URL('../../../dist', import.meta.url));
/** As people run it: bundled. */
export const MAIN = path.join(DIST, process.env.SGLAB_TEST_DIST === undefined ? 'bundle/cli/main.js' : 'cli/main.js');

export interface Result {
  /** Exit code, or the name of the signal that ended it. */
  readonly code: number | NodeJS.Signals;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
}

export interface Started {
  readonly process: ChildProcess;
  readonly pid: number;
  readonly result: Promise<Result>;
}

export interface StartOptions {
  /** null: its input stays open. */
  readonly input?: string | null;
  readonly env?: NodeJS.ProcessEnv;
  readonly stdio?: SpawnOptions['stdio'];
}

let serial = 0;

export class TestHost {
  /** Scratch files of the test; `runDirectory` is below it. */
  readonly directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sglab-test-'));
  readonly runDirectory = path.join(this.directory, 'run');
  /** The home of its users, so that the state of bash, terraform or aws stays separate from the real user's. */
  readonly home = path.join(this.directory, 'home');
  readonly #id = `${process.pid}-${++serial}`;
  readonly #holder: ChildProcess;

  private constructor() {
    fs.mkdirSync(this.home);
    fs.writeFileSync(path.join(this.directory, 'sudo'), '#!/bin/sh\nexec "$@"\n', { mode: 0o755 });
    const hold =
      'mount --make-rprivate / && { umount -R -l /run/netns; mkdir -p /run/netns; } 2>/dev/null; mount -t tmpfs tmpfs /run/netns && ip link set lo up && echo up && exec cat';
    this.#holder = spawn('unshare', ['--mount', '--net', '--', 'sh', '-c', hold], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: this.#environment(),
    });
  }

  static async start(): Promise<TestHost> {
    const host = new TestHost();
    if (host.#holder.stdout === null) throw new Error('the test host has no pipe');
    await once(host.#holder.stdout, 'data');
    return host;
  }

  get pid(): number {
    return this.#holder.pid ?? 0;
  }

  /** The value of SGLAB_TEST_HOST in the environment of everything that runs here. */
  get mark(): string {
    return this.#id;
  }

  /** Runs sglab's command line to its end. */
  sglab(args: readonly string[], options: StartOptions = {}): Promise<Result> {
    return this.startSglab(args, options).result;
  }

  startSglab(args: readonly string[], options: StartOptions = {}): Started {
    return this.start(process.execPath, [MAIN, ...args], options);
  }

  /** Runs sglab, which must succeed, and parses its JSON. */
  async json<T>(args: readonly string[]): Promise<T> {
    const { code, stdout, stderr } = await this.sglab([...args, '--json']);
    if (code !== 0) throw new Error(`sglab ${args.join(' ')} ended with ${code}: ${stderr}${lastWords(stderr)}`);
    return JSON.parse(stdout) as T;
  }

  /** Runs any command on this host, which must succeed. */
  async run(file: string, args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.start(file, args).result;
    if (code !== 0) throw new Error(`${file} ${args.join(' ')} ended with ${code}: ${stderr}`);
    return stdout;
  }

  start(file: string, args: readonly string[], { input, env = {}, stdio }: StartOptions = {}): Started {
    const started = performance.now();
    // nsenter replaces itself by the command: its process id is the command's.
    const child = spawn('nsenter', ['-t', String(this.pid), '--mount', '--net', '--', file, ...args], {
      stdio: stdio ?? ['pipe', 'pipe', 'pipe'],
      env: { ...this.#environment(), ...env },
      cwd: this.directory,
    });
    child.stdin?.on('error', () => {});
    if (input !== null) child.stdin?.end(input);
    return { process: child, pid: child.pid ?? 0, result: ended(child, started) };
  }

  /**
   * Writes a scenario (JSON is YAML).
   * @returns the file's absolute path
   */
  write(name: string, definition: object): string {
    const file = path.join(this.directory, name);
    fs.writeFileSync(file, JSON.stringify(definition));
    return file;
  }

  /**
   * Puts a script into a directory of its own, to come first in a PATH.
   * @returns the directory
   */
  writeTool(name: string, script: string): string {
    const directory = fs.mkdtempSync(path.join(this.directory, 'bin-'));
    fs.writeFileSync(path.join(directory, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return directory;
  }

  /** Opens the namespace of that name on this host; without a name, the host's own. */
  openNetns(name?: string): Netns {
    const file = name === undefined ? `/proc/${this.pid}/ns/net` : `${this.#root}/run/netns/${name}`;
    return { name: name ?? 'test host', fd: fs.openSync(file, 'r') };
  }

  async withNetns<T>(name: string | undefined, action: (netns: Netns) => T | Promise<T>): Promise<T> {
    const netns = this.openNetns(name);
    try {
      return await action(netns);
    } finally {
      closeNetns(netns);
    }
  }

  namespaces(): string[] {
    return fs.readdirSync(`${this.#root}/run/netns`).sort();
  }

  /**
   * Processes that sglab or the test started on this host, wherever they are now, without zombies.
   * @param command matches the command line, whose arguments end with NUL
   */
  processes(command = /^/): number[] {
    const mark = `SGLAB_TEST_HOST=${this.#id}\0`;
    return fs
      .readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => pid !== this.pid && read(pid, 'environ').includes(mark) && command.test(read(pid, 'cmdline')));
  }

  /** Without their copies: what a controller starts is one of it until it has become another program. */
  controllers(): number[] {
    const pids = this.processes(/\0controller\0/);
    return pids.filter((pid) => {
      const parent = parentOf(pid);
      return parent !== null && !pids.includes(parent);
    });
  }

  /** The lab's controller. */
  controller(): number {
    const [pid] = this.controllers();
    if (pid === undefined) throw new Error('no controller runs');
    return pid;
  }

  /** The first processes of machines. Their names take the place of their environment, by which `processes` knows the others. */
  firstProcesses(): number[] {
    const namespaces = new Set(this.namespaces().map((name) => inode(`${this.#root}/run/netns/${name}`)));
    const pids = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    return pids.map(Number).filter((pid) => isFirst(pid) && namespaces.has(inode(`/proc/${pid}/ns/net`)));
  }

  /** Ends everything on the host, however badly the test ended; with its last process its namespaces are removed. */
  async stop(): Promise<void> {
    const first = this.firstProcesses();
    this.#holder.kill('SIGKILL');
    await until('all processes of the test host are gone', () => {
      const left = [...this.processes(), ...first.filter(isFirst)];
      for (const pid of left) kill(pid, 'SIGKILL');
      return left.length === 0;
    });
    fs.rmSync(this.directory, { recursive: true, force: true });
  }

  get #root(): string {
    return `/proc/${this.pid}/root`;
  }

  #environment(): NodeJS.ProcessEnv {
    const { FORCE_COLOR: _, NO_COLOR: __, ...env } = process.env;
    // What sglab prints depends on whether there is sudo; it is the last resort.
    const PATH = `${env.PATH}:${this.directory}`;
    return { ...env, PATH, HOME: this.home, SGLAB_RUN_DIR: this.runDirectory, SGLAB_TEST_HOST: this.#id };
  }
}

async function ended(child: ChildProcess, started: number): Promise<Result> {
  const [[code, signal], stdout, stderr] = await Promise.all([
    once(child, 'exit'),
    child.stdout === null ? '' : text(child.stdout),
    child.stderr === null ? '' : text(child.stderr),
  ]);
  return { code: code ?? signal, stdout, stderr, ms: performance.now() - started };
}

function inode(file: string): number | undefined {
  return fs.statSync(file, { throwIfNoEntry: false })?.ino;
}

/** Whether this is the first process of a machine, and has not ended. */
export function isFirst(pid: number): boolean {
  return /^init\b/.test(read(pid, 'cmdline'));
}

/** @returns an empty text if the process has ended */
function read(pid: number, file: string): string {
  try {
    return fs.readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return '';
  }
}

/** Of a controller that a defect has ended: its log goes with the test host. */
function lastWords(stderr: string): string {
  const [, file] = /its last words are in (\S+\.log)/.exec(stderr) ?? [];
  return file !== undefined && fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
}

/** Null once it has ended. */
function parentOf(pid: number): number | null {
  const [, parent] = /^PPid:\s+(\d+)/m.exec(read(pid, 'status')) ?? [];
  return parent === undefined ? null : Number(parent);
}

export function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // it ended meanwhile
  }
}
