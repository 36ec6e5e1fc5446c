import { randomBytes } from 'node:crypto';
import type { Family } from '../cloud/groups/types.js';
import { protocolNumber } from '../cloud/protocol.js';
import type { ProbeQuestion } from '../cloud/text/probe.js';
import { EPOLLIN, EPOLLOUT } from '../kernel/epoll.js';
import { sockaddr } from '../kernel/sockaddr.js';
import { closeSocket, connectSocket, openBoundRaw, receive, resetOnClose, sendTo } from '../kernel/sockets.js';
import type { Attempt } from './attempt.js';
import { answerError, openBoundSocket } from './bound-socket.js';
import type { Client, FlowPorts } from './client.js';
import { readMessages } from './flow-dispatcher.js';
import { type IcmpMessage, icmpMessage, isAbout, outcomeOfError } from './icmp-sockets.js';
import { rawPayload, readRawMessage, writeRawMessage } from './raw-payload.js';

/**
 * Sends the packets of one question and reports to the attempt what the client observes.
 * @param begin starts the attempt, once the ports are known and before the first packet leaves
 */
export type ProbeTransport = (
  client: Client,
  question: ProbeQuestion,
  startAttempt: (ports: FlowPorts) => Attempt,
) => PendingProbe;

export interface PendingProbe {
  readonly attempt: Attempt;
  /** Closes every socket that it opened. */
  stop(): void;
}

const UNDER_WAY: ReadonlySet<string> = new Set(['EINPROGRESS', 'EALREADY']);

/**
 * Probes with a TCP handshake. Inside one machine it is nearly always complete when connect(2) returns, because each
 * link hands its packets on at once: the event loop is used only if it is not.
 */
export const probeTcp: ProbeTransport = (client, question, startAttempt) => {
  const destination = question.port ?? 0;
  const { fd, port } = openBoundSocket(client, 'stream', question);
  resetOnClose(fd);
  const attempt = startAttempt({ source: port, destination });
  const address = sockaddr(question.destinationAddress, destination);
  const ask = () => {
    const result = connectSocket(fd, address);
    if (result === 'connected') attempt.answer('connected');
    else if (!UNDER_WAY.has(result)) answerError(attempt, result);
    return UNDER_WAY.has(result);
  };
  const waits = ask() && ask();
  if (waits) client.epoll.add(fd, EPOLLOUT, () => (ask() ? undefined : client.epoll.remove(fd)));
  return {
    attempt,
    stop: () => {
      client.epoll.remove(fd);
      closeSocket(fd);
    },
  };
};

const PAYLOAD = Buffer.from('sglab probe\n');

/** Probes with one datagram, which brings an answer, or an error that an ICMP message leaves on the socket. */
export const probeUdp: ProbeTransport = (client, question, startAttempt) => {
  const destination = question.port ?? 0;
  const { fd, port } = openBoundSocket(client, 'dgram', question);
  const attempt = startAttempt({ source: port, destination });
  client.epoll.add(fd, EPOLLIN, () => {
    const received = receive(fd);
    if (!('error' in received)) attempt.answer('connected');
    else if (received.error !== 'EAGAIN') answerError(attempt, received.error);
  });
  const failed = connectSocket(fd, sockaddr(question.destinationAddress, destination));
  const error = failed === 'connected' ? sendTo(fd, PAYLOAD, null) : failed;
  if (error !== null) answerError(attempt, error);
  return {
    attempt,
    stop: () => {
      client.epoll.remove(fd);
      closeSocket(fd);
    },
  };
};

/** The type of the answer to each type of ICMP message that has one (RFC 792, RFC 4443). */
const ANSWERS: Readonly<Record<Family, ReadonlyMap<number, number>>> = {
  ipv4: new Map([
    [8, 0],
    [13, 14],
  ]),
  ipv6: new Map([[128, 129]]),
};

/**
 * Probes with one ICMP message, which brings an answer, or an error about it. Its identifier is unique, as that of a
 * new ping is.
 */
export const probeIcmp: ProbeTransport = (client, question, startAttempt) => {
  const identifier = client.ports.take();
  const attempt = startAttempt({ source: identifier, destination: identifier });
  const onMessage = (message: IcmpMessage) => {
    if (isEchoAnswer(question, identifier, message)) return attempt.answer('connected');
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

function isEchoAnswer(question: ProbeQuestion, identifier: number, message: IcmpMessage): boolean {
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

/** Nothing, or a "parameter problem" of ICMPv6, whose code alone says whether nobody knows the protocol there. */
const TOLD_BY_ICMP: ReadonlySet<string> = new Set(['EAGAIN', 'EPROTO']);

/** Probes with one packet of any other protocol, which brings a packet of that protocol, or an error about it. */
export const probeRaw: ProbeTransport = (client, question, startAttempt) => {
  const { family, sourceAddress, destinationAddress } = question;
  const protocol = protocolNumber(question.protocol);
  const attempt = startAttempt({ source: 0, destination: 0 });
  const fd = openBoundRaw(client.netns, sourceAddress, protocol);
  const token = randomBytes(8).toString('hex');
  client.epoll.add(fd, EPOLLIN, () => {
    for (let received = receive(fd); ; received = receive(fd)) {
      if ('error' in received) {
        if (!TOLD_BY_ICMP.has(received.error)) answerError(attempt, received.error);
        return;
      }
      if (isAnswer(received.data, token)) attempt.answer('connected');
    }
  });
  const stopIcmp = client.icmp.listen(family, (message) => {
    if (!isAbout(message, protocol, sourceAddress, destinationAddress)) return;
    const outcome = outcomeOfError(message);
    if (outcome !== null) attempt.answer(outcome);
  });
  // A connected socket receives only the answers of its peer.
  const failed = connectSocket(fd, sockaddr(destinationAddress, 0));
  const error =
    failed === 'connected'
      ? sendTo(fd, rawPayload(protocol, writeRawMessage({ kind: 'question', token })), null)
      : failed;
  if (error !== null) answerError(attempt, error);
  return {
    attempt,
    stop: () => {
      stopIcmp();
      client.epoll.remove(fd);
      closeSocket(fd);
    },
  };
};

/**
 * Accepts the server's answer, or that of a program other than sglab's; but no answer to another question, nor the
 * question itself if it comes back.
 */
function isAnswer(packet: Buffer, token: string): boolean {
  const word = readRawMessage(packet);
  return word === null ? readMessages(packet).length === 0 : word.kind === 'answer' && word.token === token;
}
