/** A checkout in a temporary folder whose node, npm and apt-get are stubs that record their calls. */
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const SCRIPTS = path.resolve(import.meta.dirname, '../../../scripts');
const TOOLS = [
  'bash',
  'readlink',
  'stat',
  'cksum',
  'find',
  'flock',
  'mkdir',
  'cat',
  'touch',
  'mv',
  'rm',
  'tail',
  'sed',
];
const MORE_TOOLS = ['grep', 'sort', 'tr', 'sh', 'sleep', 'uname', 'chown', 'dirname'];

const NODE = (version: string) => `case $1 in
  --version) echo ${version} ;;
  -p) echo 20 ;;
  -e) ;;
  *) echo "ran $* in $PWD" ;;
esac`;

const NPM = `echo "npm $*" >>"$CALLS"
case $1 in
  ci) rm -rf node_modules; mkdir node_modules; touch node_modules/begun; [ ! -e fail-npm ] || exit 1; sleep "\${SLOW:-0}" ;;
  run) mkdir -p dist/bundle/cli; touch dist/bundle/cli/main.js ;;
esac`;

export interface Result {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export class Checkout {
  readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sglab-setup-'));
  readonly root = path.join(this.folder, 'checkout');
  readonly #bin = path.join(this.folder, 'bin');
  readonly #calls = path.join(this.folder, 'calls');

  constructor({ node = 'v20.20.2' } = {}) {
    fs.mkdirSync(path.join(this.root, 'src'), { recursive: true });
    fs.mkdirSync(this.#bin);
    fs.cpSync(SCRIPTS, path.join(this.root, 'scripts'), { recursive: true });
    for (const name of ['package.json', 'package-lock.json', 'tsconfig.json', 'src/main.ts']) this.write(name, '');
    for (const name of [...TOOLS, ...MORE_TOOLS]) fs.symlinkSync(which(name), path.join(this.#bin, name));
    for (const name of ['make', 'g++', 'python3', 'dpkg']) this.stub(name, 'exit 0');
    this.stub('node', NODE(node));
    this.stub('npm', NPM);
    this.stub('apt-get', 'echo "apt-get $*" >>"$CALLS"; exit 1');
    this.stub('apt-cache', 'echo "  Candidate: 20.19.2+dfsg-1"');
  }

  stub(name: string, script: string): void {
    fs.rmSync(path.join(this.#bin, name), { force: true });
    fs.writeFileSync(path.join(this.#bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }

  write(name: string, text: string): void {
    fs.writeFileSync(path.join(this.root, name), text);
  }

  remove(name: string): void {
    fs.rmSync(path.join(this.root, name), { recursive: true });
  }

  sglab(args: readonly string[], { script = path.join(this.root, 'scripts/sglab'), cwd = this.folder } = {}): Result {
    return spawnSync(script, args, { cwd, env: this.#environment(), encoding: 'utf8' });
  }

  /** Runs the script without waiting; `kill` ends the script alone, not the processes that it has started. */
  start(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
    const script = path.join(this.root, 'scripts/sglab');
    const child = spawn(script, args, { env: { ...this.#environment(), ...environment }, stdio: 'ignore' });
    const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
    return { ended, kill: () => child.kill('SIGKILL') };
  }

  /** Calls of npm and apt-get since the previous `calls`. */
  calls(): string[] {
    if (!fs.existsSync(this.#calls)) return [];
    const calls = fs.readFileSync(this.#calls, 'utf8').trim().split('\n');
    fs.rmSync(this.#calls);
    return calls.map((call) => call.split(' ').slice(0, 2).join(' '));
  }

  dispose(): void {
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  #environment(): Record<string, string> {
    return { PATH: this.#bin, HOME: this.folder, CALLS: this.#calls };
  }
}

function which(name: string): string {
  const found = ['/usr/bin', '/bin', '/usr/sbin']
    .map((folder) => `${folder}/${name}`)
    .find((file) => fs.existsSync(file));
  if (found === undefined) throw new Error(`${name} is needed by this test`);
  return found;
}
