import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cardRuleset } from '../../../src/ruleset/card.js';
import { clouds, packets } from './arbitrary.js';
import { groupId, interfaceId } from './clouds.js';
import { readRules, readRuleset } from './reading.js';

describe('the look-ups of a card', () => {
  it('name the rule that a plain reading of the list names, tracked or untracked', () => {
    fc.assert(
      fc.property(clouds, fc.array(packets, { minLength: 40, maxLength: 40 }), (cloud, sent) => {
        const ruleset = cardRuleset(cloud, interfaceId(5));
        for (const packet of sent) {
          expect(readRuleset(ruleset, packet)).toBe(readRules(cloud, [groupId(1), groupId(2)], packet));
        }
      }),
      { numRuns: 500 },
    );
  });
});
