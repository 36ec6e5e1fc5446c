import { type HostState, readHostState } from './host-state.js';
import { SMALL } from './small-lab.js';
import { TestHost } from './test-host.js';

/** A host on which no lab has been yet, for tests that compare its state before and after. */
export interface QuietHost {
  readonly host: TestHost;
  /** The file of the small lab. */
  readonly file: string;
  readonly before: HostState;
}

export async function startQuietHost(): Promise<QuietHost> {
  const host = await TestHost.start();
  try {
    return { host, file: host.write('small.yaml', SMALL), before: await readHostState(host) };
  } catch (error) {
    await host.stop();
    throw error;
  }
}
