/** What a class hands in: read, or refused with the place. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { submissionsCsv } from '../../../src/cli/report/submissions.js';
import { ruleText } from '../../../src/cloud/text/rule.js';
import type { SubmissionGrade } from '../../../src/lessons/grade-submissions.js';
import { loadLesson } from '../../../src/lessons/load.js';
import { readSubmission } from '../../../src/lessons/submission.js';

const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sglab-submissions-'));
afterAll(() => fs.rmSync(directory, { recursive: true }));
const lesson = await loadLesson('scenarios/lessons/05-database-by-group');

async function rulesAfter(name: string, text: string): Promise<string[]> {
  const file = path.join(directory, name);
  fs.writeFileSync(file, text);
  const cloud = await readSubmission(file, lesson);
  const db = Object.values(cloud.securityGroups).find((group) => group.name === 'db');
  return (db?.rules ?? []).filter(({ direction }) => direction === 'ingress').map((rule) => ruleText(cloud, rule));
}

describe('a submission', () => {
  it('is a list of commands, such as the history of a shell', async () => {
    const text = [
      '# what I did',
      'sudo sglab probe web-1 db-1 tcp/3306',
      '',
      '  sudo sglab authorize db tcp/3306 from web\r',
      'sglab revoke db tcp/3306 from 10.0.1.17/32 --lab learn',
      'sudo sglab learn check',
    ].join('\n');
    expect(await rulesAfter('anna.txt', text)).toEqual(['tcp/3306 from web']);
  });

  it('is a file of groups, which replace those of the lesson', async () => {
    const text = 'securityGroups:\n  db:\n    ingress: { protocol: tcp, ports: 3306, from: web }\n';
    expect(await rulesAfter('anna.yaml', text)).toEqual(['tcp/3306 from web']);
  });

  it.each([
    ['a.txt', 'sudo sglab authorize db tcp/3306 from web\nrm -rf /\n', /a\.txt:2:1: "rm -rf \/" is not a command/],
    ['b.sh', 'sglab authorize dbb tcp/1 from web', /b\.sh:1:1: .*dbb/],
    ['c.yaml', 'securityGroups:\n  dbb: {}\n', /c\.yaml:2:3: the lab has no security group "dbb"; did you mean "db"\?/],
    ['d.yaml', 'securityGroups:\n  db:\n    ingres: []\n', /d\.yaml:3:5: unknown key "ingres" in securityGroups\.db/],
    [
      'e.yaml',
      'securityGroups:\n  db:\n    ingress: { protocol: tcp, ports: 3306, from: wob }\n',
      /e\.yaml:3:\d+: .*wob/,
    ],
    ['f.yaml', 'name: mine\nsecurityGroups: {}\n', /f\.yaml:1:1: unknown key "name"/],
    ['g.yaml', 'securityGroups: [', /g\.yaml:1:/],
    ['h.txt', 'sglab terminate db-1', /is not a command that changes a lab/],
  ])('%s with a mistake is refused with its place', async (name, text, message) => {
    await expect(rulesAfter(name, text)).rejects.toThrow(message);
  });
});

describe('the table for spreadsheets', () => {
  const grade: SubmissionGrade = {
    lesson: 'l',
    submission: 'anna',
    file: 'anna.txt',
    status: 'failed',
    met: 1,
    goals: 2,
    reasons: ['in: "still" closed', 'out, too'],
  };

  it('quotes what it must', () => {
    expect(submissionsCsv([grade])).toBe(
      'lesson,submission,status,met,goals,reasons\r\nl,anna,failed,1,2,"in: ""still"" closed\nout, too"\r\n',
    );
  });

  it('holds no formulas, whatever a file is called', () => {
    const [, row] = submissionsCsv([{ ...grade, submission: '=cmd|calc', reasons: [] }]).split('\r\n');
    expect(row).toBe("l,'=cmd|calc,failed,1,2,");
  });
});
