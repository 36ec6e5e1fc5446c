/** Values of the AWS CLI's options, as JSON or in its shorthand: `FromPort=22,IpRanges=[{CidrIp=10.0.0.0/8}]`. Pure. */
import { suggestMatch } from '../../cloud/text/suggest.js';
import { API_MODEL } from '../api-model.js';
import { structureOf } from '../parse-request.js';
import { badUsage } from './bad-usage.js';

/** A value as it is written, before the API model says what it must be. */
export type Value = string | readonly Value[] | { readonly [member: string]: Value };

/** @param type of the API model: `string`, `Filter[]`, … @param words those after the option */
export function readOption(type: string, words: readonly string[]): Value {
  const [first = '', second] = words;
  if (/^fileb?:\/\//.test(first)) throw badUsage(`the file ${first} is not part of what was handed in`);
  if (!type.endsWith('[]')) return shaped(type, isStructure(type) ? readStructure(words.join(' ')) : first);
  if (second === undefined && first.trimStart().startsWith('[')) return shaped(type, readJson(first));
  const item = type.slice(0, -2);
  return words.map((word) => shaped(item, isStructure(item) ? readStructure(word) : word));
}

export function isStructure(type: string): boolean {
  return Object.hasOwn(API_MODEL.structures, type);
}

function readStructure(text: string): Value {
  return /^\s*[{[]/.test(text) ? readJson(text) : new Shorthand(text).read();
}

/** @throws SglabError for what is no JSON */
export function readJson(text: string): Value {
  try {
    return JSON.parse(text, (_key, value: unknown) =>
      typeof value === 'number' || typeof value === 'boolean' ? String(value) : value,
    );
  } catch (error) {
    throw badUsage(`this is no JSON: ${error instanceof Error ? error.message : ''}`);
  }
}

/** The value in the shape of its type: one item may stand for a list of it, and a plain word for a structure's only member. */
export function shaped(type: string, value: Value): Value {
  if (type.endsWith('[]'))
    return (Array.isArray(value) ? value : [value]).map((item) => shaped(type.slice(0, -2), item));
  if (!isStructure(type)) {
    if (typeof value === 'string') return value;
    throw badUsage(`${JSON.stringify(value)} stands where a single value belongs`);
  }
  const { members } = structureOf(type);
  const [only = '', second] = Object.keys(members);
  if (typeof value !== 'object' || Array.isArray(value)) {
    if (second !== undefined)
      throw badUsage(`${JSON.stringify(value)} stands where ${Object.keys(members).join(', ')} belong`);
    return shaped(type, { [only]: value });
  }
  const entries = Object.entries(value).map(([name, part]) => {
    const member = Object.hasOwn(members, name) ? members[name] : undefined;
    if (member === undefined) throw badUsage(`there is no ${name} in it`, suggestMatch(name, Object.keys(members)));
    return [name, shaped(member[2], part)] as const;
  });
  return Object.fromEntries(entries);
}

const KEY = /[\w.#/:-]+(?==)/y;
const QUOTED = /'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"/sy;
const BARE = /(?:\\.|[^,\]}])*/sy;

/** The CLI's own notation (`aws help`, "shorthand syntax"). */
class Shorthand {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): Value {
    if (this.#peek(KEY) === null) return this.#text;
    const value = this.#structure();
    if (this.#at < this.#text.length) throw this.#broken();
    return value;
  }

  #structure(): Value {
    const members: Record<string, Value> = {};
    do {
      const key = this.#take(KEY);
      if (key === null) throw this.#broken();
      this.#expect('=');
      members[key[0]] = this.#values();
    } while (this.#accept(','));
    return members;
  }

  /** `a`, `[a,b]`, `{k=v}`, or `a,b` up to the next `key=`. */
  #values(): Value {
    const first = this.#value();
    if (typeof first !== 'string') return first;
    const list = [first];
    while (this.#text[this.#at] === ',' && !this.#isKeyAfterComma()) {
      this.#at += 1;
      if (this.#at < this.#text.length) list.push(this.#word());
    }
    return list.length === 1 ? first : list;
  }

  #value(): Value {
    if (this.#accept('[')) {
      const items: Value[] = [];
      while (!this.#accept(']')) {
        items.push(this.#value());
        if (!this.#accept(',') && this.#text[this.#at] !== ']') throw this.#broken();
      }
      return items;
    }
    if (!this.#accept('{')) return this.#word();
    const structure = this.#structure();
    this.#expect('}');
    return structure;
  }

  #word(): string {
    const quoted = this.#take(QUOTED);
    const text = quoted === null ? (this.#take(BARE)?.[0] ?? '') : (quoted[1] ?? quoted[2] ?? '');
    return text.replace(/\\(.)/gs, '$1');
  }

  #isKeyAfterComma(): boolean {
    this.#at += 1;
    const key = this.#peek(KEY);
    this.#at -= 1;
    return key !== null;
  }

  #peek(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#text);
  }

  #take(pattern: RegExp): RegExpExecArray | null {
    const found = this.#peek(pattern);
    this.#at += found?.[0].length ?? 0;
    return found;
  }

  #accept(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #expect(character: string): void {
    if (!this.#accept(character)) throw this.#broken();
  }

  #broken() {
    return badUsage(`${JSON.stringify(this.#text)} is broken after ${this.#at} characters`);
  }
}
