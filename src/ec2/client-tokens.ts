import { createHash } from 'node:crypto';
import { Ec2Error } from './ec2-error.js';
import type { Structure } from './parse-request.js';

/** Beyond these the oldest are forgotten; AWS keeps them for a day at least. */
const MOST_TOKENS = 10_000;

interface Performed {
  readonly fingerprint: string;
  readonly answer: Promise<object>;
}

/**
 * A request that is repeated with its `ClientToken` is performed once; a client repeats one whose answer it did not get.
 * What failed is forgotten, so that it can be tried again.
 */
export class ClientTokens {
  readonly #performed = new Map<string, Performed>();

  /** @throws Ec2Error `IdempotentParameterMismatch` when the token came with other parameters before */
  once(action: string, request: Structure, perform: () => Promise<object>): Promise<object> {
    const { ClientToken: token } = request;
    if (typeof token !== 'string' || token === '') return perform();
    const key = `${action} ${token}`;
    const fingerprint = createHash('sha256').update(canonical(request)).digest('hex');
    const before = this.#performed.get(key);
    if (before !== undefined) {
      if (before.fingerprint === fingerprint) return before.answer;
      const text = `The client token ${JSON.stringify(token.slice(0, 64))} was used before with other parameters.`;
      throw new Ec2Error('IdempotentParameterMismatch', text);
    }
    const answer = perform();
    this.#remember(key, { fingerprint, answer });
    return answer;
  }

  #remember(key: string, performed: Performed): void {
    this.#performed.set(key, performed);
    performed.answer.catch(() => this.#performed.delete(key));
    const [oldest] = this.#performed.keys();
    if (oldest !== undefined && this.#performed.size > MOST_TOKENS) this.#performed.delete(oldest);
  }
}

/** Members in any order are the same request. */
function canonical(request: Structure): string {
  return JSON.stringify(request, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)))
      : value,
  );
}
