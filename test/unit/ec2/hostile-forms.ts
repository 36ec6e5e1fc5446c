/** Bodies of EC2 requests of every action that are nearly right. */
import fc from 'fast-check';
import { API_MODEL } from '../../../src/ec2/api-model.js';
import { hostileValue, mutatedBytes } from '../../kernel/support/mutants.js';
import { flat, structure } from './any-structure.js';

/** Names and ids that mean something in the lab. */
const idsOf = (cloud: object) => [...new Set(JSON.stringify(cloud).match(/\b(?:[a-z]+-[0-9a-f]{17}|[0-9.]+\/\d+)\b/g))];

const asText = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

type Pairs = readonly (readonly [string, string])[];

/** Parameters as clients write them; some have a value that means something, or one that nothing means. */
export function hostileForms(cloud: object): fc.Arbitrary<Buffer> {
  const ids = idsOf(cloud);
  const texts = fc.oneof(fc.constantFrom(...ids), hostileValue().map(asText));
  const edit = fc.record({
    at: fc.nat(),
    value: texts,
    how: fc.constantFrom('value', 'value', 'value', 'name', 'twice'),
  });
  const actions = Object.entries(API_MODEL.actions);
  return fc.constantFrom(...actions).chain(([action, { input }]) => {
    const plain =
      input === 'Unit' ? fc.constant<Pairs>([]) : structure(input).map((content): Pairs => flat(input, content));
    const edited = fc.tuple(plain, fc.array(edit, { maxLength: 4 })).map(([pairs, edits]) =>
      edits.reduce(
        (all, { at, value, how }) => {
          const place = at % Math.max(1, all.length);
          const [name = '', old = ''] = all[place] ?? [];
          if (how === 'twice') return all.concat([[name, value]]);
          return all.with(place, how === 'name' ? [value, old] : [name, value]);
        },
        pairs.length === 0 ? ([['DryRun', 'false']] as Pairs) : pairs,
      ),
    );
    const text = edited.map((pairs) => form([['Action', action], ['Version', '2016-11-15'], ...pairs]));
    return mutatedBytes(text);
  });
}

const form = (pairs: Pairs) =>
  pairs.map((pair) => pair.map((word) => encodeURIComponent(Buffer.from(word).toString())).join('=')).join('&');
