/** The lessons, on packets: each shipped one teaches what it says, and a broken one is found out. */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseCommandLine } from '../../src/changes/command-line.js';
import type { Mutation } from '../../src/changes/verbs.js';
import { call } from '../../src/controller/client.js';
import type { SubmissionGrade } from '../../src/lessons/submissions/grade-submissions.js';
import type { Grade } from '../../src/lessons/types.js';
import type { Validation } from '../../src/lessons/validate-lesson.js';
import { parseChange } from '../../src/scenario/parse-change.js';
import { TestHost } from './support/test-host.js';

const command = (line: string) => parseCommandLine(line, parseChange);

const SHIPPED = path.resolve('scenarios/lessons');
const LESSONS = fs.readdirSync(SHIPPED);

let host: TestHost;
beforeAll(async () => {
  host = await TestHost.start();
  // The client that the tests share with the commands looks here.
  process.env.SGLAB_RUN_DIR = host.runDirectory;
});
afterAll(() => host?.stop());

/** No progress but the test's own. */
function learn(args: readonly string[]) {
  return host.sglab(['learn', ...args], { env: { SGLAB_STATE_DIR: path.join(host.directory, 'state') } });
}

interface Document {
  readonly valid: boolean;
  readonly lessons: readonly Validation[];
}

async function validate(folder: string): Promise<{ code: number | string; validation: Validation }> {
  const { code, stdout, stderr } = await learn(['validate', folder, '--json']);
  if (stdout === '') throw new Error(`sglab learn validate ${folder} ended with ${code}: ${stderr}`);
  const [validation] = (JSON.parse(stdout) as Document).lessons;
  if (validation === undefined) throw new Error('nothing was validated');
  return { code, validation };
}

/** One lesson has a load balancer, which is a HAProxy. */
function reasonToSkip(lesson: string): string {
  const text = fs.readFileSync(path.join(SHIPPED, lesson, 'lab.yaml'), 'utf8');
  const places = (process.env.PATH ?? '').split(':');
  const isMissing = text.includes('haproxy') && !places.some((place) => fs.existsSync(path.join(place, 'haproxy')));
  return isMissing ? ' (skipped: apt install haproxy)' : '';
}

describe('a shipped lesson', () => {
  const here = LESSONS.filter((lesson) => reasonToSkip(lesson) === '');
  let validations: ReadonlyMap<string, Validation>;

  // One process for all of them: starting it takes longer than most labs.
  beforeAll(async () => {
    const { stdout } = await learn(['validate', ...here.map((lesson) => path.join(SHIPPED, lesson)), '--json']);
    validations = new Map((JSON.parse(stdout) as Document).lessons.map((each) => [each.lesson, each]));
  });

  describe.each(LESSONS)('%s', (lesson) => {
    const reason = reasonToSkip(lesson);

    it.skipIf(reason !== '')(
      `fails at the start, passes when solved, catches what is wrong for its reason${reason}`,
      () => {
        const { valid, findings } = validations.get(lesson) ?? { valid: false, findings: [] };
        expect(findings.filter(({ ok }) => !ok)).toEqual([]);
        expect(findings.length).toBeGreaterThanOrEqual(4);
        expect(valid).toBe(true);
      },
    );
  });
});

