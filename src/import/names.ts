import { isName } from '../cloud/text/names.js';

const MAX_NAME = 40;

/** `Public Subnet (A)` -> `public-subnet-a`: what src/cloud/text/names.ts takes, or null if nothing is left of the text. */
export function slug(text: string): string | null {
  const words = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '');
  const name = words.slice(0, MAX_NAME).replace(/-+$/, '');
  return isName(name) ? name : null;
}

/** Hands out names of which no two are equal. */
export class Names {
  readonly #taken: Set<string>;

  constructor(taken: Iterable<string> = []) {
    this.#taken = new Set([...taken].map((name) => name.toLowerCase()));
  }

  /** The first of the texts that can be a name and is free; else the first that can be one, with a number. */
  take(...texts: readonly (string | null)[]): string {
    const names = texts.flatMap((text) => (text === null ? [] : (slug(text) ?? [])));
    return this.#mark(names.find((name) => !this.#taken.has(name)) ?? this.#numbered(names[0] ?? 'unnamed'));
  }

  /** The text as it is, or with a number. */
  takeText(text: string): string {
    return this.#mark(this.#taken.has(text.toLowerCase()) ? this.#numbered(text) : text);
  }

  #numbered(name: string): string {
    for (let number = 2; ; number++) {
      const suffix = `-${number}`;
      const candidate = `${name.slice(0, MAX_NAME - suffix.length)}${suffix}`;
      if (!this.#taken.has(candidate.toLowerCase())) return candidate;
    }
  }

  #mark(name: string): string {
    this.#taken.add(name.toLowerCase());
    return name;
  }
}
