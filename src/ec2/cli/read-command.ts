/** `aws ec2 …` as a request of the EC2 API. The API model says which options an action has; few are the CLI's own. Pure. */
import { suggestMatch } from '../../cloud/text/suggest.js';
import type { SglabError } from '../../errors.js';
import { API_MODEL } from '../api-model.js';
import { structureOf } from '../parse-request.js';
import { badUsage } from './bad-usage.js';
import { isStructure, readJson, readOption, shaped, type Value } from './option-value.js';
import { completed, type Members, OWN_OPTIONS } from './own-options.js';

export interface CliRequest {
  readonly action: string;
  /** Of the query protocol. */
  readonly parameters: URLSearchParams;
  /** What `--query` asks of the answer, or null. */
  readonly query: string | null;
}

/** Options of every command, which say how it is sent and shown. */
const WITH_VALUE = [
  ...['endpoint-url', 'region', 'profile', 'output', 'query', 'color', 'ca-bundle', 'cli-read-timeout'],
  ...['cli-connect-timeout', 'cli-binary-format', 'cli-error-format', 'max-items', 'page-size', 'starting-token'],
];
const WITHOUT_VALUE = [
  ...['debug', 'no-verify-ssl', 'no-sign-request', 'no-paginate', 'no-cli-pager', 'cli-auto-prompt'],
  'no-cli-auto-prompt',
];

interface Option {
  /** Without dashes. */
  readonly name: string;
  readonly words: readonly string[];
}

/**
 * @param words those after `aws`
 * @returns null for a command of another service, or one that sends nothing
 * @throws SglabError for what the CLI would refuse, or the lab does not know
 */
export function readCliCommand(words: readonly string[]): CliRequest | null {
  const { names, options } = divide(words);
  const [service, command = ''] = names;
  if (service !== 'ec2' || command === '' || command === 'wait' || command === 'help') return null;
  const action = Object.keys(API_MODEL.actions).find((name) => dashed(name) === command);
  if (action === undefined) throw unknownCommand(command);
  const own = options.filter(({ name }) => ![...WITH_VALUE, ...WITHOUT_VALUE].includes(name));
  const members = membersOf(action, own);
  const parameters = new URLSearchParams([['Action', action], ...flatten(inputOf(action), members, '')]);
  return { action, parameters, query: options.find(({ name }) => name === 'query')?.words[0] ?? null };
}

/** Options may precede the service; what follows one that takes a value is that value. */
function divide(words: readonly string[]): { names: string[]; options: Option[] } {
  const names: string[] = [];
  const options: { name: string; words: string[] }[] = [];
  for (const word of words) {
    const [, name, value] = /^--([a-z][a-z0-9-]*)(?:=(.*))?$/s.exec(word) ?? [];
    const last = options.at(-1);
    if (name !== undefined) options.push({ name, words: value === undefined ? [] : [value] });
    else if (last === undefined || (names.length < 2 && isComplete(last))) names.push(word);
    else last.words.push(word);
  }
  return { names, options };
}

function isComplete({ name, words }: Option): boolean {
  return WITHOUT_VALUE.includes(name) || words.length > 0;
}

function inputOf(action: string): string {
  return API_MODEL.actions[action]?.input ?? '';
}

function membersOf(action: string, options: readonly Option[]): Members {
  let members: Members = {};
  for (const { name, words } of options) {
    try {
      members = { ...members, ...readMember(action, { name, words }, members) };
    } catch (error) {
      throw named(name, error);
    }
  }
  return completed(action, members);
}

function readMember(action: string, { name, words }: Option, before: Members): Members {
  if (name === 'cli-input-json') return shaped(inputOf(action), readJson(words.join(' '))) as Members;
  const own = OWN_OPTIONS[action]?.[name];
  if (own !== undefined) return own(words[0] ?? '', before);
  const { members } = structureOf(inputOf(action));
  const named = (wanted: string) => Object.entries(members).find(([member]) => dashed(member) === wanted);
  const [member, model] = named(name) ?? [];
  if (member !== undefined && model !== undefined) {
    const isSwitch = words.length === 0 && switchOf(model[2], 'true') !== null;
    return { [member]: isSwitch ? (switchOf(model[2], 'true') ?? '') : readOption(model[2], words) };
  }
  const [negated, off] = named(name === 'ingress' ? 'egress' : name.replace(/^no-/, '')) ?? [];
  const value = off === undefined || words.length > 0 ? null : switchOf(off[2], 'false');
  if (negated !== undefined && value !== null) return { [negated]: value };
  throw badUsage(`${dashed(action)} has no such option`, suggestMatch(name, Object.keys(members).map(dashed)));
}

/** An option that needs no value: a boolean, or a structure of nothing else. */
function switchOf(type: string, value: 'true' | 'false'): Value | null {
  if (type === 'boolean') return value;
  const only = isStructure(type) ? Object.entries(structureOf(type).members) : [];
  return only.length === 1 && only[0]?.[0] === 'Value' && only[0][1][2] === 'boolean' ? { Value: value } : null;
}

function flatten(type: string, value: Value, name: string): [string, string][] {
  if (typeof value === 'string') return [[name, value]];
  if (Array.isArray(value)) {
    const items: readonly Value[] = value;
    if (items.length === 0) return [[name, '']];
    return items.flatMap((item, at) => flatten(type.slice(0, -2), item, `${name}.${at + 1}`));
  }
  const { members } = structureOf(type);
  return Object.entries(value).flatMap(([member, part]) => {
    const [query = member, , inner = ''] = members[member] ?? [];
    return flatten(inner, part, name === '' ? query : `${name}.${query}`);
  });
}

/** `AssignIpv6Addresses` -> `assign-ipv6-addresses`, as botocore does. */
function dashed(name: string): string {
  return name
    .replace(/[A-Z]{2,}s$/, (plural) => `-${plural.toLowerCase()}`)
    .replace(/(.)([A-Z][a-z]+)/g, '$1-$2')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase();
}

function unknownCommand(command: string): SglabError {
  return badUsage(
    `\`aws ec2 ${command}\` is not an action that a lab has`,
    suggestMatch(command, Object.keys(API_MODEL.actions).map(dashed)),
  );
}

function named(option: string, error: unknown): unknown {
  if (!(error instanceof Error && 'hint' in error)) return error;
  return badUsage(`--${option}: ${error.message}`, typeof error.hint === 'string' ? error.hint : undefined);
}
