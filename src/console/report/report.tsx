/** A report as one page: plain HTML that needs neither scripts nor a server. */
import { diagramOf } from '../../picture/diagram.js';
import { layOut } from '../../picture/layout.js';
import { FOLD_AUTO } from '../../picture/machines.js';
import { renderSvg } from '../../picture/svg.js';
import type { ReportDocument, ReportPart } from './document.js';
import { FindingsTable } from './findings.js';
import { MatrixTable } from './matrix.js';
import { StepsTable } from './steps.js';
import { WayOfStep } from './way.js';

export function Report({ document: { parts } }: { readonly document: ReportDocument }) {
  return (
    <>
      {parts.map((part) => (
        <Part key={part.lab} part={part} hasHeading={parts.length > 1} />
      ))}
    </>
  );
}

function Part({ part, hasHeading }: { readonly part: ReportPart; readonly hasHeading: boolean }) {
  const { lab, description, cloud, run, findings, matrix, texts } = part;
  const stopped = (run?.steps ?? []).filter(({ status, path = [] }) => status !== 'passed' && path.length > 0);
  return (
    <section aria-label={lab}>
      {hasHeading && <h2>{lab}</h2>}
      {description !== null && <p>{description}</p>}
      <h3>Lab</h3>
      <div
        className="map"
        // biome-ignore lint/security/noDangerouslySetInnerHtml: renderSvg escapes every text that it writes
        dangerouslySetInnerHTML={{ __html: renderSvg(layOut(diagramOf(cloud, FOLD_AUTO))) }}
      />
      <Assumptions sentences={Object.keys(cloud.assumed)} />
      {run !== null && <StepsTable run={run} />}
      {stopped.map((step) => (
        <WayOfStep key={step.name} step={step} texts={texts} cloud={cloud} />
      ))}
      {findings !== null && <FindingsTable findings={findings} cloud={cloud} />}
      {matrix !== null && <MatrixTable matrix={matrix} />}
    </section>
  );
}

/** What an import made up where its source says nothing. */
function Assumptions({ sentences }: { readonly sentences: readonly string[] }) {
  if (sentences.length === 0) return null;
  return (
    <>
      <h3>Assumed</h3>
      <ul>
        {sentences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </>
  );
}
