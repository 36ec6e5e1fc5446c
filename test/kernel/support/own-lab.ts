/** A lab in the test's own process, for changes that no command makes yet; its names are private to the test. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createCloud } from '../../../src/cloud/create-cloud.js';
import { type InstanceInput, runInstance } from '../../../src/cloud/instances/instance.js';
import type { InterfaceInput } from '../../../src/cloud/interfaces/new-interface.js';
import { resolveInstance } from '../../../src/cloud/text/endpoint.js';
import { parseProbe } from '../../../src/cloud/text/probe.js';
import { resolveSubnet } from '../../../src/cloud/text/resolve.js';
import { parseRule } from '../../../src/cloud/text/rule.js';
import type { Cloud } from '../../../src/cloud/types.js';
import { listNetns, openNetns } from '../../../src/kernel/netns.js';
import { run } from '../../../src/kernel/process.js';
import { Lab } from '../../../src/lab/lab.js';

let serial = 0;

export class OwnLab {
  private constructor(
    readonly live: Lab,
    readonly directory: string,
  ) {}

  /** Builds an empty lab. */
  static async up(): Promise<OwnLab> {
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sglab-test-'));
    process.env.SGLAB_RUN_DIR = directory;
    const cloud = createCloud({ name: `t${process.pid}-${++serial}` });
    return new OwnLab(await Lab.up(cloud, { file: null, leftovers: 'rebuild' }), directory);
  }

  get cloud(): Cloud {
    return this.live.cloud;
  }

  change(mutate: (cloud: Cloud) => Cloud): Promise<Cloud> {
    return this.live.change(mutate);
  }

  /** @param words for example `tcp/80 from 0.0.0.0/0` */
  authorize(group: string, words: string): Promise<void> {
    return this.live.mutate({ type: 'authorize', group, rules: [parseRule(words)] });
  }

  launch(name: string, input: Partial<InstanceInput> & Partial<InterfaceInput> & { readonly subnet: string }) {
    return this.change((cloud) => launched(cloud, name, input));
  }

  /** @returns the outcome, and the stage that denied the packet */
  async probe(words: string): Promise<string> {
    const { outcome, stage } = await this.live.traffic.probe(parseProbe(words));
    return stage === null ? outcome : `${outcome} ${stage}`;
  }

  idOf(machine: string): string {
    return resolveInstance(this.cloud, machine).id;
  }

  /** Turns `web-1` into `sglab-LAB-web-1`. */
  namespace(name: string): string {
    return `sglab-${this.cloud.name}-${name}`;
  }

  /** Names of the lab's namespaces without their common prefix. */
  namespaces(): string[] {
    const prefix = this.namespace('');
    return listNetns()
      .filter((name) => name.startsWith(prefix))
      .map((name) => name.slice(prefix.length))
      .sort();
  }

  ip(namespace: string, ...args: readonly string[]): Promise<string> {
    return run('ip', ['-n', this.namespace(namespace), ...args]).then(({ stdout }) => stdout);
  }

  /** Everything that the kernel holds for the lab, apart from counters, and the contents of its files. */
  async state(): Promise<Record<string, unknown>> {
    const state: Record<string, unknown> = {
      journal: fs.readFileSync(path.join(this.directory, this.cloud.name, 'state.json'), 'utf8'),
      hosts: fs.readFileSync(path.join(this.directory, this.cloud.name, 'hosts-of-instance'), 'utf8'),
    };
    for (const name of this.namespaces()) {
      const links = await this.ip(name, '-j', 'link');
      const names = (JSON.parse(links) as { ifname: string }[]).map(({ ifname }) => ifname).sort();
      const [addresses, neighbours, routes, routes6, rules] = await Promise.all([
        this.ip(name, '-o', 'address'),
        this.ip(name, 'neighbour'),
        this.ip(name, 'route', 'show', 'table', 'all'),
        this.ip(name, '-6', 'route', 'show', 'table', 'all'),
        this.ip(name, 'rule'),
      ]);
      const namespace = openNetns(this.namespace(name));
      const { stdout } = await run('nft', ['-s', 'list', 'ruleset'], { namespace });
      fs.closeSync(namespace.fd);
      const sorted = [addresses, neighbours, routes, routes6, rules].map((text) => text.split('\n').sort());
      state[name] = [names, ...sorted, stdout];
    }
    return state;
  }

  async down(): Promise<void> {
    await this.live.down();
    fs.rmSync(this.directory, { recursive: true, force: true });
  }
}

export function launched(
  cloud: Cloud,
  name: string,
  { subnet, listen, kind, ...more }: Partial<InstanceInput> & Partial<InterfaceInput> & { readonly subnet: string },
): Cloud {
  const subnetId = resolveSubnet(cloud, subnet).id;
  const servers = listen === undefined ? {} : { listen };
  return runInstance(cloud, { name, ...servers, ...(kind ? { kind } : {}), interfaces: [{ subnetId, ...more }] }).cloud;
}
