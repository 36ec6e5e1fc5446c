import type { ProbeQuestion } from '../cloud/text/probe.js';
import type { Attempt } from './attempt.js';
import type { Client, FlowPorts } from './client.js';
import type { FlowDispatcher, FlowMessage } from './flow-dispatcher.js';

/** Events at the two ends of a flow. */
export interface FlowEvents {
  atServer(message: FlowMessage): void;
  atClient(message: FlowMessage): void;
  /** Called when the client's socket reports the end of the flow: an errno's name, or `EOF`. */
  onClosed(error: string): void;
}

/** The two ends of an open flow. A send returns null, or the reason why it failed. */
export interface FlowTransport {
  sendFromClient(message: FlowMessage): string | null;
  sendFromServer(message: FlowMessage): string | null;
  /** Makes sure that no packet of the flow is sent on its own afterwards. */
  settle(): void;
  /** Ends the flow as its protocol does; resolves when the server has received the end, if it does. */
  finish(): Promise<void>;
  /** Closes both ends at once. */
  abandon(): void;
}

/** Everything that is needed to open a flow. */
export interface FlowOpening {
  readonly client: Client;
  /** The server's machine, and its address as it knows it itself. */
  readonly server: Client;
  readonly serverAddress: string;
  readonly dispatcher: FlowDispatcher;
  readonly question: ProbeQuestion;
  readonly first: FlowMessage;
  readonly events: FlowEvents;
  startAttempt(ports: FlowPorts): Attempt;
}

export interface OpeningFlow {
  readonly ports: FlowPorts;
  readonly attempt: Attempt;
  readonly transport: FlowTransport;
}

/** Opens the client's side and sends the first packet: the SYN of TCP, the first message of any other protocol. */
export type OpenTransport = (opening: FlowOpening) => OpeningFlow;

/** The error of a send from a server whose end of the flow is not known. */
export const SERVER_END_UNKNOWN = 'no built-in server has seen it';

/** The transport of a protocol without connections: it sends no packet on its own, and none that ends the flow. */
export function connectionless(
  { ports, attempt }: Pick<OpeningFlow, 'ports' | 'attempt'>,
  sends: Pick<FlowTransport, 'sendFromClient' | 'sendFromServer'>,
  close: () => void,
): OpeningFlow {
  return { ports, attempt, transport: { ...sends, settle: () => {}, finish: async () => close(), abandon: close } };
}

/** A raw socket reports later that it could not send: then the outcome of the flow is unknown. */
export function sendWithoutPorts(attempt: Attempt, send: (message: FlowMessage) => Promise<void>) {
  return (message: FlowMessage): null => {
    send(message).catch((error: Error) => attempt.answer('unknown', error.message));
    return null;
  };
}
