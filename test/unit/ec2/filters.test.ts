import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findById } from '../../../src/cloud/lookup.js';
import type { Tags } from '../../../src/cloud/types.js';
import { type FilterValues, filterItems, wildcard } from '../../../src/ec2/filters.js';

interface Item {
  readonly name: string;
  readonly groups: readonly string[];
  readonly tags: Tags;
}

const item = (name: string, groups: string[] = [], tags: Tags = {}): Item => ({ name, groups, tags });
const ITEMS = [
  item('a', ['x', 'y'], { env: 'prod', constructor: 'c' }),
  item('b', ['y'], { env: 'test' }),
  item('A', [], { Env: 'prod' }),
];
const VALUES = { name: ({ name }: Item) => [name], group: ({ groups }: Item) => groups, none: () => [null, undefined] };

const names = (...filters: [string, ...string[]][]) => {
  const asked = filters.map(([Name, ...Values]) => ({ Name, Values }));
  return filterItems(
    ITEMS,
    asked,
    (name) => findById<FilterValues<Item>>(VALUES, name),
    ({ tags }) => tags,
  )
    .map(({ name }) => name)
    .join(' ');
};

describe('filters', () => {
  it.each([
    ['values of one are alternatives', [['name', 'a', 'b']], 'a b'],
    [
      'all must hold',
      [
        ['name', 'a', 'b'],
        ['group', 'x'],
      ],
      'a',
    ],
    ['one of an item’s values is enough', [['group', 'y']], 'a b'],
    ['case matters', [['name', 'A']], 'A'],
    ['an absent value matches nothing, not even *', [['none', '*']], ''],
    ['tag with value', [['tag:env', 'prod']], 'a'],
    ['tag by key', [['tag-key', 'env', 'Env']], 'a b A'],
    ['a tag is an own one', [['tag:toString', '*']], ''],
    ['a tag may be called constructor', [['tag:constructor', 'c']], 'a'],
    ['without values nothing matches', [['name']], ''],
    [
      'wildcards',
      [
        ['name', '?'],
        ['tag:env', 't*'],
      ],
      'b',
    ],
  ] as const)('%s', (_what, filters, found) => {
    expect(names(...filters.map((each): [string, ...string[]] => [...each] as [string, ...string[]]))).toBe(found);
  });

  it.each(['Name', 'constructor', '__proto__', ''])('%j is refused: no such filter here', (name) => {
    expect(() => names([name, 'a'])).toThrow(`The filter '${name}' is invalid`);
  });
});

describe('a wildcard', () => {
  it.each([
    ['sg-0123', 'sg-0123', true],
    ['10.0.0.0/8', '10x0.0.0/8', false],
    ['*', '', true],
    ['?', '', false],
    ['?', '😀', true],
    ['a*b', 'a\nb', true],
    ['\\*', '*', true],
    ['\\*', 'x', false],
    ['a\\?c', 'a?c', true],
    ['\\\\', '\\', true],
    ['a\\', 'a\\', true],
    ['\\a', 'a', true],
    ['*ab*ab', 'abxab', true],
    ['*ab*ab', 'ab', false],
  ])('%j on %j: %s', (pattern, text, isMatch) => {
    expect(wildcard(pattern)(text)).toBe(isMatch);
  });

  it('means what the same regular expression means', () => {
    const letter = fc.constantFrom('a', 'b', '*', '?', '\\', '.');
    const text = fc.array(letter, { maxLength: 8 }).map((letters) => letters.join(''));
    fc.assert(
      fc.property(text, text, (pattern, tried) => {
        expect(wildcard(pattern)(tried)).toBe(asRegularExpression(pattern).test(tried));
      }),
      { numRuns: 2000 },
    );
  });

  it('finds out soon that many of them do not match', () => {
    expect(wildcard(`${'*a'.repeat(100)}b`)('a'.repeat(250))).toBe(false);
  });
});

function asRegularExpression(pattern: string): RegExp {
  const source = pattern.replace(/\\([\s\S])|([\s\S])/g, (_all, escaped: string | undefined, plain: string) => {
    if (plain === '*') return '[\\s\\S]*';
    if (plain === '?') return '[\\s\\S]';
    return `\\x${(escaped ?? plain).charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
  return new RegExp(`^${source}$`);
}
