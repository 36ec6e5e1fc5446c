import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { call } from '../../../src/controller/client.js';
import { SMALL } from './small-lab.js';
import { kill, type Result, TestHost } from './test-host.js';
import { until } from './until.js';

const INJECTOR = fileURLToPath(new URL('inject-faults.cjs', import.meta.url));

export const ERRNOS = ['EMFILE', 'ENFILE', 'ENOMEM', 'ENOSPC', 'EAGAIN'] as const;

export interface Fault {
  readonly code: (typeof ERRNOS)[number];
  /** The number of the call that fails, from 0; -1: none does. */
  readonly at: number;
  /** How many calls fail from it on. */
  readonly times: number;
}

export const NO_FAULT: Fault = { code: 'ENOMEM', at: -1, times: 0 };

/** The small lab, whose controller's calls to the kernel can be made to fail. */
export class FaultyLab {
  readonly file: string;
  readonly #orders: string;

  private constructor(readonly host: TestHost) {
    this.file = host.write('small.yaml', SMALL);
    this.#orders = path.join(host.directory, 'faults');
    process.env.SGLAB_RUN_DIR = host.runDirectory;
  }

  static async start(): Promise<FaultyLab> {
    return new FaultyLab(await TestHost.start());
  }

  up(fault: Fault = NO_FAULT): Promise<Result> {
    this.#write(fault);
    const env = { NODE_OPTIONS: `--require ${INJECTOR}`, SGLAB_TEST_FAULTS: this.#orders };
    return this.host.sglab(['up', this.file], { env });
  }

  /** @returns how many calls there were since the last order that could have failed as it said */
  async order(fault: Fault): Promise<number> {
    this.#write(fault);
    fs.rmSync(`${this.#orders}.passed`, { force: true });
    // A process that it starts has its command line for a moment.
    kill((await call(SMALL.name, 'status', {})).pid, 'SIGUSR2');
    return Number(await until('the order is taken', () => this.#passed(), 120_000));
  }

  /** @returns how many calls of taking the lab down could have failed as the last order said */
  async down(): Promise<number> {
    fs.rmSync(`${this.#orders}.passed`, { force: true });
    await this.host.json(['down']);
    return Number(await until('the controller ends', () => this.#passed(), 120_000));
  }

  async stop(): Promise<void> {
    await this.host.stop();
  }

  #passed(): string | null {
    try {
      return fs.readFileSync(`${this.#orders}.passed`, 'utf8') || null;
    } catch {
      return null;
    }
  }

  #write(fault: Fault): void {
    fs.writeFileSync(this.#orders, JSON.stringify(fault));
  }
}
