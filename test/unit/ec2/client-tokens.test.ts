import { expect, it } from 'vitest';
import { ClientTokens } from '../../../src/ec2/ec2-api.js';

/** Answers with how often it was called. */
function counter() {
  let calls = 0;
  return async () => ({ calls: ++calls });
}

it('performs a repeated request once, also while the first is still under way', async () => {
  const tokens = new ClientTokens();
  const perform = counter();
  const once = () => tokens.once('RunInstances', { ClientToken: 't', MaxCount: 1 }, perform);
  const [first, second] = await Promise.all([once(), once()]);
  expect([first, second, await once()]).toEqual([{ calls: 1 }, { calls: 1 }, { calls: 1 }]);
});

it('refuses the same token with other parameters, whatever their order', async () => {
  const tokens = new ClientTokens();
  const perform = counter();
  await tokens.once('RunInstances', { ClientToken: 't', MinCount: 1, MaxCount: 1 }, perform);
  expect(() => tokens.once('RunInstances', { ClientToken: 't', MinCount: 1, MaxCount: 2 }, perform)).toThrow(
    'The client token "t" was used before with other parameters.',
  );
  expect(await tokens.once('RunInstances', { MaxCount: 1, MinCount: 1, ClientToken: 't' }, perform)).toEqual({
    calls: 1,
  });
});

it('keeps the tokens of each action apart, and knows none for a request without one', async () => {
  const tokens = new ClientTokens();
  const perform = counter();
  await tokens.once('RunInstances', { ClientToken: 't' }, perform);
  expect(await tokens.once('CreateNatGateway', { ClientToken: 't' }, perform)).toEqual({ calls: 2 });
  expect(await tokens.once('RunInstances', {}, perform)).toEqual({ calls: 3 });
  expect(await tokens.once('RunInstances', { ClientToken: '' }, perform)).toEqual({ calls: 4 });
});

it('lets what failed be tried again', async () => {
  const tokens = new ClientTokens();
  const request = { ClientToken: 't' };
  await expect(tokens.once('RunInstances', request, () => Promise.reject(new Error('full')))).rejects.toThrow('full');
  expect(await tokens.once('RunInstances', request, counter())).toEqual({ calls: 1 });
});

it('forgets the oldest of very many', async () => {
  const tokens = new ClientTokens();
  const perform = counter();
  for (let at = 0; at <= 10_000; at++) await tokens.once('RunInstances', { ClientToken: `t${at}` }, perform);
  expect(await tokens.once('RunInstances', { ClientToken: 't1' }, perform)).toEqual({ calls: 2 });
  expect(await tokens.once('RunInstances', { ClientToken: 't0' }, perform)).toEqual({ calls: 10_002 });
});
