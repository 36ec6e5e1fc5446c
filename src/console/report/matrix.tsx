import { OUTCOME_SYMBOL, outcomeText } from '../../verdict/phrases.js';
import { type Matrix, type MatrixCell, OUTCOMES } from '../../verdict/types.js';

/** Who reaches whom: one symbol for each question, in their order. */
export function MatrixTable({ matrix: { names, questions, cells } }: { readonly matrix: Matrix }) {
  const byEnds = new Map<string, MatrixCell[]>();
  for (const cell of cells) {
    const ends = `${cell.from} ${cell.to}`;
    byEnds.set(ends, [...(byEnds.get(ends) ?? []), cell]);
  }
  return (
    <>
      <h3>Reachability</h3>
      <p>
        From rows to columns: {questions.join(', ')}.{' '}
        {OUTCOMES.filter((outcome) => cells.some(({ result }) => result.outcome === outcome))
          .map((outcome) => `${OUTCOME_SYMBOL[outcome]} ${outcome}`)
          .join(', ')}
      </p>
      <table className="matrix">
        <thead>
          <tr>
            <th scope="col">from ↓ to →</th>
            {names.map((name) => (
              <th key={name} scope="col" className="column">
                <span>{name}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {names.map((from) => (
            <tr key={from}>
              <th scope="row">{from}</th>
              {names.map((to) => (
                <Cell key={to} cells={byEnds.get(`${from} ${to}`) ?? []} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function Cell({ cells }: { readonly cells: readonly MatrixCell[] }) {
  return (
    <td>
      {cells.map(({ question, result }) => (
        <span key={question} className={result.outcome} title={`${question}: ${outcomeText(result)}`}>
          {OUTCOME_SYMBOL[result.outcome]}
        </span>
      ))}
    </td>
  );
}
