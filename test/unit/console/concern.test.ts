import { expect, it } from 'vitest';
import { Choices } from '../../../src/changes/choices.js';
import { applyMutation } from '../../../src/changes/mutation.js';
import type { Mutation } from '../../../src/changes/verbs.js';
import { parseRule } from '../../../src/cloud/text/rule.js';
import type { Cloud } from '../../../src/cloud/types.js';
import { concernOf } from '../../../src/controller/console/concern.js';
import { isSameVerdict, modelVerdicts } from '../../../src/controller/console/model-matrix.js';
import { cellsToAsk } from '../../../src/controller/matrix.js';
import { changedCloud, randomNumbers, startingCloud } from '../lab/random-clouds.js';

const REQUEST = { machines: null, questions: ['tcp/22', 'tcp/80', 'udp/53', 'udp/54', 'icmp', '47'] };

/** Cells that both clouds have and that turn, which nobody was told to look at. */
async function overlooked(before: Cloud, after: Cloud): Promise<string[]> {
  const concerns = concernOf(before, after);
  const cells = cellsToAsk(after, REQUEST).cells.filter((cell) => !concerns(cell));
  const [old, now] = [await modelVerdicts(before, cells), await modelVerdicts(after, cells)];
  return cells.flatMap(({ from, to, question }, at) => {
    const [was, is] = [old[at] ?? null, now[at] ?? null];
    return was === null || is === null || isSameVerdict(was, is) ? [] : [`${from} -> ${to} ${question}`];
  });
}

it.each(Array.from({ length: 20 }, (_, seed) => seed))(
  'overlooks no cell, whatever changes (seed %d)',
  async (seed) => {
    const choices = new Choices(randomNumbers(seed));
    let cloud = startingCloud('test');
    for (let step = 0; step < 6; step++) {
      const next = changedCloud(cloud, choices, 1);
      expect(await overlooked(cloud, next)).toEqual([]);
      cloud = next;
    }
  },
);

function concerned(cloud: Cloud, mutation: Mutation): string[] {
  const { cells } = cellsToAsk(cloud, { machines: ['a1', 'a2', 'b1', 'far'], questions: ['tcp/22', 'tcp/80'] });
  return cells
    .filter(concernOf(cloud, applyMutation(cloud, mutation)))
    .map(({ from, to, question }) => `${from} ${to} ${question}`);
}

/** a1 is a gateway of a route of the topology. */
function withoutMiddlebox(): Cloud {
  const cloud = startingCloud('test');
  const tables = Object.values(cloud.routeTables).map((table) => [
    table.id,
    { ...table, routes: table.routes.filter(({ target }) => target.type !== 'interface') },
  ]);
  return { ...cloud, routeTables: Object.fromEntries(tables) };
}

it('looks only where a rule of one port lets in', () => {
  const cloud = withoutMiddlebox();
  expect(concerned(cloud, { type: 'authorize', group: 'g3', rules: [parseRule('tcp/22 from 0.0.0.0/0')] })).toEqual([
    'a1 b1 tcp/22',
    'a2 b1 tcp/22',
    'far b1 tcp/22',
  ]);
  expect(concerned(cloud, { type: 'authorize', group: 'g3', rules: [parseRule('tcp/80 from g2')] })).toEqual([
    'a2 b1 tcp/80',
  ]);
});

it('looks everywhere where others may pass through what changed', () => {
  const cloud = startingCloud('test');
  const rule = parseRule('tcp/22 from 10.9.0.0/16');
  expect(concerned(cloud, { type: 'authorize', group: 'g1', rules: [rule] })).toHaveLength(24);
});
