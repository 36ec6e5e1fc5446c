import type * as Client from '@aws-sdk/client-ec2';
import type { Cloud } from '../cloud/types.js';

/** AWS's own client has a command for each of these actions. */
type PublishedAction = keyof typeof Client extends infer Name
  ? Name extends `${infer Action}Command`
    ? Action
    : never
  : never;

type Command<A extends PublishedAction> = InstanceType<(typeof Client)[`${A}Command`]>;

/** A request holds what the API model knows, of the types it says, with its required members. */
export type Input<A extends PublishedAction> = Command<A>['input'];

type Members<A extends PublishedAction> = Omit<
  Awaited<ReturnType<ReturnType<Command<A>['resolveMiddleware']>>>['output'],
  '$metadata'
>;

/** A list is written even when it is empty, an absent member is not. Actions without an answer of their own have undefined. */
export type Output<A extends PublishedAction> = keyof Members<A> extends never ? undefined : Members<A>;

/** A handler changes the lab with `change` alone, so that a dry run needs no code in any handler. */
export interface ActionContext {
  /** The cloud as it is now: after a change, as the change left it. */
  readonly cloud: Cloud;
  /** The time at which the request came. */
  readonly time: Date;
  /**
   * Changes the lab at once and as a whole: when it returns, the next packet meets the change. A dry run keeps nothing,
   * but refuses all that is not allowed.
   * @param mutate a mutation of src/cloud: it returns the new cloud and what was made, or throws CloudError with AWS's code
   */
  change<T extends { readonly cloud: Cloud }>(mutate: (cloud: Cloud) => T): Promise<T>;
}

/** The types are those of AWS's own client, of which nothing is loaded when sglab runs. */
export type Handler<A extends PublishedAction> = (
  request: Input<A>,
  context: ActionContext,
) => Output<A> | Promise<Output<A>>;
