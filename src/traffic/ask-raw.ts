import { protocolNumber } from '../cloud/protocol.js';
import { openRawSocket } from '../kernel/raw.js';
import type { Ask } from './ask.js';
import { isAbout, outcomeOfError } from './icmp-sockets.js';
import { rawPayload } from './raw-payload.js';

const PAYLOAD = Buffer.from('sglab probe\n');

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
    .send(rawPayload(protocol, PAYLOAD), sourceAddress, destinationAddress)
    .catch((error: Error) => attempt.answer('unknown', error.message));
  return {
    attempt,
    stop: () => {
      stopIcmp();
      socket.close();
    },
  };
};
