/** Time as 169.254.169.123 gives it: NTP version 4 without authentication (RFC 5905, figure 8). */
const LENGTH = 48;
const MODE_CLIENT = 3;
const MODE_SERVER = 4;
const STRATUM = 3;
/** log2 of seconds: a poll of 16 s, a precision of about a microsecond. */
const POLL = 4;
const PRECISION = -20;
/** Seconds from 1900, NTP's epoch, to 1970. */
const EPOCH = 2_208_988_800;

/** The server's answer to a client's packet, or null for anything else. `now` is in milliseconds since 1970. */
export function answerTime(message: Buffer, now: number): Buffer | null {
  if (message.length < LENGTH || (message.readUInt8(0) & 7) !== MODE_CLIENT) return null;
  const answer = Buffer.alloc(LENGTH);
  answer.writeUInt8((message.readUInt8(0) & 0x38) | MODE_SERVER, 0);
  answer.writeUInt8(STRATUM, 1);
  answer.writeInt8(POLL, 2);
  answer.writeInt8(PRECISION, 3);
  answer.write('LCL', 12, 'latin1');
  message.copy(answer, 24, 40, 48); // the client's transmit time comes back as origin
  for (const at of [16, 32, 40]) writeTime(answer, at, now);
  return answer;
}

function writeTime(packet: Buffer, at: number, milliseconds: number): void {
  const seconds = Math.floor(milliseconds / 1000);
  packet.writeUInt32BE((seconds + EPOCH) % 2 ** 32, at);
  packet.writeUInt32BE(Math.floor(((milliseconds % 1000) / 1000) * 2 ** 32), at + 4);
}
