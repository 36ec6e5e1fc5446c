import { cidrAt, isCidr, parseCidr } from '../../cloud/network/cidr.js';
import { quote } from '../../cloud/text/quote.js';
import { hintFor } from '../../cloud/text/suggest.js';
import type { Cursor } from '../../source/cursor.js';

/** Pseudo parameters, which AWS fills in; only names and ids come of them. */
const PSEUDO: Readonly<Record<string, unknown>> = {
  'AWS::AccountId': '123456789012',
  'AWS::Partition': 'aws',
  'AWS::Region': 'us-east-1',
  'AWS::StackId': 'stack',
  'AWS::StackName': 'stack',
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::NotificationARNs': [],
  'AWS::NoValue': undefined,
};
const ZONES = ['us-east-1a', 'us-east-1b', 'us-east-1c'];
const MAX_DEPTH = 60;
const MAX_BLOCKS = 256;

type Args = readonly unknown[];

/**
 * Evaluates a template with the defaults of its parameters. A reference to a resource becomes its logical name; what
 * only a running stack could tell becomes a text that names it.
 */
export class Template {
  readonly #whole: Cursor;

  constructor(whole: Cursor) {
    this.#whole = whole;
  }

  get resources(): Cursor {
    return this.#whole.at('Resources');
  }

  /** The value with everything evaluated in it; `place` is for errors. */
  evaluate(value: unknown, place: Cursor, depth = 0): unknown {
    if (depth > MAX_DEPTH) throw place.problem('its functions refer to each other in circles');
    const inner = (each: unknown) => this.evaluate(each, place, depth + 1);
    if (Array.isArray(value)) return value.map(inner).filter((item) => item !== undefined);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const [only, second] = entries;
    if (only !== undefined && second === undefined && (only[0] === 'Ref' || only[0].startsWith('Fn::'))) {
      return this.#call(only[0], only[1], place, depth + 1);
    }
    return Object.fromEntries(
      entries.map(([key, each]) => [key, inner(each)]).filter(([, each]) => each !== undefined),
    );
  }

  /** Whether the named condition holds. */
  condition(name: string, place: Cursor, depth = 0): boolean {
    const condition = this.#whole.at('Conditions').at(name);
    if (condition.isMissing) throw place.problem(`there is no condition ${quote(name)}`);
    return this.#truth(condition.value, place, depth + 1);
  }

