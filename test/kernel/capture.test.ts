import fs from 'node:fs';
import { expect, it } from 'vitest';
import { openCapture } from '../../src/kernel/capture.js';
import { ipBatch } from '../../src/kernel/ip.js';
import { openLog } from '../../src/kernel/nflog.js';
import { removeNetns, scratchNetns } from './ruleset-rig.js';
import { until } from './support/until.js';

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

it('a closed capture of a link on which nothing is sent holds no socket', async () => {
  const netns = await scratchNetns('silent');
  const sockets = () =>
    fs.readdirSync('/proc/self/fd').filter((fd) => {
      try {
        return fs.readlinkSync(`/proc/self/fd/${fd}`).startsWith('socket:');
      } catch {
        return false; // the directory's own, gone by now
      }
    }).length;
  try {
    await ipBatch(['link set lo up', 'link add silent type bridge', 'link set silent up'], netns);
    const before = sockets();
    const captures = ['', 'udp port 1'].map((filter) => openCapture(netns, 'silent', { filter }, () => {}));
    expect(sockets()).toBe(before + 2);
    for (const capture of captures) capture.close();
    await until('the sockets are closed', () => sockets() === before);
  } finally {
    await removeNetns(netns);
  }
});
