/** Takes numbers off a draft. */
export class Choices {
  readonly #numbers: readonly number[];
  #at = 0;

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers;
  }

  /** One of the items; undefined of none. */
  of<T>(items: readonly T[]): T | undefined {
    return items[this.number(items.length)];
  }

  /** 0 … count - 1. */
  number(count: number): number {
    const next = this.#numbers[this.#at++] ?? 0;
    return count === 0 ? 0 : next % count;
  }
}
