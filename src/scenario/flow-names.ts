import { quote } from '../cloud/text/quote.js';
import { hintFor } from '../cloud/text/suggest.js';
import type { ProblemList } from '../source/problems.js';
import type { Path } from '../source/tree.js';

/** The names of the flows that are open as the steps go by. */
export class FlowNames {
  readonly #problems: ProblemList;
  readonly #open = new Set<string>();

  constructor(problems: ProblemList) {
    this.#problems = problems;
  }

  open(path: Path, name: string): void {
    if (this.#open.has(name)) {
      const message = `the flow ${quote(name)} is open already`;
      this.#problems.add(path, { message, hint: 'End it first, or give this one another name.' });
    }
    this.#open.add(name);
  }

  use(path: Path, name: string): void {
    if (this.#open.has(name)) return;
    const message = `no flow ${quote(name)} is open at this point`;
    this.#problems.add(path, { message, hint: hintFor(name, [...this.#open]) ?? 'Write an `open` step before it.' });
  }

  end(path: Path, name: string): void {
    this.use(path, name);
    this.#open.delete(name);
  }
}
