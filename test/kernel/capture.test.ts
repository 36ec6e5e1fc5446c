import { expect, it } from 'vitest';
import { openCapture } from '../../src/kernel/capture.js';
import { ipBatch } from '../../src/kernel/ip.js';
import { openLog } from '../../src/kernel/nflog.js';
import { removeNetns, scratchNetns } from './ruleset-rig.js';

it('a capture may be closed in the turn in which it was opened, and opened again', async () => {
  const netns = await scratchNetns('capture');
  try {
    await ipBatch(['link set lo up'], netns);
    for (let i = 0; i < 5; i++) {
      openCapture(netns, 'lo', {}, () => {}).close();
      openLog(netns, 1, () => {}).close();
    }
    const capture = openCapture(netns, 'lo', {}, () => {});
    expect(capture.linkType).toBe('LINKTYPE_ETHERNET');
    capture.close();
  } finally {
    await removeNetns(netns);
  }
});
