import type { PacketDirection } from './pcapng.js';

/** One packet as it was seen somewhere. */
export interface SeenPacket {
  /** Microseconds since 1970. */
  readonly time: number;
  /** `web-1.eth0`; of a packet that was dropped on its way there, the place that dropped it: `web-1.eth0 card`. */
  readonly interface: string;
  /** The direction as the machine sees it. */
  readonly direction: PacketDirection;
  /** The frame from the Ethernet header on, as much as was kept. */
  readonly frame: Buffer;
  /** Bytes on the link. */
  readonly length: number;
  /** The verdicts of cards and routers on it, in time order. */
  readonly comments: readonly string[];
}

/** A network interface to capture at. */
export interface CaptureTarget {
  /** `web-1.eth0` */
  readonly name: string;
  readonly namespace: string;
  /** The link's name inside. */
  readonly link: string;
  /** Null for a machine on the internet. */
  readonly interfaceId: string | null;
  /** Null where the other end of the link has the same. */
  readonly macAddress: string | null;
  readonly addresses: readonly string[];
}
