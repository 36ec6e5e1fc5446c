import type { Mutation } from '../../../src/changes/verbs.js';
import type { Family } from '../../../src/cloud/groups/types.js';
import { parseProbe } from '../../../src/cloud/text/probe.js';
import { parseRule } from '../../../src/cloud/text/rule.js';
import type { Cloud } from '../../../src/cloud/types.js';
import { call } from '../../../src/controller/client.js';
import type { ProbeResult } from '../../../src/verdict/types.js';
import { TestHost } from './test-host.js';

/** A lab that `sglab up` started on a host of its own, queried through the socket of its controller. */
export class RunningLab {
  private constructor(
    readonly host: TestHost,
    readonly name: string,
    readonly file: string,
  ) {}

  static async up(definition: { readonly name: string; readonly [key: string]: unknown }): Promise<RunningLab> {
    const host = await TestHost.start();
    const file = host.write(`${definition.name}.yaml`, definition);
    const { code, stderr } = await host.sglab(['up', file]);
    if (code !== 0) {
      await host.stop();
      throw new Error(`sglab up ended with ${code}: ${stderr}`);
    }
    // The client that the tests share with the commands looks in this directory.
    process.env.SGLAB_RUN_DIR = host.runDirectory;
    return new RunningLab(host, definition.name, file);
  }

  /** @param words for example `office -> web-1 tcp/22` */
  probe(words: string, family: Family | null = null): Promise<ProbeResult> {
    return call(this.name, 'probe', { probe: parseProbe(words, family) });
  }

  async mutate(mutation: Mutation): Promise<void> {
    await call(this.name, 'mutate', { mutation });
  }

  /** @param words for example `tcp/22 from web` */
  authorize(group: string, words: string): Promise<void> {
    return this.mutate({ type: 'authorize', group, rules: [parseRule(words)] });
  }

  revoke(group: string, words: string): Promise<void> {
    return this.mutate({ type: 'revoke', group, rules: [parseRule(words)], ruleIds: [] });
  }

  async cloud(): Promise<Cloud> {
    return (await call(this.name, 'status', {})).cloud;
  }

  stop(): Promise<void> {
    return this.host.stop();
  }
}

/** Formats `web: tcp/443 from 0.0.0.0/0` for each rule that let the request pass, in path order. */
export function admissions(cloud: Cloud, { path }: ProbeResult): string[] {
  const groups = Object.values(cloud.securityGroups);
  return path
    .filter(({ verdict, leg, rule }) => verdict === 'pass' && leg === 'request' && rule !== null)
    .map(({ stage, rule }) => {
      const group = groups.find(({ rules }) => rules.some(({ id }) => id === rule));
      return `${stage} ${group?.name}`;
    });
}
