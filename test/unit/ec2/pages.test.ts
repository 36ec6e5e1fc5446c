import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pageOf } from '../../../src/ec2/pages.js';

const LIMITS = { min: 5, max: 1000 };
const ids = (count: number) => Array.from({ length: count }, (_, at) => `id-${at}`);
const itself = (id: string) => id;
const page = (items: readonly string[], MaxResults?: number, NextToken?: string) =>
  pageOf(items, { MaxResults, NextToken }, itself, LIMITS);

describe('pages', () => {
  it('are one of all items without MaxResults', () => {
    expect(page(ids(2000))).toEqual({ items: ids(2000), NextToken: undefined });
    expect(page([])).toEqual({ items: [], NextToken: undefined });
  });

  it('together are all items in their order, and the last one says that it is', () => {
    fc.assert(
      fc.property(fc.nat(60), fc.integer({ min: 5, max: 30 }), (count, size) => {
        const all = ids(count);
        const seen: string[] = [];
        let token: string | undefined;
        do {
          const next = page(all, size, token);
          expect(next.items.length).toBeLessThanOrEqual(size);
          seen.push(...next.items);
          token = next.NextToken;
        } while (token !== undefined);
        expect(seen).toEqual(all);
      }),
    );
  });

  it('go on where they were, whatever was added or removed before', () => {
    const all = ids(20);
    const { NextToken } = page(all, 5);
    expect(page(['new', ...all], 5, NextToken).items).toEqual(ids(10).slice(5));
    expect(page(all.slice(3), 5, NextToken).items).toEqual(ids(10).slice(5));
    expect(
      page(
        all.filter((id) => id !== 'id-4'),
        5,
        NextToken,
      ).items,
    ).toEqual(ids(10).slice(5));
    expect(page([], 5, NextToken).items).toEqual([]);
  });

  it.each([4, 1001, 0, -1])('cannot have %i items', (size) => {
    expect(() => page(ids(9), size)).toThrow(
      `Value ( ${size} ) for parameter maxResults is invalid. Expecting a value between 5 and 1000.`,
    );
  });

  it('begin nowhere for a token that is none', () => {
    fc.assert(
      fc.property(fc.string(), (token) => {
        expect(() => page(ids(9), 5, token)).toThrow('The token is not valid.');
      }),
    );
  });
});
