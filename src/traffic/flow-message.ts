/** What long-lived flows carry: by it each end knows what arrived, through whatever translated the addresses on the way. */

export interface FlowMessage {
  /** Of one flow. */
  readonly token: string;
  readonly serial: number;
  readonly from: 'client' | 'server';
  /** Whether the server should answer it with a message of the same number. */
  readonly answer: boolean;
}

const FORM = /sglab-flow ([0-9a-f]{16}) (\d+) (client|server) (answer|keep)\n/g;

export function writeMessage({ token, serial, from, answer }: FlowMessage): Buffer {
  return Buffer.from(`sglab-flow ${token} ${serial} ${from} ${answer ? 'answer' : 'keep'}\n`);
}

/** The messages in what arrived: in a stream there may be several at once. */
export function readMessages(data: Buffer): FlowMessage[] {
  return Array.from(data.toString('latin1').matchAll(FORM), ([, token = '', serial, from, answer]) => ({
    token,
    serial: Number(serial),
    from: from === 'client' ? 'client' : 'server',
    answer: answer === 'answer',
  }));
}
