import type { Socket } from 'node:net';

/** Answers DNS messages on a TCP connection: each behind its length in two bytes (RFC 1035 4.2.2). */
export function serveDnsStream(socket: Socket, answer: (message: Buffer) => Buffer | null): void {
  let pending = Buffer.alloc(0);
  socket.on('error', () => {}); // a client that went away is not missed
  socket.on('data', (data) => {
    pending = Buffer.concat([pending, data]);
    while (pending.length >= 2 && pending.length >= 2 + pending.readUInt16BE()) {
      const end = 2 + pending.readUInt16BE();
      const reply = answer(pending.subarray(2, end));
      pending = pending.subarray(end);
      if (reply === null) {
        socket.destroy();
        return;
      }
      const length = Buffer.alloc(2);
      length.writeUInt16BE(reply.length);
      socket.write(Buffer.concat([length, reply]));
    }
  });
}
