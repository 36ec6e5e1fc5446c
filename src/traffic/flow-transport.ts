import type { ProbeQuestion } from '../cloud/text/probe.js';
import type { Attempt } from './attempt.js';
import type { Client, FlowPorts } from './client.js';
import type { FlowDesk, FlowMessage } from './flow-desk.js';

/** What happens at the two ends of a flow. */
export interface FlowEvents {
  atServer(message: FlowMessage): void;
  atClient(message: FlowMessage): void;
  /** The client's socket says that the flow is over: an errno's name, or `EOF`. */
  over(error: string): void;
}

/** The two ends of an open flow. A send returns null, or why it could not be. */
export interface FlowTransport {
  sendFromClient(message: FlowMessage): string | null;
  sendFromServer(message: FlowMessage): string | null;
  /** Nothing of the flow moves by itself after this. */
  settle(): void;
  /** Ends it as its protocol does; over when the server has heard of it, if it does. */
  finish(): Promise<void>;
  /** Closes what was opened, at once. */
  abandon(): void;
}

/** What it takes to open a flow. */
export interface FlowOpening {
  readonly client: Client;
  /** The server's machine, and its address as it knows it itself. */
  readonly server: Client;
  readonly serverAddress: string;
  readonly desk: FlowDesk;
  readonly question: ProbeQuestion;
  readonly first: FlowMessage;
  readonly events: FlowEvents;
  begin(ports: FlowPorts): Attempt;
}

export interface OpeningFlow {
  readonly ports: FlowPorts;
  readonly attempt: Attempt;
  readonly transport: FlowTransport;
}

/** Opens the client's side and sends the first packet: of TCP the SYN, of all others the first message. */
export type OpenTransport = (opening: FlowOpening) => OpeningFlow;

/** What a send from a server says when its end of the flow is not known. */
export const NO_SERVER_END = 'no built-in server has heard of it';

/** A protocol without connections: nothing of a flow moves by itself, and no packet ends it. */
export function connectionless(
  { ports, attempt }: Pick<OpeningFlow, 'ports' | 'attempt'>,
  sends: Pick<FlowTransport, 'sendFromClient' | 'sendFromServer'>,
  close: () => void,
): OpeningFlow {
  return { ports, attempt, transport: { ...sends, settle: () => {}, finish: async () => close(), abandon: close } };
}

/** A raw socket reports later that it could not send: then nobody can tell what became of the flow. */
export function sendWithoutPorts(attempt: Attempt, send: (message: FlowMessage) => Promise<void>) {
  return (message: FlowMessage): null => {
    send(message).catch((error: Error) => attempt.answer('unknown', error.message));
    return null;
  };
}
