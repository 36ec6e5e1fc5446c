import { describe, expect, it } from 'vitest';
import {
  DEFAULT_FIELDS,
  type FlowField,
  flowLines,
  lineFields,
  parseLogFormat,
} from '../../../../src/records/flow-logs/format.js';
import { RecordDelta } from '../../../../src/records/flow-logs/record-delta.js';
import { selected } from '../../../../src/records/flow-logs/select.js';
import type { FlowRecord, InterfaceRecords } from '../../../../src/records/flow-logs/types.js';

const CONTEXT = { accountId: '123456789012', region: 'eu-central-1' };
const ABOUT = {
  interface: 'web-1.eth0',
  interfaceId: 'eni-1',
  instanceId: 'i-1',
  subnetId: 'subnet-1',
  vpcId: 'vpc-1',
} as const;
const RECORD: FlowRecord = {
  ...ABOUT,
  action: 'REJECT',
  direction: 'ingress',
  protocol: 6,
  srcaddr: '203.0.113.7',
  dstaddr: '10.0.1.4',
  srcport: 4000,
  dstport: 22,
  pktSrcaddr: '203.0.113.7',
  pktDstaddr: '10.0.1.5',
  packets: 2,
  bytes: 120,
  start: 1000.5,
  end: 1001.9,
  icmp: null,
  tcpFlags: 2,
  stage: 'sg-ingress',
  rule: null,
  reply: false,
  minute: 16,
};
const log = (...records: FlowRecord[]): InterfaceRecords => ({ ...ABOUT, since: 900, records, skipped: null });
const text = (interfaces: InterfaceRecords[], fields: readonly FlowField[] = DEFAULT_FIELDS) =>
  flowLines(interfaces, 1100).map((line) => lineFields(line, fields, CONTEXT).join(' '));

describe('a line', () => {
  it('has AWS’s default format', () => {
    expect(text([log(RECORD)])).toEqual([
      '2 123456789012 eni-1 203.0.113.7 10.0.1.4 4000 22 6 2 120 1000 1001 REJECT OK',
    ]);
  });

  it('has the fields that are asked for, with the version that they need', () => {
    const names = ['version', 'vpc-id', 'pkt-dstaddr', 'tcp-flags', 'flow-direction', 'traffic-path', 'az-id', 'type'];
    const fields = parseLogFormat(names.map((name) => `\${${name}}`).join(' '));
    expect(text([log(RECORD)], fields)).toEqual(['5 vpc-1 10.0.1.5 2 ingress - - IPv4']);
  });

  it('of an interface without traffic says NODATA', () => {
    expect(text([log()])).toEqual(['2 123456789012 eni-1 - - - - - - - 900 1100 - NODATA']);
  });

  it('of an interface with more than is kept says SKIPDATA', () => {
    expect(text([{ ...log(RECORD), skipped: { start: 950, end: 960 } }])).toEqual([
      expect.stringContaining('REJECT OK'),
      '2 123456789012 eni-1 - - - - - - - 950 960 - SKIPDATA',
    ]);
  });
});

it.each(['version', '$' + '{bogus-field}', '$' + '{version}; x', ''])('the format %j is refused', (format) => {
  expect(() => parseLogFormat(format)).toThrow(expect.objectContaining({ code: 'InvalidParameterValue' }));
});

describe('a selection', () => {
  const all = { action: null, interval: 1, since: 0 } as const;
  it('joins the minutes of a longer interval', () => {
    const later = { ...RECORD, minute: 19, start: 1150, end: 1160 };
    const [joined] = selected({ ...all, interval: 10 }, [log(RECORD, later)]);
    expect(joined?.records).toMatchObject([{ packets: 4, bytes: 240, start: 1000.5, end: 1160 }]);
    expect(selected({ ...all, interval: 1 }, [log(RECORD, later)])[0]?.records).toHaveLength(2);
  });

  it('does not say NODATA of an interface that has other records', () => {
    expect(selected({ ...all, action: 'ACCEPT' }, [log(RECORD)])).toEqual([]);
    expect(selected({ ...all, since: 1002 }, [log(RECORD)])).toEqual([]);
    expect(selected({ ...all, action: 'ACCEPT' }, [log()])).toHaveLength(1);
  });
});

it('of what grows only the growth is told again', () => {
  const lines = (packets: number) => flowLines([log({ ...RECORD, packets, bytes: packets * 60 })], 1100);
  const growth = new RecordDelta(lines(2));
  expect(growth.since(lines(2))).toEqual([]);
  expect(growth.since(lines(5))).toMatchObject([{ record: { packets: 3, bytes: 180 } }]);
});
