/** Whatever a request says, its answer is one that somebody foresaw; the real endpoint gets the same in test/kernel. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeLab } from '../cloud/shop.js';
import { EndpointRig } from './endpoint-rig.js';
import { hostileForms } from './hostile-forms.js';

const RUNS = Number(process.env.SGLAB_TEST_REQUESTS ?? 300);
const { cloud } = makeLab();
let rig: EndpointRig;
beforeAll(async () => {
  rig = await EndpointRig.start(cloud);
});
afterAll(() => rig.stop());

it('no mutated request is an internal error', async () => {
  const property = fc.asyncProperty(hostileForms(cloud), async (body) => {
    const answer = await rig.send(body);
    expect(answer.status, answer.body).toBeLessThan(500);
    expect(answer.body).not.toContain('InternalError');
  });
  await fc.assert(property, { numRuns: RUNS, endOnFailure: true });
});
