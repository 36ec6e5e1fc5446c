import { describe, expect, it } from 'vitest';
import { formatError } from '../../../../src/cli/report/error.js';
import { formatHost } from '../../../../src/cli/report/host.js';
import type { ReportOptions } from '../../../../src/cli/report/labels.js';
import { formatMatrix } from '../../../../src/cli/report/matrix.js';
import { formatProbe } from '../../../../src/cli/report/probe.js';
import { formatResults, layoutOf, runSummary, runTitle } from '../../../../src/cli/report/run.js';
import { COLOURED, PLAIN } from '../../../../src/cli/report/style.js';
import { displayWidth } from '../../../../src/cli/report/width.js';
import { errorDocument, SglabError } from '../../../../src/errors.js';
import type { RunReport } from '../../../../src/verdict/types.js';
import { denied, matrix, probe, RULE, run, step, unclear, wrong } from './samples.js';

const describeRule = (id: string) => `${id} (web: tcp/22 from anywhere)`;
const widest = (text: string) => Math.max(...text.split('\n').map(displayWidth));

describe('formatProbe', () => {
  it('shows the path with the rule that let it in', () => {
    expect(formatProbe(probe(), { describeRule })).toBe(`office -> web-1 tcp/22   connected   0.4 ms

  request  ✓  sg-ingress  passed  ${RULE} (web: tcp/22 from anywhere)  eni-0a1b2c3d4e5f60718
           ✓  listener    passed                                                     eni-0a1b2c3d4e5f60718
  reply    ✓  sg-ingress  passed                                                     eni-0a1b2c3d4e5f60718

  A rule of web let it in.
`);
  });

  it('shows where it stopped, and why', () => {
    expect(formatProbe(denied)).toBe(`stranger -> web-1 tcp/22   timed-out   0.4 ms

  request  ✓  route       passed
           ✗  sg-ingress  dropped  no rule lets it in  eni-0a1b2c3d4e5f60718

  No rule of web admits tcp/22 from 203.0.113.7.

  Reachability Analyzer: ENI_SG_RULES_MISMATCH
`);
  });

  it('leaves out the interfaces where the terminal is narrow', () => {
    const text = formatProbe(probe(), { describeRule, width: 80 });
    expect(text).not.toContain('eni-');
    expect(widest(text)).toBeLessThanOrEqual(80);
  });

  it('has colours where there is a terminal', () => {
    expect(formatProbe(denied, { style: COLOURED })).toContain(COLOURED.red('timed-out'));
  });
});

/** A run as `sglab run` tells it, step by step. */
function formatRun(report: RunReport, options: ReportOptions = {}): string {
  const layout = layoutOf(
    report.steps.map(({ name, expected, stage }) => ({
      name,
      ...(expected === null ? {} : { expect: { outcome: expected, stage } }),
    })),
  );
  const title = runTitle({ name: report.scenario, description: report.description }, PLAIN);
  const steps = report.steps.map((step) => `${formatResults([step], layout, options)}\n`).join('');
  return `${title}\n\n${steps}\n${runSummary(report, PLAIN)}\n`;
}

describe('a run', () => {
  it('tells each step with its cause, and sums up', () => {
    const steps = [
      step(),
      wrong,
      step({ name: 'revoke', kind: 'revoke', outcome: 'done', expected: null, rule: null }),
      unclear,
    ];
    expect(formatRun(run(steps), { describeRule })).toBe(`shop  A shop

  1  ✓  office -> web-1 tcp/22  connected              0.4 ms
        ${RULE} (web: tcp/22 from anywhere)
  2  ✗  web-1 -> db-1 tcp/3306  timed-out  sg-ingress  0.4 ms
        expected connected: No rule of db admits tcp/3306.
  3  ✓  revoke                  done                   0.4 ms
  4  ?  db-1 -> web-1 udp/53    unknown                0.4 ms
        expected connected: Neither an answer nor a drop was seen.

✗ 2 passed, 1 failed, 1 unknown   in 214 ms
`);
  });

  it('marks a run of which something could not be told as such', () => {
    expect(formatRun(run([step(), unclear]))).toContain('? 1 passed, 0 failed, 1 unknown');
    expect(formatRun(run([step()]))).toContain('✓ 1 passed, 0 failed ');
  });

  it('names a rule once', () => {
    const named = step({ explanation: `${RULE} let it in` });
    expect(formatRun(run([named]), { describeRule }).split(RULE)).toHaveLength(2);
  });
});

