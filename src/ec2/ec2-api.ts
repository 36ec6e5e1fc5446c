/** The EC2 API on a lab: parameters in, an XML document out. src/ec2/endpoint.ts speaks HTTP. */

import { createHash } from 'node:crypto';
import { followListenTags } from '../cloud/instances/listener.js';
import { pruneTags } from '../cloud/tags.js';
import type { Cloud } from '../cloud/types.js';
import type { Origin } from '../records/history/types.js';
import type { ActionContext, Handler, Input } from './action.js';
import { API_MODEL } from './api-model.js';
import { describeError, Ec2Error } from './ec2-error.js';
import { type ActionName, HANDLERS } from './handlers.js';
import { parseRequest, type Structure } from './parse-request.js';
import { renderAnswer, renderError } from './render-answer.js';

/** The part of a lab that the API needs. */
export interface ApiLab {
  readonly cloud: Cloud;
  /** @param origin the request, for the lab's history */
  change(mutate: (cloud: Cloud) => Cloud, origin: Origin): Promise<Cloud>;
}

export interface ApiAnswer {
  readonly status: number;
  /** An XML document, unless the headers say otherwise. */
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The history's name for a caller whose request had no credentials. */
const UNSIGNED = 'unsigned';

export class Ec2Api {
  readonly #lab: ApiLab;
  readonly #tokens = new ClientTokens<object | undefined>();

  constructor(lab: ApiLab) {
    this.#lab = lab;
  }

  /** Never throws: every error becomes a document. @param caller the access key id, for the lab's history */
  async answer(parameters: URLSearchParams, requestId: string, caller = UNSIGNED): Promise<ApiAnswer> {
    try {
      const action = actionOf(parameters);
      const answer = await this.perform(parameters, { caller, action, requestId });
      return { status: 200, body: renderAnswer(action, modelOf(action).output, answer, requestId) };
    } catch (error) {
      const description = describeError(error);
      return { status: description.status, body: renderError(description, requestId) };
    }
  }

  /** The answer by the SDK's names. @throws CloudError, Ec2Error with AWS's codes */
  async perform(parameters: URLSearchParams, origin: Origin): Promise<object> {
    const action = actionOf(parameters);
    const request = parseRequest(modelOf(action).input, parameters);
    return (await this.#perform(action, request, origin)) ?? {};
  }

  /** The cloud after these requests, of which none is performed. @throws CloudError, Ec2Error where one would be refused */
  async rehearse(requests: readonly URLSearchParams[]): Promise<Cloud> {
    const context = new DryRun(this.#lab.cloud);
    for (const parameters of requests) {
      const action = actionOf(parameters);
      const request = parseRequest(modelOf(action).input, parameters);
      await (HANDLERS[action] as Handler<typeof action>)(request as Input<typeof action>, context);
    }
    return context.cloud;
  }

  async #perform<A extends ActionName>(action: A, request: Structure, origin: Origin): Promise<object | undefined> {
    const handler: Handler<A> = HANDLERS[action];
    // The marked boundary: the API model has made the request what the handler's own type says.
    const perform = async (context: ActionContext) => handler(request as Input<A>, context);
    if (request.DryRun === true) {
      await perform(new DryRun(this.#lab.cloud));
      throw new Ec2Error('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.');
    }
    return this.#tokens.once(action, request, () => perform(new RealRun(this.#lab, origin)));
  }
}

function actionOf(parameters: URLSearchParams): ActionName {
  const action = parameters.get('Action');
  if (action === null) throw new Ec2Error('MissingAction', 'The request must contain the parameter Action');
  if (isSupported(action)) return action;
  const name = /^[A-Za-z0-9]{1,100}$/.test(action) ? action : '?';
  throw new Ec2Error('InvalidAction', `The action ${name} is not supported by sglab`);
}

function isSupported(action: string): action is ActionName {
  return Object.hasOwn(HANDLERS, action);
}

function modelOf(action: ActionName) {
  const found = API_MODEL.actions[action];
  if (found === undefined) throw new Error(`the API model has no action ${action}`);
  return found;
}

class RealRun implements ActionContext {
  readonly time = new Date();
  readonly #lab: ApiLab;
  readonly #origin: Origin;

  constructor(lab: ApiLab, origin: Origin) {
    this.#lab = lab;
    this.#origin = origin;
  }

  get cloud(): Cloud {
    return this.#lab.cloud;
  }

  async change<T extends { readonly cloud: Cloud }>(mutate: (cloud: Cloud) => T): Promise<T> {
    const made: T[] = [];
    await this.#lab.change((before) => {
      const result = settled(before, mutate(before));
      made.push(result);
      return result.cloud;
    }, this.#origin);
    const [result] = made;
    if (result === undefined) throw new Error('a change of the lab returned without having been made');
    return result;
  }
}

class DryRun implements ActionContext {
  readonly time = new Date();
  #cloud: Cloud;

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
  }

  get cloud(): Cloud {
    return this.#cloud;
  }

  async change<T extends { readonly cloud: Cloud }>(mutate: (cloud: Cloud) => T): Promise<T> {
    const result = settled(this.#cloud, mutate(this.#cloud));
    this.#cloud = result.cloud;
    return result;
  }
}

/** The tags of a resource go with it, and the servers of an instance follow its tags. */
function settled<T extends { readonly cloud: Cloud }>(before: Cloud, result: T): T {
  return { ...result, cloud: followListenTags(before, pruneTags(result.cloud)) };
}

/** The oldest tokens beyond this number are forgotten; AWS keeps each for a day at least. */
const MAX_TOKENS = 10_000;

interface Performed<Answer> {
  readonly fingerprint: string;
  readonly answer: Promise<Answer>;
}

/**
 * A request that is repeated with its `ClientToken` is performed once; a client repeats one whose answer it did not get.
 * A request that failed is forgotten, so that it can be tried again.
 */
export class ClientTokens<Answer> {
  readonly #performed = new Map<string, Performed<Answer>>();

  /** @throws Ec2Error `IdempotentParameterMismatch` when the token came with other parameters before */
  once(action: string, request: Structure, perform: () => Promise<Answer>): Promise<Answer> {
    const { ClientToken: token } = request;
    if (typeof token !== 'string' || token === '') return perform();
    const key = `${action} ${token}`;
    const fingerprint = createHash('sha256').update(canonical(request)).digest('hex');
    const before = this.#performed.get(key);
    if (before !== undefined) {
      if (before.fingerprint === fingerprint) return before.answer;
      const text = `The client token ${JSON.stringify(token.slice(0, 64))} was used before with other parameters.`;
      throw new Ec2Error('IdempotentParameterMismatch', text);
    }
    const answer = perform();
    this.#remember(key, { fingerprint, answer });
    return answer;
  }

  #remember(key: string, performed: Performed<Answer>): void {
    this.#performed.set(key, performed);
    performed.answer.catch(() => this.#performed.delete(key));
    const [oldest] = this.#performed.keys();
    if (oldest !== undefined && this.#performed.size > MAX_TOKENS) this.#performed.delete(oldest);
  }
}

/** Two requests that differ only in the order of their members are the same. */
function canonical(request: Structure): string {
  return JSON.stringify(request, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)))
      : value,
  );
}