describe('a lesson that does not teach what it says', () => {
  const LESSON = '04-ssh-for-the-office';
  const files = ['lesson.yaml', 'lab.yaml'] as const;
  const [text, lab] = files.map((file) => fs.readFileSync(path.join(SHIPPED, LESSON, file), 'utf8'));

  it.each([
    [
      'solution',
      'tcp/22 from 198.51.100.10/32\nwrong',
      'tcp/22 from 198.51.100.0/24\nwrong',
      'the solution',
      /too open: cafe reaches tcp\/22/,
    ],
    [
      'start',
      /shut: \[stranger.*\n.*\n.*\n/,
      'reaches: [stranger -> web-1 tcp/22]\n',
      'the start',
      /all goals are met before/,
    ],
    [
      'cause',
      'caught: closed',
      'caught: too-open',
      'Close it altogether',
      /met all the same|caught as closed, not as too-open/,
    ],
    [
      'sentence',
      'says: just for five minutes',
      'says: just for ten minutes',
      'Add the narrow rule and forget the wide one',
      /nobody says "just for ten minutes"/,
    ],
    [
      'harmless',
      'do: [authorize web tcp/22 from 198.51.100.10/32]',
      'do: [modify web "just for five minutes" tcp/22 from 198.51.100.10/32]',
      'Add the narrow rule and forget the wide one',
      /is met all the same; it passes/,
    ],
  ])('is found out: %s', async (name, from, to, of, says) => {
    const folder = path.join(host.directory, `broken-${name}`);
    fs.mkdirSync(folder);
    for (const [at, content] of [text, lab].entries())
      fs.writeFileSync(path.join(folder, files[at] ?? ''), (content ?? '').replace(from, to));
    expect([text, lab].some((content) => content !== content?.replace(from, to))).toBe(true);
    const { code, validation } = await validate(folder);
    expect(code).toBe(1);
    expect(validation.findings.find((each) => each.of === of)).toEqual({
      of,
      ok: false,
      says: expect.stringMatching(says),
    });
  });
});

describe('a trainee', () => {
  const grade = async () => {
    const { code, stdout } = await learn(['check', '--json']);
    return { code, ...(JSON.parse(stdout) as Grade) };
  };
  const byAddress = 'tcp/3306 from 10.0.1.21/32';
  const change = async (...mutations: readonly Mutation[]) => {
    for (const mutation of mutations) await call('learn', 'mutate', { mutation });
  };
  const passed = async () => {
    const { lessons } = JSON.parse((await learn(['--json'])).stdout) as {
      lessons: { lesson: string; passed: string | null; checks: number; underWay: boolean }[];
    };
    return lessons.find(({ lesson }) => lesson === '05-database-by-group');
  };

  it('is told what is missing, and helped a little more each time', async () => {
    expect(await learn(['check'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('no lesson is in progress'),
    });
    const begun = await learn(['start', 'database-by-group']);
    expect(begun).toMatchObject({ code: 0, stdout: expect.stringContaining('It is done when') });
    expect(await passed()).toMatchObject({ passed: null, checks: 0, underWay: true });

    expect(await grade()).toMatchObject({
      code: 1,
      status: 'failed',
      goals: [{ cause: 'closed' }, { status: 'untried' }, {}, {}],
    });
    const hints = [await learn(['hint']), await learn(['hint'])].map(({ stdout }) => stdout);
    expect(hints[0]).toContain('Hint 1 of 3');
    expect(hints[1]).toContain('Hint 2 of 3');
  });

  it('whose repair holds today only is told what happens tomorrow', async () => {
    await change(command(`authorize db ${byAddress}`), command('revoke db tcp/3306 from 10.0.1.17/32'));
    const today = await grade();
    expect(today.goals.map(({ cause }) => cause)).toEqual([null, 'by-accident', null, 'by-accident']);
    expect((await learn(['hint'])).stdout).toContain('The grader has launched one more web server');
    // What the grader launched is gone again.
    const { cloud } = await call('learn', 'status', {});
    expect(Object.values(cloud.instances).map(({ name }) => name)).toEqual(['web-1', 'reports-1', 'db-1']);
  });

  it('who opens too much is told by which rule, and passes when it is right', async () => {
    await change(command('authorize db all from 0.0.0.0/0'));
    const wide = await learn(['check']);
    expect(wide).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/too open: reports-1 reaches tcp\/3306 of\s+db-1, admitted\s+by\s+sgr-/),
    });
    await change(
      command('revoke db all from 0.0.0.0/0'),
      command(`revoke db ${byAddress}`),
      command('authorize db tcp/3306 from web'),
    );
    expect(await learn(['check'])).toMatchObject({ code: 0, stdout: expect.stringContaining('4 of 4 goals') });
    expect(await passed()).toMatchObject({ passed: expect.any(String), checks: 4 });
  });

  it('begins anew, and that the lesson was passed stays', async () => {
    expect(await learn(['start', '05-database-by-group'])).toMatchObject({
      stderr: expect.stringContaining('up already'),
    });
    await learn(['reset']);
    expect(await grade()).toMatchObject({ status: 'failed' });
    expect(await passed()).toMatchObject({ passed: expect.any(String) });
  });

  it('who names no lesson is told the nearest', async () => {
    expect(await learn(['start', 'defualt-deny'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('did you mean "default-deny"?'),
    });
  });
});

