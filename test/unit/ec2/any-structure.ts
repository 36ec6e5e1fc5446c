/** Requests and answers of any shape that the API model knows, and how clients write them. */
import fc from 'fast-check';
import { API_MODEL } from '../../../src/ec2/api-model.js';
import { structureOf } from '../../../src/ec2/parse-request.js';

const DEPTH = 4;
export const TEXT = fc.string({
  unit: fc.oneof(fc.constantFrom('\r', '\n', '\t', ' ', '<', '&', '+', '%'), graphemes()),
  maxLength: 8,
});

function graphemes() {
  return fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 });
}

function value(type: string, depth: number): fc.Arbitrary<unknown> {
  if (type.endsWith('[]')) return fc.array(value(type.slice(0, -2), depth), { minLength: 1, maxLength: 3 });
  if (Object.hasOwn(API_MODEL.structures, type)) return structure(type, depth + 1);
  switch (type) {
    case 'integer':
      return fc.integer();
    case 'double':
      return fc.double({ noNaN: true, noDefaultInfinity: true });
    case 'boolean':
      return fc.boolean();
    case 'timestamp':
      return fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true });
    default:
      return TEXT;
  }
}

/** With its required members, some of the others, and at least one. */
export function structure(type: string, depth = 0): fc.Arbitrary<object> {
  const { members, required } = structureOf(type);
  const some = Object.entries(members).filter(
    ([name, [, , kind]]) =>
      required.includes(name) || depth < DEPTH || !Object.hasOwn(API_MODEL.structures, kind.replace('[]', '')),
  );
  const chosen = fc.subarray(some, { minLength: Math.min(1, some.length), maxLength: Math.min(4, some.length) });
  return chosen.chain((picked) => {
    const all = some.filter((each) => picked.includes(each) || required.includes(each[0]));
    return fc.record(Object.fromEntries(all.map(([name, [, , kind]]) => [name, value(kind, depth)])));
  });
}

/** As clients write it (7.1): members by their query names, lists flattened from 1. */
export function flat(type: string, content: unknown, name = ''): [string, string][] {
  if (type.endsWith('[]') && Array.isArray(content)) {
    return content.flatMap((item, at) => flat(type.slice(0, -2), item, `${name}.${at + 1}`));
  }
  if (content instanceof Date) return [[name, content.toISOString()]];
  if (typeof content !== 'object' || content === null) return [[name, String(content)]];
  const { members } = structureOf(type);
  return Object.entries(content).flatMap(([member, part]) => {
    const [query, , kind] = members[member] ?? ['', '', ''];
    return flat(kind, part, name === '' ? query : `${name}.${query}`);
  });
}
