/**
 * What sglab's own packets of protocols without ports say. Without it nothing tells a question from an answer: two servers
 * would answer each other for ever, and a client would take the late answer to an earlier question for its own.
 */
export interface RawWord {
  readonly kind: 'question' | 'answer';
  /** Of one question, and of its answer. */
  readonly token: string;
}

const FORM = /sglab (question|answer) ([0-9a-f]{16})\n/;

/** In the answer to what somebody else's program sent. */
export const NO_TOKEN = '0'.repeat(16);

export function writeRawWord({ kind, token }: RawWord): Buffer {
  return Buffer.from(`sglab ${kind} ${token}\n`);
}

/** @param packet or a part of it. @returns null where it is none of ours */
export function readRawWord(packet: Buffer): RawWord | null {
  const [, kind, token] = FORM.exec(packet.toString('latin1')) ?? [];
  if (token === undefined) return null;
  return { kind: kind === 'question' ? 'question' : 'answer', token };
}