describe('docs/lessons.md', () => {
  /** The files that it shows, by the path in their first line. */
  const shown = [...fs.readFileSync('docs/lessons.md', 'utf8').matchAll(/```\w+\n# (\S+)\n([^`]+)```/g)];
  const folder = () => path.join(host.directory, 'print-server');

  it('shows a lesson that teaches what it says', async () => {
    for (const [, name = '', content = ''] of shown) {
      fs.mkdirSync(path.dirname(path.join(folder(), name)), { recursive: true });
      fs.writeFileSync(path.join(folder(), name), content);
    }
    const { validation } = await validate(folder());
    expect(validation.findings).toMatchObject([{ ok: true }, { ok: true }, { ok: true }, { ok: true }]);
  });

  it('which one can start, and is helped with although nobody wrote hints for it', async () => {
    const begun = await learn(['start', folder()]);
    expect(begun).toMatchObject({ code: 0, stdout: expect.stringContaining('The printer on the first floor') });
    await call('learn', 'mutate', { mutation: command('authorize printer all from 0.0.0.0/0') });
    const hints: string[] = [];
    for (let times = 0; times < 3; times++) hints.push((await learn(['hint'])).stdout);
    expect(hints[0]).toContain('Something passes that should not');
    expect(hints[1]).toMatch(/The grader says: too open: guest-1 reaches/);
    expect(hints[2]).toMatch(/Try: sudo sglab revoke printer all from 0\.0\.0\.0\/0/);
  });

  it('shows submissions that are graded, whatever else is in their folder', async () => {
    fs.writeFileSync(path.join(folder(), 'submissions', 'carl.txt'), 'sudo sglab autorize printer all from staff\n');
    const csv = path.join(folder(), 'grades.csv');
    const args = ['grade', folder(), '--dir', path.join(folder(), 'submissions'), '--csv', csv];
    const { code, stdout } = await learn([...args, '--json']);
    expect(code).toBe(0);
    const { submissions } = JSON.parse(stdout) as { submissions: SubmissionGrade[] };
    expect(submissions.map(({ submission, status, met, goals }) => ({ submission, status, met, goals }))).toEqual([
      { submission: 'anna', status: 'passed', met: 3, goals: 3 },
      { submission: 'ben', status: 'failed', met: 1, goals: 3 },
      { submission: 'carl', status: 'failed', met: 1, goals: 3 },
    ]);
    const ben = submissions[1]?.reasons.join(' ');
    const carl = submissions[2]?.notes.join(' ');
    expect(ben).toMatch(
      /too open: guest-1 reaches tcp\/631 of printer-1, admitted by sgr-\w+ \(printer: all traffic from 0/,
    );
    expect(carl).toMatch(/line 1 does not count: .*did you mean "authorize"\?/);
    expect(fs.readFileSync(csv, 'utf8').split('\r\n')[1]).toBe('print-server,anna,passed,3,3,,,,,,');
  });

  it('needs somebody to grade', async () => {
    const empty = fs.mkdtempSync(path.join(host.directory, 'empty-'));
    for (const [directory, message] of [
      [empty, 'there are no submissions in'],
      [path.join(empty, 'nowhere'), 'is not a readable folder'],
    ] as const) {
      const stderr = expect.stringContaining(message);
      expect(await learn(['grade', '1', '--dir', directory])).toMatchObject({ code: 2, stderr });
    }
  });
});
