import { expect, it } from 'vitest';
import { Choices } from '../../../../src/changes/choices.js';
import { applyMutation } from '../../../../src/changes/mutation.js';
import { parseRule } from '../../../../src/cloud/text/rule.js';
import type { Cloud } from '../../../../src/cloud/types.js';
import { cloudDifference } from '../../../../src/records/history/difference.js';
import { undoChanges } from '../../../../src/records/history/undo.js';
import { makeShop } from '../../cloud/shop.js';
import { changedCloud, randomNumbers, startingCloud } from '../../lab/random-clouds.js';

/** The cloud as a history knows it: nothing that counts, and lists in one order. */
function told(cloud: Cloud): unknown {
  return JSON.parse(
    JSON.stringify({ ...cloud, serial: 0 }, (_key, value: unknown) =>
      Array.isArray(value) ? [...value].sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b))) : value,
    ),
  );
}

/** As the file of a history keeps it. */
function entryOf(before: Cloud, after: Cloud) {
  return JSON.parse(JSON.stringify({ changes: cloudDifference(before, after) })) as {
    changes: ReturnType<typeof cloudDifference>;
  };
}

it.each(Array.from({ length: 30 }, (_, seed) => seed))('gives every cloud that was seen (seed %d)', (seed) => {
  const choices = new Choices(randomNumbers(seed));
  const seen = [startingCloud('test')];
  const entries: ReturnType<typeof entryOf>[] = [];
  for (let step = 0; step < 12; step++) {
    const before = seen[step] ?? startingCloud('test');
    const after = changedCloud(before, choices, 1 + choices.number(3));
    seen.push(after);
    entries.push(entryOf(before, after));
  }
  const now = seen.at(-1) ?? startingCloud('test');
  for (const [at, cloud] of seen.entries()) expect(told(undoChanges(now, entries.slice(at)))).toEqual(told(cloud));
});

it('leaves the cloud that it was given as it is', () => {
  const { cloud } = makeShop();
  const opened = applyMutation(cloud, { type: 'authorize', group: 'web', rules: [parseRule('tcp/22 from db')] });
  const text = JSON.stringify(opened);
  undoChanges(opened, [entryOf(cloud, opened)]);
  expect(JSON.stringify(opened)).toBe(text);
});

it('takes back what is no record of things by id', () => {
  const { cloud } = makeShop();
  const other: Cloud = { ...cloud, icmpErrors: 'related', quotas: { ...cloud.quotas, rulesPerGroup: 100 } };
  expect(undoChanges(other, [entryOf(cloud, other)])).toEqual(cloud);
});
