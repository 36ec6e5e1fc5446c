import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../../src/import/load.js';

const DIRECTORY = path.resolve('scenarios');
const FILES = fs.readdirSync(DIRECTORY).filter((file) => file.endsWith('.yaml'));

/** What a reader takes in without turning pages. */
const MAX_LINES = 60;

describe.each(FILES)('scenarios/%s', (file) => {
  const text = fs.readFileSync(path.join(DIRECTORY, file), 'utf8');

  it('is a scenario of that name, with a description and steps', async () => {
    const scenario = await loadScenario(path.join(DIRECTORY, file));
    expect(`${scenario.name}.yaml`).toBe(file);
    expect(scenario.description).toMatch(/^[A-Z].{20,}[^.]$/);
    expect(scenario.steps.length).toBeGreaterThanOrEqual(5);
  });

  it('begins with its story and is short', () => {
    const lines = text.trimEnd().split('\n');
    const story = lines.findIndex((line) => !line.startsWith('#'));
    expect(story).toBeGreaterThanOrEqual(2);
    expect(lines.length).toBeLessThanOrEqual(MAX_LINES);
    expect(lines.filter((line) => line.length > 120)).toEqual([]);
  });

  it('expects what passes and what does not, and says where it stops', async () => {
    const { steps } = await loadScenario(path.join(DIRECTORY, file));
    const expected = steps.flatMap((step) => (step.type === 'probe' ? [step.expect] : []));
    expect(expected.some(({ outcome }) => outcome === 'connected')).toBe(true);
    expect(expected.filter(({ outcome, stage }) => outcome !== 'connected' && stage === null)).toEqual([]);
    expect(expected.some(({ outcome }) => outcome === 'timed-out')).toBe(true);
  });
});