describe('formatMatrix', () => {
  it('has a row per source and a numbered column per destination', () => {
    expect(formatMatrix(matrix(3, ['tcp/22', 'tcp/443']))).toBe(`         1  2  3
1 web-1    ●● ··
2 web-2 ··    ●●
3 web-3 ·· ··

from row to column, in each cell tcp/22 tcp/443
tcp/22   ● 2 connected  · 4 timed-out
tcp/443  ● 2 connected  · 4 timed-out

12 probes   in 812 ms
`);
  });

  it('shows machines of one name as one row and column where nothing tells them apart', () => {
    const names = ['office', ...Array.from({ length: 12 }, (_, at) => `web-${at + 1}`), 'db-1', 'db-2'];
    const reaches = (from: string, to: string) => to.startsWith('web') || (from.startsWith('web') && to === 'db-1');
    const cells = names.flatMap((from) =>
      names.flatMap((to) => {
        const outcome = reaches(from, to) ? 'connected' : 'timed-out';
        return from === to ? [] : [{ from, to, question: 'tcp/22', result: probe({ from, to, outcome }) }];
      }),
    );
    const text = formatMatrix({ names, questions: ['tcp/22'], cells, ms: 1 });
    expect(text.split('\n').slice(0, 5)).toEqual([
      '                  1  2  3  4',
      '1 office             ●  ·  ·',
      '2 web-1 … web-12  ·  ●  ●  ·',
      '3 db-1            ·  ●     ·',
      '4 db-2            ·  ●  ·',
    ]);
    expect(text).toContain('210 probes');
  });

  it('fits 20 instances and three ports on 100 columns', () => {
    const text = formatMatrix(matrix(20, ['tcp/22', 'tcp/443', 'tcp/3306']), { width: 100 });
    expect(widest(text)).toBeLessThanOrEqual(100);
    expect(text.match(/^20 web-20/gm)).toHaveLength(1);
  });

  it('comes in several blocks on a narrow terminal', () => {
    const text = formatMatrix(matrix(20, ['tcp/22', 'tcp/443', 'tcp/3306']), { width: 80 });
    expect(widest(text)).toBeLessThanOrEqual(80);
    expect(text.match(/^20 web-20/gm)).toHaveLength(2);
  });
});

describe('formatError', () => {
  const error = new SglabError('UnknownGroup', 'x.yaml:3:7: no group "wbe"', { hint: 'did you mean "web"?' });

  it('says what and what to do', () => {
    expect(formatError(error)).toBe('error: x.yaml:3:7: no group "wbe"\nhint:  did you mean "web"?\n');
    expect(errorDocument(error)).toEqual({
      error: { code: 'UnknownGroup', message: 'x.yaml:3:7: no group "wbe"', hint: 'did you mean "web"?' },
    });
  });

  it('calls what it does not know a defect, and shows where', () => {
    expect(formatError(new TypeError('oops'))).toMatch(/^error: oops\n\s+at .*defect/s);
    expect(errorDocument('text')).toMatchObject({ error: { code: 'Defect', message: 'text' } });
  });
});

describe('formatHost', () => {
  it('says how to get what is missing, and what was not tried for want of it', () => {
    const nft = {
      name: 'nft',
      required: true,
      usedBy: 'rulesets',
      detail: 'not on the PATH',
      remedy: 'apt-get install nftables',
    };
    const nat = { name: 'NAT', required: true, usedBy: 'public addresses', detail: 'needs nft', remedy: null };
    const checks = [{ ...nft, status: 'missing' } as const, { ...nat, status: 'not tried' } as const];
    expect(formatHost({ ok: false, kernel: '6.1', checks })).toBe(`Linux 6.1

  missing    nft  rulesets
    not on the PATH
    get it: apt-get install nftables
  not tried  NAT  needs nft

✗ this host cannot run labs: nft missing
`);
  });
});
