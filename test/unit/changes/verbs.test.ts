/** What a verb writes, it reads: a change that was drawn at random survives the way through a scenario file. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Choices } from '../../../src/changes/choices.js';
import { mutationStep } from '../../../src/changes/mutation.js';
import { mutationShape } from '../../../src/changes/mutation-shape.js';
import { COMMANDS, VERBS } from '../../../src/changes/verbs.js';
import { buildProgram } from '../../../src/cli/program.js';
import { parseChange } from '../../../src/scenario/parse-change.js';
import { fuzzCloud } from '../../../src/verify/fuzz/lab.js';

const cloud = fuzzCloud('verbs');
const numbers = fc.array(fc.nat({ max: 999 }), { minLength: 24, maxLength: 24 });
const drawn = Object.entries(VERBS).flatMap(([type, { random }]) => (random === undefined ? [] : [{ type, random }]));

it.each(drawn)('$type', ({ type, random }) => {
  const property = fc.property(numbers, (each) => {
    const change = random.choose(cloud, new Choices(each), 1);
    if (change === null) return;
    expect(change.type).toBe(type);
    const step = mutationStep(change);
    const read = parseChange(JSON.stringify(step));
    expect(read.type).toBe(type);
    expect(mutationStep(read)).toEqual(step);
    expect(mutationShape.safeParse(change)).toMatchObject({ success: true });
  });
  fc.assert(property, { numRuns: 50 });
});

it('no two verbs have one key', () => {
  const keys = Object.values(VERBS).map(({ key }) => key);
  expect(new Set(keys).size).toBe(keys.length);
});

it('every command of a verb is one of sglab', () => {
  const commands = buildProgram().commands.map((command) => command.name());
  expect(commands).toEqual(expect.arrayContaining([...COMMANDS.keys()]));
});
