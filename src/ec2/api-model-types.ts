/** The published API model, cut down to what parsing a request and writing an answer take. */

/**
 * Name in a request, name in an answer, and type: `string`, `integer`, `double`, `boolean`, `timestamp`, or the name of a
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
