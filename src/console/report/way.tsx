import { interfaceName } from '../../cloud/lookup.js';
import type { Cloud } from '../../cloud/types.js';
import { decisionText } from '../../verdict/phrases.js';
import type { Hop, StepResult } from '../../verdict/types.js';
import { VERDICT_SYMBOL } from './symbols.js';

interface Props {
  readonly step: StepResult;
  readonly texts: Readonly<Record<string, string>>;
  readonly cloud: Cloud;
}

/** The way of the packet of a step that failed, place by place. */
export function WayOfStep({ step: { name, path = [], explanation }, texts, cloud }: Props) {
  return (
    <figure>
      <figcaption>
        The way of <strong>{name}</strong>
      </figcaption>
      <table>
        <thead>
          <tr>
            <th scope="col">Leg</th>
            <th scope="col">Place</th>
            <th scope="col">Verdict</th>
            <th scope="col">Because of</th>
            <th scope="col">Interface</th>
          </tr>
        </thead>
        <tbody>
          {path.map((hop, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a packet may pass a place twice, and none moves
            <HopRow key={at} hop={hop} decision={decisionText(hop, (id) => texts[id] ?? id)} cloud={cloud} />
          ))}
        </tbody>
      </table>
      <p>{explanation}</p>
    </figure>
  );
}

interface HopProps {
  readonly hop: Hop;
  readonly decision: string;
  readonly cloud: Cloud;
}

function HopRow({ hop: { leg, stage, verdict, interface: id }, decision, cloud }: HopProps) {
  return (
    <tr className={verdict === 'pass' ? 'passed' : 'failed'}>
      <td>{leg}</td>
      <td>{stage}</td>
      <td>
        <span className="symbol">{VERDICT_SYMBOL[verdict]}</span> {verdict}
      </td>
      <td>{decision}</td>
      <td>{id === null || cloud.networkInterfaces[id] === undefined ? (id ?? '') : interfaceName(cloud, id)}</td>
    </tr>
  );
}
