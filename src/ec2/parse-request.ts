/** EC2 Query: flat parameters such as `IpPermissions.1.IpRanges.2.CidrIp` become the request's structure (7.1). */
import { printable } from '../cloud/text/quote.js';
import { API_MODEL } from './api-model.js';
import type { StructureModel } from './api-model-types.js';
import { Ec2Error } from './ec2-error.js';

/** Members by the API model's names, as its clients know them: `IpPermissions`, not `ipPermissions`. */
export type Structure = { [member: string]: Value };
type Value = string | number | boolean | Date | Structure | Value[];

const MAX_PARAMETERS = 10_000;
const MAX_DEPTH = 12;
/** Beyond every quota; a list is as long as its highest index at most. */
const MAX_INDEX = 10_000;
/** Of every request; version 2 signatures travel as parameters. */
const COMMON = new Set([
  'Action',
  'Version',
  'AWSAccessKeyId',
  'Signature',
  'SignatureMethod',
  'SignatureVersion',
  'Timestamp',
  'SecurityToken',
]);

/** What was given for one member: a value, or parts by their next word. */
interface Node {
  text: string | null;
  readonly parts: Map<string, Node>;
}

/**
 * @param parameters names and values, decoded
 * @throws Ec2Error `UnknownParameter`, `MissingParameter`, `InvalidParameterValue`, `RequestLimitExceeded`
 */
export function parseRequest(input: string, parameters: Iterable<readonly [string, string]>): Structure {
  const root: Node = { text: null, parts: new Map() };
  const common: Node = { text: null, parts: new Map() };
  let count = 0;
  for (const [name, value] of parameters) {
    count += 1;
    if (count > MAX_PARAMETERS) {
      throw new Ec2Error('InvalidRequest', `The request has more than ${MAX_PARAMETERS} parameters.`);
    }
    place(COMMON.has(name) ? common : root, name, value);
  }
  const model = structureOf(input);
  const request = readStructure(model, root, '');
  const missing = model.required.find((member) => request[member] === undefined);
  if (missing !== undefined) throw missingMember(missing, model.members[missing]?.[0] ?? missing);
  return request;
}

/** Lists of ids have texts of their own. @param word the member's name in a request */
function missingMember(member: string, word: string): Ec2Error {
  if (member === 'InstanceIds') return new Ec2Error('InvalidParameterCombination', 'No instances specified');
  const name = member === 'Resources' ? 'resourceIdSet' : word;
  return new Ec2Error('MissingParameter', `The request must contain the parameter ${name}`);
}

function place(root: Node, name: string, value: string): void {
  const words = name.split('.');
  if (words.length > MAX_DEPTH) throw unknownParameter(name);
  let node = root;
  for (const word of words) {
    const next = node.parts.get(word) ?? { text: null, parts: new Map() };
    node.parts.set(word, next);
    node = next;
  }
  if (node.text !== null) {
    throw new Ec2Error('InvalidParameterCombination', `The parameter ${printable(name)} is given twice`);
  }
  node.text = value;
}

function readStructure(model: StructureModel, node: Node, path: string): Structure {
  const byWord = new Map(Object.entries(model.members).map(([member, [query, , type]]) => [query, { member, type }]));
  const read: Structure = {};
  for (const [word, part] of node.parts) {
    const known = byWord.get(word);
    if (known === undefined) throw unknownParameter(path + word);
    read[known.member] = readValue(known.type, part, path + word);
  }
  return read;
}

function readValue(type: string, node: Node, path: string): Value {
  if (type.endsWith('[]')) return readList(type.slice(0, -2), node, path);
  if (Object.hasOwn(API_MODEL.structures, type)) {
    if (node.text !== null && node.text !== '') throw unknownParameter(path);
    return readStructure(structureOf(type), node, `${path}.`);
  }
  if (node.text === null) throw unknownParameter(`${path}.${[...node.parts.keys()][0]}`);
  return readSimple(type, node.text, path);
}

/** Lists are flattened and count from 1; a gap is closed, as the real endpoint does. An empty one is `Name=`. */
function readList(type: string, node: Node, path: string): Value[] {
  const indices = [...node.parts.keys()].map((word) => {
    const index = /^[1-9]\d*$/.test(word) ? Number(word) : 0;
    if (index === 0 || index > MAX_INDEX) throw unknownParameter(`${path}.${word}`);
    return index;
  });
  if (node.text !== null && node.text !== '') throw unknownParameter(path);
  return indices
    .sort((left, right) => left - right)
    .flatMap((index) => {
      const part = node.parts.get(String(index));
      return part === undefined ? [] : [readValue(type, part, `${path}.${index}`)];
    });
}

function readSimple(type: string, text: string, path: string): string | number | boolean | Date {
  switch (type) {
    case 'integer':
      if (/^-?\d{1,15}$/.test(text)) return Number(text);
      throw invalidValue(path, text, 'an integer');
    case 'double':
      if (text.trim() !== '' && Number.isFinite(Number(text))) return Number(text);
      throw invalidValue(path, text, 'a number');
    case 'boolean':
      if (/^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
      throw invalidValue(path, text, 'a boolean');
    case 'timestamp': {
      const time = new Date(text);
      if (!Number.isNaN(time.getTime())) return time;
      throw invalidValue(path, text, 'a timestamp');
    }
    default:
      return text;
  }
}

/** Types named in the model have a structure there. */
export function structureOf(type: string): StructureModel {
  const found = Object.hasOwn(API_MODEL.structures, type) ? API_MODEL.structures[type] : undefined;
  if (found === undefined) throw new Error(`the API model has no structure ${type}`);
  return found;
}

function unknownParameter(name: string): Ec2Error {
  return new Ec2Error('UnknownParameter', `The parameter ${printable(name)} is not recognized`);
}

function invalidValue(path: string, text: string, wanted: string): Ec2Error {
  return new Ec2Error(
    'InvalidParameterValue',
    `Value (${printable(text)}) for parameter ${path} is invalid. It must be ${wanted}.`,
  );
}
