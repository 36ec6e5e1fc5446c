/** The published API model, reduced to the parts that reading a request and writing an answer need. */

/**
 * A member's name in a request, its name in an answer, and its type: `string`, `integer`, `double`, `boolean`, `timestamp`, or the name of a
 * structure; followed by `[]` for a list.
 */
export type MemberModel = readonly [query: string, xml: string, type: string];

export interface StructureModel {
  readonly members: Readonly<Record<string, MemberModel>>;
  /** Members that a request must have. */
  readonly required: readonly string[];
}

export interface ApiModel {
  readonly actions: Readonly<Record<string, { readonly input: string; readonly output: string }>>;
  readonly structures: Readonly<Record<string, StructureModel>>;
}
