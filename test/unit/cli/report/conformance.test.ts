import { describe, expect, it } from 'vitest';
import { conformanceDocument, formatConformance } from '../../../../src/cli/report/conformance.js';
import { SECTIONS } from '../../../../src/verify/conformance/statements/index.js';
import type { ConformanceReport, StatementResult } from '../../../../src/verify/conformance/types.js';
import { RULE, run, step, wrong } from './samples.js';

const [section] = SECTIONS;
if (section === undefined) throw new Error('there are no sections');

function result(at: number, fields: Partial<StatementResult>): StatementResult {
  const statement = section?.statements[at];
  if (statement === undefined) throw new Error(`the section has no statement ${at}`);
  return { statement, status: 'holds', reason: null, files: [], ms: 312.4, ...fields };
}

const file = (name: string, steps = [step()]) => ({
  file: name,
  report: run(steps),
  error: null,
  describeRule: (id: string) => `${id} (web: tcp/22)`,
});

const report: ConformanceReport = {
  sections: [
    {
      section,
      results: [
        result(0, { files: [file('S001.yaml')] }),
        result(1, { status: 'fails', files: [file('S002.yaml', [step(), wrong])] }),
        result(2, { status: 'unknown', files: [{ ...file('S003.yaml'), report: null, error: 'nft failed' }] }),
        result(3, { status: 'not-covered', reason: 'nobody can', ms: 0 }),
      ],
    },
  ],
  counts: { holds: 1, fails: 1, unknown: 1, 'not-covered': 1 },
  ms: 1234,
};

describe('the report of the suite', () => {
  const text = formatConformance(report);

  it('has each statement with mark, time, words and source', () => {
    expect(text).toMatch(/^8\.1 Default deny/);
    expect(text).toMatch(/^ {2}S1 +✓ +312 ms {2}V's group is new/m);
    expect(text).toMatch(/^ {2}S4 +– {2,}C's group is new.* \(SGR\)$/m);
  });

  it('says below a statement why it does not hold', () => {
    expect(text).toMatch(/^ {20}S002\.yaml, step 2: web-1 -> db-1 tcp\/3306: timed-out at sg-ingress, expected/m);
    expect(text).toMatch(/^ {20}S003\.yaml: nft failed$/m);
    expect(text).toMatch(/^ {20}not covered: nobody can$/m);
  });

  it('counts all of them, with what could not be told apart from what fails', () => {
    expect(text.trimEnd().split('\n').at(-1)).toBe('1 of 4 hold, 1 fail, 1 unknown, 1 not covered   in 1.23 s');
  });

  it('fits a narrow terminal', () => {
    const lines = formatConformance(report, { width: 60 }).split('\n').slice(2, -2);
    expect(lines.filter((line) => line.length > 60)).toEqual([]);
  });

  it('says the same to programs', () => {
    expect(conformanceDocument(report)).toMatchObject({
      total: 4,
      holds: 1,
      fails: 1,
      unknown: 1,
      notCovered: 1,
      ms: 1234,
      statements: [
        { id: 'S1', section: '8.1 Default deny and statefulness; refused or timed out', status: 'holds', reason: null },
        { id: 'S2', files: [{ file: 'S002.yaml', error: null, run: { steps: [{ rule: RULE }, {}] } }] },
        { id: 'S3', status: 'unknown', files: [{ file: 'S003.yaml', error: 'nft failed', run: null }] },
        { id: 'S4', status: 'not-covered', reason: 'nobody can', source: 'SGR', files: [] },
      ],
    });
  });
});
