/** What a class handed in, graded: a table for each lesson, and which goals were missed most. */
import { workOf } from '../../lessons/feedback.js';
import type { SubmissionGrade } from '../../lessons/submissions/grade-submissions.js';
import type { ClassDocument } from './document.js';
import { STATUS_SYMBOL } from './symbols.js';

export function ClassReport({ document }: { readonly document: ClassDocument }) {
  const { grades } = document;
  return (
    <>
      {grades.lessons.map(({ lesson, title: name }) => (
        <section key={lesson} aria-label={name}>
          <h2>{name}</h2>
          <LessonTable grades={grades.submissions.filter((grade) => grade.lesson === lesson)} />
        </section>
      ))}
      {grades.ignored.length > 0 && <p>Not graded, since it is nobody’s work: {grades.ignored.join(', ')}</p>}
    </>
  );
}

function LessonTable({ grades }: { readonly grades: readonly SubmissionGrade[] }) {
  const passed = grades.filter(({ status }) => status === 'passed').length;
  return (
    <>
      <p>
        {passed} of {grades.length} passed
      </p>
      <table className="grades">
        <thead>
          <tr>
            <th scope="col">Submission</th>
            <th scope="col">Goals</th>
            <th scope="col">Work</th>
            <th scope="col">Why</th>
          </tr>
        </thead>
        <tbody>
          {grades.map((grade) => (
            <GradeRow key={grade.file} grade={grade} />
          ))}
        </tbody>
      </table>
    </>
  );
}

function GradeRow({ grade }: { readonly grade: SubmissionGrade }) {
  const { submission, status, met, goals, reasons, notes, record } = grade;
  const shown = status === 'unreadable' ? 'unknown' : status;
  return (
    <tr className={shown}>
      <th scope="row">
        <span className="symbol">{STATUS_SYMBOL[shown]}</span> {submission}
      </th>
      <td>{status === 'unreadable' ? 'unreadable' : `${met} of ${goals}`}</td>
      <td>{workOf(record).join(', ')}</td>
      <td>
        <Sentences texts={reasons} />
        <Sentences texts={notes} />
      </td>
    </tr>
  );
}

function Sentences({ texts }: { readonly texts: readonly string[] }) {
  if (texts.length === 0) return null;
  return (
    <ul>
      {texts.map((text) => (
        <li key={text}>{text}</li>
      ))}
    </ul>
  );
}
