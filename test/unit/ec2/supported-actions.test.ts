/** What is said to be supported is answered, and what is answered is said to be supported. */
import { expect, it } from 'vitest';
import { API_MODEL } from '../../../src/ec2/api-model.js';
import { HANDLERS } from '../../../src/ec2/ec2-api.js';
import { SUPPORTED_ACTIONS } from '../../../src/ec2/supported-actions.js';

/** The literal types of all names are too deep for the compiler. */
const SUPPORTED: readonly string[] = SUPPORTED_ACTIONS;

it('each action is named once', () => {
  expect(SUPPORTED.filter((name, at) => SUPPORTED.indexOf(name) !== at)).toEqual([]);
});

it.each([
  ['a handler', HANDLERS],
  ['a form in the API model', API_MODEL.actions],
])('exactly the supported actions have %s', (_what, record) => {
  const names = Object.keys(record);
  expect({
    missing: SUPPORTED.filter((name) => !names.includes(name)),
    unsupported: names.filter((name) => !SUPPORTED.includes(name)),
  }).toEqual({ missing: [], unsupported: [] });
});
