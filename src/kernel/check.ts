/** One feature that a host must have. */
export interface Check {
  readonly name: string;
  /** The feature of sglab that fails without it. */
  readonly usedBy: string;
  /** The package, module or kernel option to install, and how to get it. */
  readonly remedy: string;
  /** Whether labs cannot be built without it. */
  readonly required: boolean;
  /** Names of checks without which this one would only repeat their failure. */
  readonly needs: readonly string[];
  /** Tries the feature. Resolves to a detail worth showing, such as a version; throws if it does not work. */
  readonly test: () => Promise<string>;
}
