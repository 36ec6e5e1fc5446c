import type { Cloud } from '../cloud/types.js';

/** What a handler works with. Only `change` changes anything. */
export interface ActionContext {
  /** As it is now: after a change, as that left it. */
  readonly cloud: Cloud;
  /** When the request came. */
  readonly time: Date;
  /**
   * One atomic change of the lab: when it returns, the next packet meets it. Of a dry run nothing is kept, but what is
   * not allowed is refused all the same.
   * @param mutate of src/cloud: gives the new cloud and what was made, or throws CloudError with AWS's code
   */
  change<T extends { readonly cloud: Cloud }>(mutate: (cloud: Cloud) => T): Promise<T>;
}

/**
 * Answers one action. Requests and answers have the types of AWS's own client (`import type … from '@aws-sdk/client-ec2'`):
 * a request holds what the API model knows, of the types it says, with its required members. A list of an answer is
 * written also when it is empty, an absent member is not.
 */
export type Handler<Request, Answer extends object> = (
  request: Request,
  context: ActionContext,
) => Answer | Promise<Answer>;

/** A family of actions by name; each handler takes the request of its own action. */
export type Handlers = Readonly<Record<string, Handler<never, object>>>;
