import { byId } from '../../cloud/lookup.js';
import { ruleText } from '../../cloud/text/rule.js';
import type { Cloud } from '../../cloud/types.js';
import { typeOf } from '../../verify/audit/catalogue.js';
import type { Audited } from '../../verify/audit/types.js';

interface Props {
  readonly findings: readonly Audited[];
  readonly cloud: Cloud;
}

export function FindingsTable({ findings, cloud }: Props) {
  return (
    <>
      <h3>Findings</h3>
      {findings.length === 0 ? (
        <p>None.</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">Severity</th>
              <th scope="col">Finding</th>
              <th scope="col">Proof</th>
              <th scope="col">Remedy</th>
            </tr>
          </thead>
          <tbody>
            {findings.map((each, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a rule may have several findings of a kind, and none moves
              <FindingRow key={at} audited={each} cloud={cloud} />
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

function FindingRow({ audited: { finding, proof }, cloud }: { readonly audited: Audited; readonly cloud: Cloud }) {
  const { kind, groupId, rule, explanation, remedy } = finding;
  const group = byId(cloud.securityGroups, groupId).name;
  return (
    <tr className={proof.status === 'refuted' ? 'passed' : 'failed'}>
      <td>{typeOf(kind).severity}</td>
      <th scope="row">
        {group}
        {rule !== null && `: ${ruleText(cloud, rule)}`}
        <p>{explanation}</p>
      </th>
      <td>
        {proof.status}: {proof.reason}
      </td>
      <td>{remedy}</td>
    </tr>
  );
}
