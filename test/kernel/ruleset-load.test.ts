import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ipBatch } from '../../src/kernel/ip.js';
import type { Netns } from '../../src/kernel/netns.js';
import { cardRuleset } from '../../src/ruleset/card.js';
import { difference, render } from '../../src/ruleset/nft-text.js';
import { clouds } from '../unit/ruleset/arbitrary.js';
import { interfaceId } from '../unit/ruleset/clouds.js';
import { SAMPLES } from '../unit/ruleset/samples.js';
import { listing, load, removeNetns, scratchNetns } from './ruleset-rig.js';

let netns: Netns;

beforeAll(async () => {
  netns = await scratchNetns('load');
  const links = ['guest', 'uplink', 'machine-5.0', 'machine-6.0', 'machine-7.0'];
  await ipBatch(
    links.map((link, at) => `link add ${link} type veth peer name peer-${at}`),
    netns,
  );
});
afterAll(() => removeNetns(netns));

describe('nft', () => {
  it.each(Object.entries(SAMPLES))('loads %s, twice', async (_name, build) => {
    const text = render(build());
    await load(netns, text);
    const once = await listing(netns);
    await load(netns, text);
    expect(await listing(netns)).toEqual(once);
    await load(netns, 'flush ruleset\n');
  });

  it('ends where a full load ends when it applies the difference of two rulesets', async () => {
    await fc.assert(
      fc.asyncProperty(clouds, clouds, async (before, after) => {
        const [a, b] = [cardRuleset(before, interfaceId(5)), cardRuleset(after, interfaceId(5))];
        await load(netns, render(b));
        const direct = await listing(netns);
        await load(netns, render(a));
        const transaction = difference(a, b);
        if (transaction !== null) await load(netns, transaction);
        expect(await listing(netns)).toEqual(direct);
        expect(difference(b, b)).toBeNull();
      }),
      { numRuns: 60 },
    );
  });
});
