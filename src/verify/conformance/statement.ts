/** A numbered statement about packets, as docs/aws-semantics.md has it. */
export interface Statement {
  /** `S1` … `S114`; numbers are stable. */
  readonly id: string;
  readonly title: string;
  /** The document's tag of where AWS says so, such as `CT`, or `[DECISION]` where sglab chose. */
  readonly source: string;
}

export interface Section {
  /** `8.1` */
  readonly number: string;
  readonly title: string;
  readonly statements: readonly Statement[];
}

export function numberOf(id: string): number {
  return Number(id.slice(1));
}
