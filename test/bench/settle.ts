import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from '../../src/kernel/process.js';

/**
 * Waits until the kernel has removed all namespaces that were deleted before: it does so in the background, for seconds
 * after a large lab, and its locks delay whatever is made meanwhile.
 *
 * A namespace without a name ends with its process and queues behind them; when its link to this one is gone, so are
 * they.
 */
export async function settled(): Promise<void> {
  const link = `bench${process.pid}`;
  const ownNamespace = String(process.pid);
  await run('unshare', [
    '--net',
    'ip',
    'link',
    'add',
    'x',
    'type',
    'veth',
    'peer',
    'name',
    link,
    'netns',
    ownNamespace,
  ]);
  while (fs.existsSync(`/sys/class/net/${link}`)) await sleep(5);
}
