import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { render } from '../../../src/ruleset/index.js';
import { SAMPLES } from './samples.js';

/** `SGLAB_UPDATE_GOLDEN=1 npx vitest run --project unit golden` writes the files anew; read the difference before committing. */
const update = process.env.SGLAB_UPDATE_GOLDEN === '1';

describe('rulesets are the text of their golden files', () => {
  it.each(Object.entries(SAMPLES))('%s', (name, build) => {
    const file = new URL(`golden/${name}.nft`, import.meta.url);
    const text = render(build());
    if (update) writeFileSync(file, text);
    expect(text).toBe(readFileSync(file, 'utf8'));
  });
});
