import type { Family } from '../cloud/groups/types.js';
import { protocolNumber } from '../cloud/protocol.js';
import type { ProbeQuestion } from '../cloud/text/probe.js';
import type { Ask } from './ask.js';
import { icmpMessage } from './echo.js';
import { type IcmpMessage, isAbout, outcomeOfError } from './icmp-sockets.js';

/** Which message answers which, where anything does (RFC 792, RFC 4443). */
const ANSWERS: Readonly<Record<Family, ReadonlyMap<number, number>>> = {
  ipv4: new Map([
    [8, 0],
    [13, 14],
  ]),
  ipv6: new Map([[128, 129]]),
};

/** One ICMP message; its answer, or an error about it. Its identifier is unique, as that of a new ping is. */
export const askIcmp: Ask = (client, question, begin) => {
  const identifier = client.ports.take();
  const attempt = begin({ source: identifier, destination: identifier });
  const onMessage = (message: IcmpMessage) => {
    if (isAnswer(question, identifier, message)) return attempt.answer('connected');
    const outcome = isErrorAbout(question, identifier, message) ? outcomeOfError(message) : null;
    if (outcome !== null) attempt.answer(outcome);
  };
  const { family, icmpType, icmpCode } = question;
  const message = icmpMessage(family, { type: icmpType ?? 0, code: icmpCode ?? 0, identifier, sequence: 1 });
  const stop = client.icmp.listen(family, onMessage);
  client.icmp
    .send(family, message, question.sourceAddress, question.destinationAddress)
    .catch((error: Error) => attempt.answer('unknown', error.message));
  return { attempt, stop };
};

function isAnswer(question: ProbeQuestion, identifier: number, message: IcmpMessage): boolean {
  const expected = ANSWERS[question.family].get(question.icmpType ?? -1);
  return (
    message.type === expected && message.identifier === identifier && message.source === question.destinationAddress
  );
}

function isErrorAbout(question: ProbeQuestion, identifier: number, message: IcmpMessage): boolean {
  const { sourceAddress, destinationAddress, protocol } = question;
  return (
    isAbout(message, protocolNumber(protocol), sourceAddress, destinationAddress) &&
    message.about?.icmp?.identifier === identifier
  );
}
