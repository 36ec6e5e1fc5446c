import { describe, expect, it } from 'vitest';
import { render } from '../../../src/ruleset/nft-text.js';
import { SAMPLES } from './samples.js';

describe('rulesets are the text of their golden files', () => {
  it.each(Object.entries(SAMPLES))('%s', async (name, build) => {
    await expect(render(build())).toMatchFileSnapshot(`golden/${name}.nft`);
  });
});
