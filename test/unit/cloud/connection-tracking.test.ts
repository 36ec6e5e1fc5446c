import { describe, expect, it } from 'vitest';
import {
  chooseConnectionTracking,
  DEFAULT_CONNECTION_TRACKING,
} from '../../../src/cloud/interfaces/connection-tracking.js';

describe('the idle time-outs of an interface', () => {
  it.each([
    [{ tcpEstablishedTimeout: 59 }, 'TcpEstablishedTimeout', '60 and 432000'],
    [{ tcpEstablishedTimeout: 432_001 }, 'TcpEstablishedTimeout', '60 and 432000'],
    [{ udpStreamTimeout: 181 }, 'UdpStreamTimeout', '60 and 180'],
    [{ udpTimeout: 29 }, 'UdpTimeout', '30 and 60'],
    [{ udpTimeout: 30.5 }, 'UdpTimeout', '30 and 60'],
  ])('%o is out of range (A25)', (wanted, parameter, range) => {
    expect(() => chooseConnectionTracking(wanted)).toThrow(`for parameter ${parameter} is invalid`);
    expect(() => chooseConnectionTracking(wanted)).toThrow(range);
  });

  it('are what was asked for, at both ends of their ranges, and what was there before otherwise', () => {
    const least = { tcpEstablishedTimeout: 60, udpStreamTimeout: 60, udpTimeout: 30 };
    expect(chooseConnectionTracking(least)).toEqual(least);
    expect(chooseConnectionTracking(DEFAULT_CONNECTION_TRACKING, least)).toEqual(DEFAULT_CONNECTION_TRACKING);
    expect(chooseConnectionTracking({ udpTimeout: 60 }, least)).toEqual({ ...least, udpTimeout: 60 });
  });
});
