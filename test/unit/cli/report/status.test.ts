import { describe, expect, it } from 'vitest';
import { formatStatus } from '../../../../src/cli/report/status.js';
import { parseScenario } from '../../../../src/scenario/parse-scenario.js';

const { cloud } = parseScenario(
  'name: shop\nvpcs: { v: { cidr: 10.0.0.0/16, subnets: { a: { cidr: 10.0.1.0/24 } } } }\ninstances: { web: { subnet: a } }',
  'shop.yaml',
);
const LAB = { lab: 'shop', pid: 4711, file: '/home/a/user/of/long/paths/scenarios/shop.yaml', cloud, drift: [] };
const ENDPOINT = 'http://127.0.0.1:4580';

describe('formatStatus', () => {
  it('keeps to the width of the terminal, and loses nothing of where the lab comes from', () => {
    const text = formatStatus({ ...LAB, endpoint: ENDPOINT }, { width: 80 });
    expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
    for (const word of ['shop', '4711', LAB.file, ENDPOINT]) expect(text).toContain(word);
  });

  it('has one line for all of it where there is room', () => {
    const [first] = formatStatus({ ...LAB, endpoint: ENDPOINT }).split('\n');
    expect(first).toBe(`shop  process 4711, from ${LAB.file}, EC2 API ${ENDPOINT}`);
  });
});
