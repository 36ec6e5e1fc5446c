/** The grades of a class, as a list for people and a table for spreadsheets. */
import { describe, expect, it } from 'vitest';
import { formatSubmissions, submissionsCsv } from '../../../../src/cli/report/submissions.js';
import type { SubmissionGrade } from '../../../../src/lessons/submissions/grade-submissions.js';

const RECORD = { lesson: 'l', by: 'anna', at: '', seconds: 250, checks: 3, hints: 1, solutionSeen: false };
const grade: SubmissionGrade = {
  lesson: 'l',
  submission: 'anna',
  file: 'anna.txt',
  status: 'failed',
  met: 1,
  goals: 2,
  reasons: ['in: "still" closed', 'out, too'],
  notes: ['line 3 does not count'],
  record: RECORD,
};

describe('the table for spreadsheets', () => {
  it('quotes what it must', () => {
    expect(submissionsCsv([grade]).split('\r\n')).toEqual([
      'lesson,submission,status,met,goals,reasons,notes,seconds,checks,hints,solutionSeen',
      'l,anna,failed,1,2,"in: ""still"" closed\nout, too",line 3 does not count,250,3,1,false',
      '',
    ]);
  });

  it.each(['=cmd|calc', '+1', '-1', '@SUM(1)', '\t=1', ' =1', '\r=1'])('holds no formulas: %j', (submission) => {
    const text = submissionsCsv([{ ...grade, submission }]);
    expect(text.split('\r\nl,')[1]).toMatch(/^"?'/);
  });
});

it('the list for people says what somebody did, and who was not graded', () => {
  const text = formatSubmissions({ lessons: [], submissions: [grade], ignored: ['README.md'] }, { width: 80 });
  expect(text).toContain('anna   1 of 2 · 4 min · 3 checks · 1 hint');
  expect(text).toContain("Not graded, since it is nobody's work: README.md");
  expect(text.split('\n').every((line) => line.length <= 80)).toBe(true);
});
