/**
 * What connection tracking looks into must please it, or the answer counts as no reply. GRE: version 0, of which address
 * translation knows how to handle every packet. UDP-Lite: a checksum that is not zero, in the bytes 6 and 7.
 */

const PREFIX = Buffer.from([0, 0, 0, 0, 0, 0, 0, 1]);

const SCTP = 132;
/** Ports, verification tag 0, checksum; then an INIT: type 1, length, tag, window, streams, TSN (RFC 4960). */
const SCTP_INIT = Buffer.from('0009000900000000000000000100001400000001000100000001000100000001', 'hex');
const SCTP_HEADER_LENGTH = 12;
/** The receiver skips a parameter of this type. */
const SCTP_UNKNOWN_PARAMETER = 0x8000;

/** The packet of a protocol without ports, from its own header on, that carries some text. */
export function rawPayload(protocol: number, text: Buffer): Buffer {
  return protocol === SCTP ? sctpInit(text) : Buffer.concat([PREFIX, text]);
}

/** The text is a parameter of the INIT, which must be the only chunk of its packet. */
function sctpInit(text: Buffer): Buffer {
  const parameter = Buffer.alloc(4 + Math.ceil(text.length / 4) * 4);
  parameter.writeUInt16BE(SCTP_UNKNOWN_PARAMETER, 0);
  parameter.writeUInt16BE(4 + text.length, 2);
  text.copy(parameter, 4);
  const init = Buffer.concat([SCTP_INIT, parameter]);
  init.writeUInt16BE(init.length - SCTP_HEADER_LENGTH, SCTP_HEADER_LENGTH + 2);
  return init;
}

/**
 * What sglab's own packets of protocols without ports say. Without it nothing tells a question from an answer: two servers
 * would answer each other for ever, and a client would take the late answer to an earlier question for its own.
 */
interface RawWord {
  readonly kind: 'question' | 'answer';
  /** Of one question, and of its answer. */
  readonly token: string;
}

const FORM = /sglab (question|answer) ([0-9a-f]{16})\n/;

/** In the answer to what somebody else's program sent. */
export const NO_TOKEN = '0'.repeat(16);

export function writeRawWord({ kind, token }: RawWord): Buffer {
  return Buffer.from(`sglab ${kind} ${token}\n`);
}

/** @param packet or a part of it. @returns null where it is none of ours */
export function readRawWord(packet: Buffer): RawWord | null {
  const [, kind, token] = FORM.exec(packet.toString('latin1')) ?? [];
  if (token === undefined) return null;
  return { kind: kind === 'question' ? 'question' : 'answer', token };
}
