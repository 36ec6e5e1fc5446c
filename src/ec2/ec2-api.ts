/** The EC2 API on a lab: parameters in, an XML document out. HTTP is src/ec2/endpoint.ts's business. */
import { followListenTags } from '../cloud/instances/listener.js';
import { pruneTags } from '../cloud/tags.js';
import type { Cloud } from '../cloud/types.js';
import type { Origin } from '../records/history/types.js';
import type { ActionContext, Handler, Handlers } from './action.js';
import { accountActions } from './actions/account.js';
import { flowLogActions } from './actions/flow-logs.js';
import { groupReferenceActions } from './actions/group-references.js';
import { groupVpcActions } from './actions/group-vpcs.js';
import { machineActions } from './actions/machines.js';
import { networkActions } from './actions/networks.js';
import { prefixListActions } from './actions/prefix-lists.js';
import { ruleChangeActions } from './actions/rule-changes.js';
import { securityGroupRuleActions } from './actions/security-group-rules.js';
import { securityGroupActions } from './actions/security-groups.js';
import { tagActions } from './actions/tags.js';
import { API_MODEL } from './api-model.js';
import { ClientTokens } from './client-tokens.js';
import { describeError, Ec2Error } from './ec2-error.js';
import { parseRequest, type Structure } from './parse-request.js';
import { renderAnswer, renderError } from './render-answer.js';

/** What the API needs of a lab. */
export interface ApiLab {
  readonly cloud: Cloud;
  /** @param origin for the lab's history */
  change(mutate: (cloud: Cloud) => Cloud, origin: Origin): Promise<Cloud>;
}

export interface ApiAnswer {
  readonly status: number;
  /** XML, where the headers do not say otherwise. */
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Who nobody said to be. */
const UNSIGNED = 'unsigned';

/** By name of the action. */
export const HANDLERS: Handlers = {
  ...accountActions,
  ...flowLogActions,
  ...groupReferenceActions,
  ...groupVpcActions,
  ...machineActions,
  ...prefixListActions,
  ...networkActions,
  ...ruleChangeActions,
  ...securityGroupActions,
  ...securityGroupRuleActions,
  ...tagActions,
};

export class Ec2Api {
  readonly #lab: ApiLab;
  readonly #tokens = new ClientTokens();

  constructor(lab: ApiLab) {
    this.#lab = lab;
  }

  /** Never throws: whatever is wrong is an error document. @param caller the access key id, for the lab's history */
  async answer(parameters: URLSearchParams, requestId: string, caller = UNSIGNED): Promise<ApiAnswer> {
    try {
      const action = parameters.get('Action');
      if (action === null) throw new Ec2Error('MissingAction', 'The request must contain the parameter Action');
      const model = Object.hasOwn(API_MODEL.actions, action) ? API_MODEL.actions[action] : undefined;
      const handler = Object.hasOwn(HANDLERS, action) ? HANDLERS[action] : undefined;
      if (model === undefined || handler === undefined) throw unknownAction(action);
      const request = parseRequest(model.input, parameters);
      const origin = { caller, action, requestId };
      const answer = await this.#perform(origin, handler, request);
      return { status: 200, body: renderAnswer(action, model.output, answer, requestId) };
    } catch (error) {
      const description = describeError(error);
      return { status: description.status, body: renderError(description, requestId) };
    }
  }

  async #perform(origin: Origin, handler: Handler<never, object>, request: Structure): Promise<object> {
    // The marked boundary: the API model has made `request` what the handler's own type says.
    const perform = (context: ActionContext) => Promise.resolve(handler(request as never, context));
    if (request.DryRun === true) {
      await perform(new DryRun(this.#lab.cloud));
      throw new Ec2Error('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.');
    }
    return this.#tokens.once(origin.action, request, () => perform(new RealRun(this.#lab, origin)));
  }
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

/** What every change leaves in order. */
function settled<T extends { readonly cloud: Cloud }>(before: Cloud, result: T): T {
  return { ...result, cloud: followListenTags(before, pruneTags(result.cloud)) };
}

function unknownAction(action: string): Ec2Error {
  const name = /^[A-Za-z0-9]{1,100}$/.test(action) ? action : '?';
  return new Ec2Error('InvalidAction', `The action ${name} is not supported by sglab`);
}
