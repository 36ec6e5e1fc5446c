/** The part of the npm package `raw-socket` that is used; it ships no types. */
declare module 'raw-socket' {
  import type { EventEmitter } from 'node:events';

  export const AddressFamily: { readonly IPv4: number; readonly IPv6: number };

  export interface Socket extends EventEmitter {
    on(event: 'message', listener: (packet: Buffer, source: string) => void): this;
    on(event: 'error', listener: (error: Error) => void): this;
    send(
      buffer: Buffer,
      offset: number,
      length: number,
      address: string,
      afterCallback: (error: Error | null, bytes: number) => void,
    ): this;
    setOption(level: number, option: number, value: number): void;
    setOption(level: number, option: number, value: Buffer, length: number): void;
    close(): this;
  }

  export function createChecksum(...buffers: Buffer[]): number;

  export function createSocket(options: { protocol: number; addressFamily: number; bufferSize?: number }): Socket;
}
