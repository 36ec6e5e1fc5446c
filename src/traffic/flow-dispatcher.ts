/** The servers pass messages of long-lived flows to this dispatcher, and with them their own end of the flow. */
import type { Netns } from '../kernel/netns.js';

/** The server's side of a flow. */
export interface ServerEnd {
  /** @returns null, or the errno's name */
  send(message: FlowMessage): string | null;
  /** The TCP connection; null for a server without a connection per client. */
  readonly connection: ServerConnection | null;
}

export interface ServerConnection {
  readonly netns: Netns;
  readonly fd: number;
  readonly isOpen: boolean;
  /** Continues with another descriptor; the old one is closed already. */
  replace(fd: number): void;
  /** Stops watching its descriptor until it is replaced. */
  pause(): void;
}

type OnFlowMessage = (message: FlowMessage, end: ServerEnd) => void;

export class FlowDispatcher {
  readonly #waiting = new Map<string, OnFlowMessage>();

  /** Calls `onHeard` for each message of the flow that reaches the server, until the returned function is called. */
  subscribe(token: string, onMessage: OnFlowMessage): () => void {
    this.#waiting.set(token, onMessage);
    return () => this.#waiting.delete(token);
  }

  /** Delivers messages that a server received to the flow's client, and answers those that ask for it. */
  deliver(messages: readonly FlowMessage[], end: ServerEnd): void {
    for (const message of messages) {
      // A raw protocol has no ports: what a server sends reaches the servers of the client's machine, too.
      if (message.from === 'server') continue;
      this.#waiting.get(message.token)?.(message, end);
      if (message.answer) end.send({ ...message, from: 'server', answer: false });
    }
  }
}

export interface FlowMessage {
  /** Identifies the flow. */
  readonly token: string;
  readonly serial: number;
  readonly from: 'client' | 'server';
  /** Whether the server should answer with a message of the same serial number. */
  readonly answer: boolean;
}

const FORM = /sglab-flow ([0-9a-f]{16}) (\d+) (client|server) (answer|keep)\n/g;

export function writeMessage({ token, serial, from, answer }: FlowMessage): Buffer {
  return Buffer.from(`sglab-flow ${token} ${serial} ${from} ${answer ? 'answer' : 'keep'}\n`);
}

/** Finds the messages in received data: in a stream there may be several at once. */
export function readMessages(data: Buffer): FlowMessage[] {
  return Array.from(data.toString('latin1').matchAll(FORM), ([, token = '', serial, from, answer]) => ({
    token,
    serial: Number(serial),
    from: from === 'client' ? 'client' : 'server',
    answer: answer === 'answer',
  }));
}
