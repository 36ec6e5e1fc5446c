/** Requests to the controller. */

import type { PageCalls } from '../../controller/console/protocol.js';
import type { ErrorAnswer } from '../../controller/protocol.js';

/** What the controller refuses, by AWS's code where the EC2 API does, and what the page can say when it does not answer. */
export class CallError extends Error {
  readonly code: string;
  readonly hint: string | null;

  constructor(code: string, message: string, hint: string | null) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}

/** @throws CallError */
export async function call<Name extends keyof PageCalls>(
  name: Name,
  request: PageCalls[Name]['request'],
  signal?: AbortSignal,
): Promise<PageCalls[Name]['response']> {
  return (await post(`api/${name}`, request, signal)) as PageCalls[Name]['response'];
}

/** The members of a request of the EC2 API, by the SDK's names. */
export interface Ec2Input {
  readonly [member: string]: Ec2Value;
}
type Ec2Value = string | number | boolean | undefined | Ec2Input | readonly Ec2Value[];

/** Performs an action of the EC2 API. @returns its answer, by the SDK's names. @throws CallError with AWS's code */
export async function ec2(action: string, input: Ec2Input): Promise<object> {
  return (await call('ec2', ec2Request(action, input))).answer;
}

/**
 * The form in which the EC2 API reads a request: `{Groups: ['a']}` is `Groups.1=a`. Most lists have a name of one there
 * (`GroupId.1`): the API's model says which, as `docs/ec2-api.md` tells; members are given by these names.
 */
export function ec2Request(action: string, input: Ec2Input): PageCalls['ec2']['request'] {
  return { action, parameters: Object.fromEntries(flat(input, '')) };
}

function flat(value: Ec2Value, path: string): [string, string][] {
  if (value === undefined) return [];
  if (typeof value !== 'object') return [[path, String(value)]];
  const prefix = path === '' ? '' : `${path}.`;
  const members = isList(value) ? value.map((each, at) => [String(at + 1), each] as const) : Object.entries(value);
  return members.flatMap(([name, each]) => flat(each, prefix + name));
}

function isList(value: Ec2Input | readonly Ec2Value[]): value is readonly Ec2Value[] {
  return Array.isArray(value);
}

/** Trades the token of the page's URL for a cookie. @throws CallError */
export async function beginSession(token: string): Promise<void> {
  await post('session', { token });
}

async function post(path: string, body: object, signal?: AbortSignal): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    if (signal?.aborted === true) throw error;
    throw new CallError('NoController', 'The controller of the lab does not answer.', null);
  }
  const answer: unknown = await response.json();
  if (response.ok) return answer;
  const { error } = answer as ErrorAnswer;
  throw new CallError(error.code, error.message, error.hint);
}
