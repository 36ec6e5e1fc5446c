/**
 * A valid header for the protocols that connection tracking parses; otherwise the answer does not count as a reply.
 * GRE: version 0, every packet of which address translation can handle. UDP-Lite: a checksum other than zero, in the
 * bytes 6 and 7.
 */

const PREFIX = Buffer.from([0, 0, 0, 0, 0, 0, 0, 1]);

const SCTP = 132;
/** Ports, verification tag 0, checksum; then an INIT: type 1, length, tag, window, streams, TSN (RFC 4960). */
const SCTP_INIT = Buffer.from('0009000900000000000000000100001400000001000100000001000100000001', 'hex');
const SCTP_HEADER_LENGTH = 12;
/** A parameter type that the receiver skips. */
const SCTP_UNKNOWN_PARAMETER = 0x8000;

/** Builds a packet of a protocol without ports, from its own header on, that carries some text. */
export function rawPayload(protocol: number, text: Buffer): Buffer {
  return protocol === SCTP ? sctpInit(text) : Buffer.concat([PREFIX, text]);
}

/** The text goes into a parameter of the INIT, which must be the only chunk of its packet. */
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
 * The content of sglab's own packets of protocols without ports. It distinguishes a question from an answer: without it
 * two servers would answer each other for ever, and a client would take the late answer to an earlier question for its
 * own.
 */
interface RawMessage {
  readonly kind: 'question' | 'answer';
  /** Identifies a question, and its answer. */
  readonly token: string;
}

const FORM = /sglab (question|answer) ([0-9a-f]{16})\n/;

/** The token in the answer to a packet of any other program. */
export const NO_TOKEN = '0'.repeat(16);

export function writeRawMessage({ kind, token }: RawMessage): Buffer {
  return Buffer.from(`sglab ${kind} ${token}\n`);
}

/**
 * @param packet or a part of it
 * @returns null if it is not one of sglab's
 */
export function readRawMessage(packet: Buffer): RawMessage | null {
  const [, kind, token] = FORM.exec(packet.toString('latin1')) ?? [];
  if (token === undefined) return null;
  return { kind: kind === 'question' ? 'question' : 'answer', token };
}
