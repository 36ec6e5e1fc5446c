import { expect, it } from 'vitest';
import { API_MODEL } from '../../../src/ec2/api-model.js';
import { HANDLERS, HANDLERS_BY_FAMILY } from '../../../src/ec2/handlers.js';

const names: readonly string[] = Object.values(HANDLERS_BY_FAMILY).flatMap((family) => Object.keys(family));

it('each action has one handler', () => {
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  expect(names).toEqual(Object.keys(HANDLERS));
});

it('each action with a handler has its form in the API model, and no other one has', () => {
  expect(Object.keys(API_MODEL.actions)).toEqual(names);
});