  #call(name: string, argument: unknown, place: Cursor, depth: number): unknown {
    if (name === 'Ref') return this.#ref(String(argument), place);
    if (name === 'Fn::If') {
      const [condition, then, otherwise] = listOf(argument);
      return this.evaluate(this.condition(String(condition), place, depth) ? then : otherwise, place, depth);
    }
    if (name === 'Fn::Sub') return this.#sub(argument, place, depth);
    const value = this.evaluate(argument, place, depth);
    const args: Args = listOf(value);
    switch (name) {
      case 'Fn::GetAtt':
        return this.#attribute(typeof value === 'string' ? value.split('.') : args.map(String), place, depth);
      case 'Fn::Join':
        return listOf(args[1]).join(String(args[0]));
      case 'Fn::Select':
        return listOf(args[1])[Number(args[0])];
      case 'Fn::Split':
        return String(args[1]).split(String(args[0]));
      case 'Fn::Cidr':
        return cidrBlocks(place, String(args[0]), Number(args[1]), Number(args[2] ?? 8));
      case 'Fn::FindInMap':
        return this.#whole.at('Mappings').at(String(args[0])).at(String(args[1])).at(String(args[2])).value;
      case 'Fn::GetAZs':
        return ZONES;
      case 'Fn::Base64':
        return value;
      case 'Fn::ImportValue':
        return `import-${String(value)}`;
      default:
        return `${name} ${JSON.stringify(value)}`;
    }
  }

  #ref(name: string, place: Cursor): unknown {
    if (Object.hasOwn(PSEUDO, name)) return PSEUDO[name];
    if (!this.resources.at(name).isMissing) return name;
    const parameter = this.#whole.at('Parameters').at(name);
    if (parameter.isMissing) {
      const known = [...this.resources.keys(), ...this.#whole.at('Parameters').keys()];
      throw place.problem(`there is no resource or parameter ${quote(name)}`, hintFor(name, known) ?? null);
    }
    const fallback = parameter.at('Default').value;
    const type = parameter.text('Type') ?? 'String';
    const isList = /^List<|^CommaDelimitedList$/.test(type);
    if (fallback !== undefined) return isList ? String(fallback).split(/\s*,\s*/) : fallback;
    if (/AWS::/.test(type)) return isList ? [name] : name;
    throw parameter.problem(
      `parameter ${quote(name)} has no default, so that nothing tells its value`,
      'Give it a `Default`.',
    );
  }

  /** An id is the resource itself; a block is a property; the rest is known to nobody before the stack exists. */
  #attribute([name = '', ...rest]: readonly string[], place: Cursor, depth: number): unknown {
    const attribute = rest.join('.');
    const resource = this.resources.at(name);
    if (resource.isMissing) {
      throw place.problem(`there is no resource ${quote(name)}`, hintFor(name, this.resources.keys()) ?? null);
    }
    const property = resource.at('Properties').at(attribute);
    if (!property.isMissing) return this.evaluate(property.value, place, depth);
    return /Id$/.test(attribute) ? name : `${name}.${attribute}`;
  }

  #sub(argument: unknown, place: Cursor, depth: number): string {
    const [text, variables] = typeof argument === 'string' ? [argument, {}] : listOf(argument);
    const own = Object.entries(Object(variables));
    return String(text).replace(/\$\{(!?)([^}]+)\}/g, (whole, literal: string, name: string) => {
      if (literal === '!') return whole.replace('!', '');
      const variable = own.find(([key]) => key === name);
      if (variable !== undefined) return String(this.evaluate(variable[1], place, depth));
      const value = name.includes('.') ? this.#attribute(name.split('.'), place, depth) : this.#ref(name, place);
      return String(value);
    });
  }

  #truth(value: unknown, place: Cursor, depth: number): boolean {
    if (depth > MAX_DEPTH) throw place.problem('its conditions refer to each other in circles');
    const [[name, argument] = []] = Object.entries(Object(value));
    const all = () => listOf(argument).map((each) => this.#truth(each, place, depth + 1));
    switch (name) {
      case 'Condition':
        return this.condition(String(argument), place, depth);
      case 'Fn::And':
        return all().every(Boolean);
      case 'Fn::Or':
        return all().some(Boolean);
      case 'Fn::Not':
        return !all().every(Boolean);
      default: {
        const [left, right] = listOf(this.evaluate(argument, place, depth));
        return String(left) === String(right);
      }
    }
  }
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

/** `Fn::Cidr`: the first blocks of a block, each with so many bits for hosts. */
function cidrBlocks(place: Cursor, block: string, count: number, hostBits: number): string[] {
  if (!isCidr(block)) throw place.problem(`Fn::Cidr cannot divide ${JSON.stringify(block)}, which is no CIDR block`);
  const whole = parseCidr(block);
  const bits = whole.family === 'ipv4' ? 32 : 128;
  const prefixLength = bits - hostBits;
  if (!(count >= 1 && count <= MAX_BLOCKS) || !(prefixLength >= whole.prefixLength && prefixLength <= bits)) {
    throw place.problem(`Fn::Cidr cannot make ${count} blocks with ${hostBits} bits of ${block}`);
  }
  const size = 1n << BigInt(hostBits);
  return Array.from({ length: count }, (_, position) => whole.first + BigInt(position) * size)
    .filter((first) => first <= whole.last)
    .map((first) => cidrAt(whole.family, first, prefixLength).text);
}
