/** Whatever is asked of the shipped files, of large ones a part: the advice, pasted, turns the outcome. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { probeText } from '../../../../src/cloud/text/probe.js';
import { loadScenario } from '../../../../src/import/load.js';
import { questionsFor } from '../../../../src/verify/questions.js';
import { adviseFor, verdictAfter } from './advise.js';

const files = ['scenarios', 'scenarios/conformance'].flatMap((directory) =>
  fs
    .readdirSync(directory)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => path.join(directory, file)),
);

/** Machines that are alike have thousands of questions that are alike. */
const MOST = 60;

function someOf<Item>(items: readonly Item[]): Item[] {
  const step = Math.ceil(items.length / MOST);
  return items.filter((_, at) => at % step === 0);
}

describe.each(files)('%s', async (file) => {
  const { cloud } = await loadScenario(file);
  const asked = someOf(questionsFor(cloud)).map((spec) => ({
    spec,
    words: probeText(spec),
    ...adviseFor(cloud, spec),
  }));

  it('what stops passes after the advice, or there is a reason why it cannot', () => {
    const stopped = asked.flatMap(({ spec, words, toPass }) => (toPass === null ? [] : { spec, words, toPass }));
    for (const { spec, words, toPass } of stopped) {
      const { outcome } = verdictAfter(cloud, spec, toPass);
      const isHelped = toPass.obstacle === null;
      expect({ words, ...toPass, passes: outcome === 'connected' }).toMatchObject({
        passes: isHelped,
        verified: isHelped,
      });
    }
  });

  it('what passes stops after each advice', () => {
    for (const { spec, words, toStop } of asked) {
      for (const remedy of toStop) {
        const { outcome } = verdictAfter(cloud, spec, remedy);
        expect({ words, ...remedy, passes: outcome === 'connected' }).toMatchObject({ passes: false, verified: true });
      }
    }
  });
});
