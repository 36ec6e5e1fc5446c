import { answerText } from '../../verdict/phrases.js';
import type { RunReport, StepResult } from '../../verdict/types.js';
import { STATUS_SYMBOL } from './symbols.js';

export function StepsTable({ run }: { readonly run: RunReport }) {
  const { passed, failed, unknown, steps } = run;
  return (
    <>
      <h3>Steps</h3>
      <p>
        {passed} passed, {failed} failed{unknown > 0 && `, ${unknown} unknown`}
      </p>
      <table>
        <thead>
          <tr>
            <th scope="col">Step</th>
            <th scope="col">Expected</th>
            <th scope="col">Outcome</th>
            <th scope="col">Explanation</th>
          </tr>
        </thead>
        <tbody>
          {steps.map((step, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: steps may have the same name, and none moves
            <StepRow key={at} step={step} />
          ))}
        </tbody>
      </table>
    </>
  );
}

function StepRow({ step }: { readonly step: StepResult }) {
  const { name, status, expected, explanation } = step;
  return (
    <tr className={status}>
      <th scope="row">
        <span className="symbol">{STATUS_SYMBOL[status]}</span> {name}
      </th>
      <td>{expected ?? ''}</td>
      <td>{answerText(step)}</td>
      <td>{explanation}</td>
    </tr>
  );
}
