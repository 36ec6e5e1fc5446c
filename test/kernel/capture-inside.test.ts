/** A capture inside an instance never shows what its group dropped. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Capture, openCapture } from '../../src/kernel/capture.js';
import { parsePacket } from '../../src/observe/packet.js';
import { RunningLab } from './support/running-lab.js';
import { SMALL } from './support/small-lab.js';
import { until } from './support/until.js';

const ETHERNET_HEADER = 14;
/** What clients send from; everything below is a question or a protocol's number. */
const FIRST_CLIENT_PORT = 10_000;

let lab: RunningLab;
const captures: Capture[] = [];
beforeAll(async () => {
  const ingress = [
    { protocol: 'tcp', ports: 80, from: '0.0.0.0/0' },
    { protocol: 'udp', ports: 53, from: '0.0.0.0/0' },
  ];
  const egress = { protocol: 'tcp', ports: 443, to: '0.0.0.0/0' };
  lab = await RunningLab.up({ ...SMALL, securityGroups: { web: { vpc: 'v', ingress, egress } }, steps: [] });
});
afterAll(async () => {
  for (const capture of captures) capture.close();
  await lab?.stop();
});

/** Destination ports of the packets that a machine's link shows, without clients' ports; of ICMP its number. */
async function capturedIn(namespace: string): Promise<() => number[]> {
  const seen = new Set<number>();
  const onPacket = (frame: Buffer) => {
    const packet = parsePacket(frame.subarray(ETHERNET_HEADER));
    if (packet !== null) seen.add(packet.icmp === null ? packet.destinationPort : packet.protocol);
  };
  await lab.host.withNetns(namespace, (netns) => {
    // The machine's own kernel reports group memberships some time after its link came up.
    captures.push(openCapture(netns, 'eth0', { filter: 'ip and not igmp' }, onPacket));
  });
  return () => [...seen].filter((port) => port < FIRST_CLIENT_PORT).sort((a, b) => a - b);
}

it('shows what its groups let in and nothing that they dropped', async () => {
  const seen = await capturedIn('sglab-small-web');
  for (const what of ['tcp/22', 'tcp/443', 'udp/54', 'icmp', '47', '132']) {
    expect(await lab.probe(`office -> web ${what}`)).toMatchObject({ outcome: 'timed-out', stage: 'sg-ingress' });
  }
  // The instance may answer no closed port: its card stops the ICMP error that is seen inside.
  expect(await lab.probe('office -> web udp/53')).toMatchObject({ stage: 'sg-egress', leg: 'reply' });
  expect(await lab.probe('office -> web tcp/80')).toMatchObject({ outcome: 'connected' });
  await until('the last packet is captured', () => seen().includes(80));
  expect(seen()).toEqual([1, 53, 80]);
});

it('shows at the receiver nothing that the sender’s group dropped', async () => {
  const seen = await capturedIn('sglab-small-office');
  for (const what of ['tcp/80', 'udp/53', 'icmp']) {
    expect(await lab.probe(`web -> office ${what}`)).toMatchObject({ outcome: 'timed-out', stage: 'sg-egress' });
  }
  expect(await lab.probe('web -> office tcp/443')).toMatchObject({ outcome: 'refused' });
  await until('the allowed packet is captured', () => seen().includes(443));
  expect(seen()).toEqual([443]);
});
