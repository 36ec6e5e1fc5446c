import { protocolNumber } from '../cloud/protocol.js';
import { openRawSocket } from '../kernel/raw.js';
import type { Ask } from './ask.js';
import { isAbout, outcomeOfError } from './icmp-sockets.js';

/**
 * What connection tracking looks into must please it, or the answer counts as no reply. GRE: version 0, of which address
 * translation knows how to handle every packet. UDP-Lite: a checksum that is not zero, in the bytes 6 and 7.
 */
const PAYLOAD = Buffer.concat([Buffer.from([0, 0, 0, 0, 0, 0, 0, 1]), Buffer.from('sglab probe\n')]);

const SCTP = 132;
/** SCTP: an INIT (RFC 4960). Ports, verification tag 0, checksum; the chunk's type 1, length, tag, window, streams, TSN. */
const SCTP_INIT = Buffer.from('0009000900000000000000000100001400000001000100000001000100000001', 'hex');

/** One packet of any other protocol; a packet of that protocol back, or an error about it. */
export const askRaw: Ask = (client, question, begin) => {
  const { family, sourceAddress, destinationAddress } = question;
  const protocol = protocolNumber(question.protocol);
  const attempt = begin({ source: 0, destination: 0 });
  const socket = openRawSocket({ ...client, family }, protocol, (_message, source) => {
    if (source === destinationAddress) attempt.answer('connected');
  });
  const stopIcmp = client.icmp.listen(family, (message) => {
    if (!isAbout(message, protocol, sourceAddress, destinationAddress)) return;
    const outcome = outcomeOfError(message);
    if (outcome !== null) attempt.answer(outcome);
  });
  socket
    .send(protocol === SCTP ? SCTP_INIT : PAYLOAD, sourceAddress, destinationAddress)
    .catch((error: Error) => attempt.answer('unknown', error.message));
  return {
    attempt,
    stop: () => {
      stopIcmp();
      socket.close();
    },
  };
};
