import { describe, expect, it } from 'vitest';
import { selectStatements } from '../../../../src/verify/conformance/select.js';

const ids = (...words: string[]) => selectStatements(words).map(({ id }) => id);

describe('the statements that words name', () => {
  it('all without words', () => {
    expect(ids()).toHaveLength(126);
  });

  it.each<[words: string[], ids: string[]]>([
    [['S58'], ['S58']],
    [['s058'], ['S58']],
    [['58'], ['S58']],
    [['S5-S7'], ['S5', 'S6', 'S7']],
    [
      ['S5-7', 'S6-S8', 'S1'],
      ['S1', 'S5', 'S6', 'S7', 'S8'],
    ],
  ])('%j', (words, expected) => {
    expect(ids(...words)).toEqual(expected);
  });

  it.each([
    ['S0', /S1 to S126/],
    ['S127', /S1 to S126/],
    ['S100-S200', /S1 to S126/],
    ['S9-S4', /S4-S9/],
    ['A5', /API/],
    ['S58,S59', /S60-S70/],
    ['', /S60-S70/],
    ['\u001b[31m', /S60-S70/],
  ])('%j is no statement', (word, hint) => {
    expect(() => ids('S1', word)).toThrow(
      expect.objectContaining({ code: 'NoSuchStatement', exitCode: 2, hint: expect.stringMatching(hint) }),
    );
  });
});
