import type { ConnectionTracking } from '../cloud/interfaces/types.js';
import type { Cursor } from '../source/cursor.js';

const WORDS = [
  ['tcpEstablishedTimeout', 'TcpEstablishedTimeout'],
  ['udpStreamTimeout', 'UdpStreamTimeout'],
  ['udpTimeout', 'UdpTimeout'],
] as const;

/** The idle time-outs of an interface, in seconds, as AWS's own formats write them; only those that are set. */
export function readConnectionTracking(specification: Cursor): Partial<ConnectionTracking> {
  return Object.fromEntries(
    WORDS.flatMap(([own, awsWord]) => {
      const seconds = specification.number(awsWord);
      return seconds === null ? [] : [[own, seconds]];
    }),
  );
}
