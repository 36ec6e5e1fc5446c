/** A Region that `sglab serve` started on a host of its own, for real clients of its EC2 API. */
import { parseProbe } from '../../../src/cloud/text/probe.js';
import type { Cloud } from '../../../src/cloud/types.js';
import { call } from '../../../src/controller/client.js';
import { type Result, TestHost } from './test-host.js';

export class ServedLab {
  private constructor(
    readonly host: TestHost,
    readonly name: string,
    /** The variables that `sglab env` prints. */
    readonly environment: Readonly<Record<string, string>>,
  ) {}

  static async up(name: string): Promise<ServedLab> {
    return ServedLab.#of(name, await TestHost.start(), ['serve', '--lab', name]);
  }

  /** Starts a lab that a file defines. */
  static async ofFile(definition: { readonly name: string }): Promise<ServedLab> {
    const host = await TestHost.start();
    return ServedLab.#of(definition.name, host, ['up', host.write('lab.yaml', definition)]);
  }

  static async #of(name: string, host: TestHost, command: readonly [string, ...string[]]): Promise<ServedLab> {
    const { code, stderr } = await host.sglab(command);
    if (code !== 0) {
      await host.stop();
      throw new Error(`sglab ${command[0]} ended with ${code}: ${stderr}`);
    }
    // The client that the tests share with the commands looks in this directory.
    process.env.SGLAB_RUN_DIR = host.runDirectory;
    const { variables } = await host.json<{ variables: Record<string, string> }>(['env', name]);
    return new ServedLab(host, name, variables);
  }

  /** Runs a client to its end, with only the variables of `sglab env` to find the lab by. */
  client(file: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Result> {
    const alone = { AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null', PYTHONWARNINGS: 'ignore' };
    return this.host.start(file, args, { env: { ...alone, ...this.environment, ...env } }).result;
  }

  /** @param words for example `i-0123 -> 172.31.0.5 tcp/22` */
  async probe(words: string): Promise<string> {
    return (await call(this.name, 'probe', { probe: parseProbe(words) })).outcome;
  }

  async cloud(): Promise<Cloud> {
    return (await call(this.name, 'status', {})).cloud;
  }

  stop(): Promise<void> {
    return this.host.stop();
  }
}
