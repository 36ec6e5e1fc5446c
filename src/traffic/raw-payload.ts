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
