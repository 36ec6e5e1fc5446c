import { describe, expect, it } from 'vitest';
import type { CountedConnection, Traffic } from '../../../../src/kernel/conntrack-counters.js';
import { type FlowReport, InterfaceLog } from '../../../../src/records/flow-logs/interface-log.js';
import { RecordStore } from '../../../../src/records/flow-logs/record-store.js';

const ABOUT = {
  interface: 'web-1.eth0',
  interfaceId: 'eni-1',
  instanceId: 'i-1',
  subnetId: 'subnet-1',
  vpcId: 'vpc-1',
  addresses: ['10.0.1.4', '10.0.1.5', 'fd00::4'],
};
const NONE: Traffic = { packets: 0, bytes: 0 };
const ENDS = { source: '203.0.113.7', sourcePort: 4000, destination: '10.0.1.4', destinationPort: 22 };

const report = (given: Partial<FlowReport> & { ends?: Partial<typeof ENDS>; protocol?: number }): FlowReport => {
  const { ends, protocol = 6, ...rest } = given;
  const packet = { family: 'ipv4', protocol, icmp: null, ...ENDS, ...ends } as const;
  return { verdict: 'pass', stage: 'sg-ingress', rule: null, packet, bytes: 60, tcpFlags: 2, time: 1000, ...rest };
};

const connection = (given: Partial<CountedConnection>): CountedConnection => {
  return { id: 1, protocol: 6, ...ENDS, mark: 7, original: NONE, reply: NONE, ...given };
};

const look = (now: number, minute = 16) => ({ now, minute, ruleOf: (mark: number) => `sgr-${mark}` });
const brief = (log: InterfaceLog) =>
  log.content.records.map(({ action, direction, srcaddr, dstaddr, packets, bytes, start, end }) =>
    [action, direction, srcaddr, dstaddr, packets, bytes, start, end].join(' '),
  );

describe('a connection', () => {
  it('is one record for each direction, that grows while it carries', () => {
    const log = new InterfaceLog(ABOUT, 990);
    log.report(report({}), 16);
    const carried = { original: { packets: 3, bytes: 180 }, reply: { packets: 2, bytes: 100 } };
    log.settle([connection(carried)], look(1002));
    log.settle([connection({ ...carried, reply: { packets: 5, bytes: 400 } })], look(1009));
    expect(brief(log)).toEqual([
      'ACCEPT ingress 203.0.113.7 10.0.1.4 3 180 1000 1002',
      'ACCEPT egress 10.0.1.4 203.0.113.7 5 400 1000 1009',
    ]);
    expect(log.content.records.map(({ rule, reply, tcpFlags }) => [rule, reply, tcpFlags])).toEqual([
      ['sgr-7', false, 2],
      ['sgr-7', true, null],
    ]);
    expect(log.isActive).toBe(true);
    log.settle([], look(1010));
    expect(log.isActive).toBe(false);
  });

  it('of a later minute is another record with what came since', () => {
    const log = new InterfaceLog(ABOUT, 990);
    log.report(report({}), 16);
    log.settle([connection({ original: { packets: 3, bytes: 180 } })], look(1002));
    log.settle([connection({ original: { packets: 4, bytes: 220 } })], look(1021, 17));
    expect(brief(log)).toEqual([
      'ACCEPT ingress 203.0.113.7 10.0.1.4 3 180 1000 1002',
      'ACCEPT ingress 203.0.113.7 10.0.1.4 1 40 1002 1021',
    ]);
  });

  it('that took the ends of an earlier one is counted from its own beginning', () => {
    const log = new InterfaceLog(ABOUT, 990);
    log.settle([connection({ id: 1, original: { packets: 9, bytes: 900 } })], look(1002));
    log.settle([connection({ id: 2, original: { packets: 4, bytes: 400 } })], look(1003));
    expect(brief(log)).toEqual(['ACCEPT ingress 203.0.113.7 10.0.1.4 13 1300 990 1003']);
  });

  it('to a service that no rule is asked about is not logged', () => {
    const log = new InterfaceLog(ABOUT, 990);
    log.settle([connection({ mark: 0, original: { packets: 1, bytes: 60 } })], look(1002));
    expect(log.content.records).toEqual([]);
  });

  it('has the interface’s primary address on its own side, and the packet’s own in pkt-dstaddr', () => {
    const log = new InterfaceLog(ABOUT, 990);
    log.settle([connection({ destination: '10.0.1.5', original: { packets: 1, bytes: 60 } })], look(1002));
    expect(log.content.records).toMatchObject([{ dstaddr: '10.0.1.4', pktDstaddr: '10.0.1.5' }]);
  });
});

