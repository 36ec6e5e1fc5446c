/**
 * Makes the same kernel objects as a lab by a plain shell script: `ip -batch`, `nft -f`, `echo` into sysctls. It enters
 * namespaces with nsenter, because `ip -n` and `ip netns exec` would copy the mount table each time, and keeps all
 * processors busy: it is as good as what an engineer would write in an afternoon.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { addBridge, addLink, addNamespace, removeNamespace, set } from '../../src/kernel/ip-text.js';
import { NETNS_DIRECTORY } from '../../src/kernel/netns.js';
import { run } from '../../src/kernel/process.js';
import type { NamespaceState, States } from '../../src/lab/namespace-state.js';
import { render } from '../../src/ruleset/nft-text.js';

export class BareLab {
  readonly #directory: string;
  readonly #namespaces: readonly string[];

  /** Writes the script; `remove` must be called afterwards. */
  constructor(plan: States) {
    this.#directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sglab-bench-'));
    this.#namespaces = [...plan.keys()];
    for (const [name, lines] of Object.entries(scriptFiles(plan))) this.#write(name, lines);
    for (const { name, ruleset } of plan.values()) {
      if (ruleset !== null) this.#write(`${name}.nft`, [render(ruleset())]);
    }
    for (const { name, settings } of plan.values()) this.#write(`${name}.ip`, settings.map(set));
  }

  async up(): Promise<void> {
    await run('sh', ['-e', 'up'], { cwd: this.#directory });
  }

  async down(): Promise<void> {
    await run('sh', ['-e', 'down'], { cwd: this.#directory });
  }

  /** Removes the script, and what a failed script has left. */
  async remove(): Promise<void> {
    const left = this.#namespaces.filter((name) => fs.existsSync(path.join(NETNS_DIRECTORY, name)));
    for (const name of left) await run('ip', ['netns', 'del', name], { allowFailure: true });
    fs.rmSync(this.#directory, { recursive: true, force: true });
  }

  #write(name: string, lines: readonly string[]): void {
    fs.writeFileSync(path.join(this.#directory, name), `${lines.join('\n')}\n`);
  }
}

/** The script's files by name, as lines. */
function scriptFiles(plan: States): Record<string, string[]> {
  const namespaces = [...plan.values()];
  const bridges = namespaces.flatMap(({ name, bridges }) => bridges.map((bridge) => addBridge(name, bridge)));
  const sysctls = namespaces.map((namespace) => inside(namespace.name, sysctlWrites(namespace)));
  const load = namespaces.flatMap(({ name, ruleset }) =>
    ruleset === null ? [] : [inside(name, [`nft -f ${name}.nft`])],
  );
  const configure = namespaces.flatMap(({ name, settings }) =>
    settings.length === 0 ? [] : [inside(name, [`ip -batch ${name}.ip`])],
  );
  const phases = { sysctls: shares(sysctls), load: shares(load), configure: shares(configure) };
  return {
    namespaces: namespaces.map(({ name }) => addNamespace(name)),
    links: [...bridges, ...namespaces.flatMap(({ links }) => links.map(addLink))],
    gone: namespaces.map(({ name }) => removeNamespace(name)),
    ...Object.fromEntries(
      Object.entries(phases).flatMap(([phase, parts]) => parts.map((lines, part) => [`${phase}.${part}`, lines])),
    ),
    up: ['ip -batch namespaces', together('sysctls'), 'ip -batch links', together('load'), together('configure')],
    down: ['ip -batch gone'],
  };
}

/** Splits the lines into one share for each processor. */
function shares(lines: readonly string[]): string[][] {
  const processors = os.availableParallelism();
  return Array.from({ length: processors }, (_, part) => lines.filter((_line, at) => at % processors === part));
}

/** Runs the parts of a phase in parallel; the script ends if one fails. */
function together(phase: string): string {
  return `pids=''; for part in ${phase}.*; do sh -e "$part" & pids="$pids $!"; done; for pid in $pids; do wait "$pid"; done`;
}

function inside(namespace: string, commands: readonly string[]): string {
  return `nsenter --net=${NETNS_DIRECTORY}/${namespace} ${commands.length === 1 ? commands[0] : `sh -ec '${commands.join('; ')}'`}`;
}

function sysctlWrites({ sysctls }: NamespaceState): string[] {
  return Object.entries(sysctls).map(([key, value]) => `echo ${value} > /proc/sys/net/${key.replaceAll('.', '/')}`);
}
