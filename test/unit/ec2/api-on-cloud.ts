import { XMLParser } from 'fast-xml-parser';
import type { Cloud } from '../../../src/cloud/types.js';
import { Ec2Api } from '../../../src/ec2/ec2-api.js';

/**
 * Parameters of an action by their wire names; a list stands for `Name.1`, `Name.2`, …, a structure for `Name.Member`.
 */
export type Parameters = { readonly [name: string]: Parameter };
type Parameter = string | number | boolean | Parameters | readonly Parameter[];

const PARSER = new XMLParser({ parseTagValue: false, isArray: (name) => name === 'item' });

/** The API on a cloud without a kernel: requests and answers are the same. */
export class ApiOnCloud {
  cloud: Cloud;
  readonly #api: Ec2Api;

  constructor(cloud: Cloud) {
    this.cloud = cloud;
    const current = () => this.cloud;
    this.#api = new Ec2Api({
      get cloud() {
        return current();
      },
      change: async (mutate) => {
        this.cloud = mutate(this.cloud);
        return this.cloud;
      },
    });
  }

  /**
   * Sends any request.
   * @returns status and document; in `answer` each list is an array of its items (an empty one is ''), and every value
   * is text
   */
  async send(parameters: Parameters) {
    const { status, body } = await this.#api.answer(new URLSearchParams(flatten(parameters)), 'req-1');
    const [root] = Object.values(PARSER.parse(body.replace(/^<\?xml.*\?>\n/, '')));
    return { status, body, answer: withoutItems(root) };
  }

  /**
   * @returns the answer's members
   * @throws for an error
   */
  async call(action: string, parameters: Parameters = {}) {
    const { status, body, answer } = await this.send({ Action: action, ...parameters });
    if (status !== 200) throw new Error(body);
    return answer;
  }

  /** `Code: message` of a request that must fail. */
  async refusal(action: string, parameters: Parameters = {}): Promise<string> {
    const { status, body, answer } = await this.send({ Action: action, ...parameters });
    if (status === 200) throw new Error(`no error: ${body}`);
    const { Code, Message } = answer.Errors.Error;
    return `${Code}: ${Message}`;
  }
}

function flatten(value: Parameter, name = ''): [string, string][] {
  if (typeof value !== 'object') return [[name, String(value)]];
  const parts: [string, Parameter][] = Array.isArray(value)
    ? value.map((item, at) => [String(at + 1), item])
    : Object.entries(value);
  return parts.flatMap(([word, part]) => flatten(part, name === '' ? word : `${name}.${word}`));
}

function withoutItems(value: unknown): ReturnType<XMLParser['parse']> {
  if (Array.isArray(value)) return value.map(withoutItems);
  if (typeof value !== 'object' || value === null) return value;
  if ('item' in value) return withoutItems(value.item);
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withoutItems(part)]));
}
