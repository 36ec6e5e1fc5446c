/** Lets one action after the other have its turn. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  take<T>(action: () => Promise<T>): Promise<T> {
    const done = this.#last.then(action);
    this.#last = done.catch(() => {});
    return done;
  }

  /** When the last one that has come is over. */
  async end(): Promise<void> {
    await this.#last;
  }
}