describe('a drop', () => {
  it('by a group is a REJECT, once for each packet', () => {
    const log = new InterfaceLog(ABOUT, 990);
    log.report(report({ verdict: 'drop' }), 16);
    log.report(report({ verdict: 'drop', time: 1003 }), 16);
    log.settle([], look(1004));
    expect(brief(log)).toEqual(['REJECT ingress 203.0.113.7 10.0.1.4 2 120 1000 1003']);
    expect(log.content.records).toMatchObject([{ stage: 'sg-ingress', reply: false, tcpFlags: 2 }]);
  });

  it('of the answer by a network ACL behind the card leaves no ACCEPT of it: the classic of a stateless filter', () => {
    const log = new InterfaceLog(ABOUT, 990);
    const back = { source: '10.0.1.4', sourcePort: 22, destination: '203.0.113.7', destinationPort: 4000 };
    log.report(report({}), 16);
    log.report(report({ verdict: 'drop', stage: 'nacl-outbound', rule: 'acl-1/90', ends: back, time: 1001 }), 16);
    const once = { packets: 1, bytes: 60 };
    log.settle([connection({ original: once, reply: once })], look(1002));
    expect(brief(log)).toEqual([
      'REJECT egress 10.0.1.4 203.0.113.7 1 60 1001 1001',
      'ACCEPT ingress 203.0.113.7 10.0.1.4 1 60 1000 1000',
    ]);
    expect(log.content.records).toMatchObject([{ reply: true, rule: 'acl-1/90' }, { reply: false }]);
  });

  it('that is heard after its connection was looked at is taken from what comes next', () => {
    const log = new InterfaceLog(ABOUT, 990);
    const out = { source: '10.0.1.4', sourcePort: 4000, destination: '203.0.113.7', destinationPort: 22 };
    log.report(report({ stage: 'sg-egress', ends: out }), 16);
    log.report(report({ verdict: 'drop', stage: 'nacl-outbound', ends: out }), 16);
    log.settle([connection({ ...out })], look(1001));
    log.settle([connection({ ...out, original: { packets: 1, bytes: 60 } })], look(1002));
    expect(brief(log)).toEqual(['REJECT egress 10.0.1.4 203.0.113.7 1 60 1000 1000']);
  });

  it('before the flow was let in is not taken from what was let in later', () => {
    const log = new InterfaceLog(ABOUT, 990);
    log.report(report({ verdict: 'drop' }), 16);
    log.report(report({ time: 1001 }), 16);
    log.settle([connection({ original: { packets: 2, bytes: 120 } })], look(1002));
    expect(brief(log)).toEqual([
      'REJECT ingress 203.0.113.7 10.0.1.4 1 60 1000 1000',
      'ACCEPT ingress 203.0.113.7 10.0.1.4 2 120 1001 1002',
    ]);
  });

  it('of an untracked flow that has a connection is taken from what the connection counts', () => {
    const log = new InterfaceLog(ABOUT, 990);
    log.report(report({}), 16);
    log.settle([connection({ original: { packets: 2, bytes: 120 } })], look(1001));
    log.report(report({ verdict: 'drop', time: 1002 }), 16);
    log.settle([connection({ original: { packets: 3, bytes: 180 } })], look(1003));
    expect(brief(log)).toEqual([
      'ACCEPT ingress 203.0.113.7 10.0.1.4 2 120 1000 1001',
      'REJECT ingress 203.0.113.7 10.0.1.4 1 60 1002 1002',
    ]);
  });
});

it('packets of protocols that no connection counts are counted by their reports', () => {
  const log = new InterfaceLog(ABOUT, 990);
  const ends = { sourcePort: 0, destinationPort: 0 };
  log.report(report({ protocol: 47, ends, tcpFlags: null }), 16);
  log.report(report({ protocol: 47, ends, tcpFlags: null, time: 1005 }), 16);
  log.settle([], look(1006));
  expect(brief(log)).toEqual(['ACCEPT ingress 203.0.113.7 10.0.1.4 2 120 1000 1005']);
});

it('what is too much for the store is said to be missing', () => {
  const log = new InterfaceLog(ABOUT, 990, new RecordStore(2));
  for (const sourcePort of [1, 2, 3])
    log.report(report({ verdict: 'drop', ends: { sourcePort }, time: 1000 + sourcePort }), 16);
  expect(log.content).toMatchObject({ records: [{ srcport: 2 }, { srcport: 3 }], skipped: { start: 1001, end: 1001 } });
});
