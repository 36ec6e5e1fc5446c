import { cidrAt, isCidr, parseCidr } from '../../cloud/network/cidr.js';
import { quote } from '../../cloud/text/quote.js';
import { hintFor } from '../../cloud/text/suggest.js';
import type { Cursor } from '../../source/cursor.js';
import { amazonBlock } from './amazon-ipv6.js';
import { Parameters, placeholdersIn } from './parameters.js';

const ZONES = ['us-east-1a', 'us-east-1b', 'us-east-1c'];
const MAX_DEPTH = 60;
const MAX_BLOCKS = 256;

type Args = readonly unknown[];

/** Every function that is evaluated; what any other gives, nobody knows here. docs/import-export.md has the same list. */
export const INTRINSIC_FUNCTIONS = [
  ...['Ref', 'Condition', 'Fn::And', 'Fn::Base64', 'Fn::Cidr', 'Fn::Equals', 'Fn::FindInMap', 'Fn::GetAtt'],
  ...['Fn::GetAZs', 'Fn::If', 'Fn::ImportValue', 'Fn::Join', 'Fn::Length', 'Fn::Not', 'Fn::Or', 'Fn::Select'],
  ...['Fn::Split', 'Fn::Sub', 'Fn::ToJsonString'],
];

/**
 * Evaluates a template with values of its parameters. A reference to a resource becomes its logical name; what only a
 * running stack could tell becomes a text that names it.
 */
export class Template {
  readonly #whole: Cursor;
  readonly parameters: Parameters;

  constructor(whole: Cursor, given: Readonly<Record<string, string>>) {
    this.#whole = whole;
    this.parameters = new Parameters(whole.at('Parameters'), given);
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
        return selected(listOf(args[1]), Number(args[0]));
      case 'Fn::Split':
        return String(args[1]).split(String(args[0]));
      case 'Fn::Cidr':
        return cidrBlocks(place, String(args[0]), Number(args[1]), Number(args[2] ?? 8));
      case 'Fn::FindInMap':
        return this.#mapped(args.map(String));
      case 'Fn::GetAZs':
        return ZONES;
      case 'Fn::Base64':
        return value;
      case 'Fn::Length':
        return args.length;
      case 'Fn::ToJsonString':
        return JSON.stringify(value);
      case 'Fn::ImportValue':
        return `import-${String(value)}`;
      default:
        return `${name} ${JSON.stringify(value)}`;
    }
  }

  /** Which of the values it is depends on a parameter without one: then the value does. */
  #mapped([name = '', first = '', second = '']: readonly string[]): unknown {
    const found = this.#whole.at('Mappings').at(name).at(first).at(second);
    const [waiting] = placeholdersIn([name, first, second]);
    return found.isMissing && waiting !== undefined ? `{${waiting}}` : found.value;
  }

  #ref(name: string, place: Cursor): unknown {
    if (!this.resources.at(name).isMissing) return name;
    if (this.parameters.has(name)) return this.parameters.value(name);
    const known = [...this.resources.keys(), ...this.parameters.names];
    throw place.problem(`there is no resource or parameter ${quote(name)}`, hintFor(name, known) ?? null);
  }

  /** An id is the resource itself; a block is a property; the rest is known to nobody before the stack exists. */
  #attribute([name = '', ...rest]: readonly string[], place: Cursor, depth: number): unknown {
    const attribute = rest.join('.');
    const resource = this.resources.at(name);
    if (resource.isMissing) {
      throw place.problem(`there is no resource ${quote(name)}`, hintFor(name, this.resources.keys()) ?? null);
    }
    if (attribute === 'Ipv6CidrBlocks') return [amazonBlock(this.resources, name)];
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
        const [waiting] = placeholdersIn([left, right]);
        if (waiting !== undefined) {
          this.parameters.assumed.add(
            `parameter ${waiting} has no value: it is taken to equal none that it is compared with`,
          );
        }
        return String(left) === String(right);
      }
    }
  }
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

/** Of a list that stands for one that is not known there is always one more. */
function selected(list: readonly unknown[], position: number): unknown {
  return list[position] ?? (placeholdersIn(list).length > 0 ? list[0] : undefined);
}

/** `Fn::Cidr`: the first blocks of a block, each with so many bits for hosts. */
function cidrBlocks(place: Cursor, block: string, count: number, hostBits: number): string[] {
  if (placeholdersIn([block]).length > 0) return [block];
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
