/** One thing that a host must be able to do. */
export interface Check {
  readonly name: string;
  /** What does not work without it. */
  readonly usedBy: string;
  /** Package, module or kernel option, and how to get it. */
  readonly remedy: string;
  /** Without it no lab can be built. */
  readonly required: boolean;
  /** Names of checks without which this one would only repeat their failure. */
  readonly needs: readonly string[];
  /** Tries it. Resolves to a detail worth showing, such as a version; throws when it does not work. */
  readonly test: () => Promise<string>;
}
