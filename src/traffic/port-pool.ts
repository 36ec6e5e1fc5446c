/**
 * Source ports in turn. A port comes back only after all others: connection tracking still remembers recent flows (10 s for
 * a reset one), and a probe from a remembered port would be let through as part of it instead of being judged.
 */
export class PortPool {
  static readonly #FIRST = 10_000;
  static readonly #LAST = 65_535;
  /** Anywhere: the flows of an earlier process may be remembered, too. */
  #next = PortPool.#FIRST + Math.floor(Math.random() * (PortPool.#LAST - PortPool.#FIRST));

  take(): number {
    const port = this.#next;
    this.#next = port === PortPool.#LAST ? PortPool.#FIRST : port + 1;
    return port;
  }
}
