/** SARIF 2.1.0, as code scanning services and editors read it (OASIS, sarif-v2.1.0). */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { byId } from '../../cloud/lookup.js';
import { ruleText } from '../../cloud/text/rule.js';
import type { Cloud } from '../../cloud/types.js';
import { CATALOGUE, type FindingKind, type Severity, typeOf } from '../../verify/audit/catalogue.js';
import type { Audited, AuditReport } from '../../verify/audit/types.js';
import { VERSION } from '../version.js';
import { STATUS_TEXT } from './audit.js';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

type Level = 'error' | 'warning' | 'note';

const LEVEL: Readonly<Record<Severity, Level>> = { critical: 'error', high: 'error', medium: 'warning', low: 'note' };

/** Scores by which code scanning sorts; each lies in the band of its severity. */
const SCORE: Readonly<Record<Severity, string>> = { critical: '9.5', high: '8.0', medium: '5.5', low: '2.0' };

const KINDS = Object.keys(CATALOGUE) as FindingKind[];

/** @param base the directory to which files are relative: the working directory of a CI job */
export function sarifDocument(report: AuditReport, base: string) {
  return {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'sglab', version: VERSION, rules: KINDS.map(ruleOf) } },
        results: report.audited.map((each) => resultOf(report.cloud, each, base)),
        columnKind: 'utf16CodeUnits',
      },
    ],
  };
}

function ruleOf(kind: FindingKind) {
  const { id, title, severity } = typeOf(kind);
  return {
    id,
    name: kind,
    shortDescription: { text: title },
    fullDescription: { text: `${title}.` },
    defaultConfiguration: { level: LEVEL[severity] },
    properties: { 'security-severity': SCORE[severity], tags: ['security', 'network'] },
  };
}

/** A finding that a packet has refuted is a note, whatever its severity. */
function resultOf(cloud: Cloud, { finding, proof, place }: Audited, base: string) {
  const { id, severity } = typeOf(finding.kind);
  const group = byId(cloud.securityGroups, finding.groupId);
  const subject = finding.rule?.id ?? group.id;
  const name = `${byId(cloud.vpcs, group.vpcId).name}/${group.name}`;
  const fullName = finding.rule === null ? name : `${name}: ${ruleText(cloud, finding.rule)}`;
  const status = STATUS_TEXT[proof.status];
  return {
    ruleId: id,
    ruleIndex: KINDS.indexOf(finding.kind),
    level: proof.status === 'refuted' ? 'note' : LEVEL[severity],
    message: { text: `${finding.explanation}. ${status}: ${proof.reason}. Remedy: ${finding.remedy}.` },
    locations: [
      {
        ...(place === null
          ? {}
          : {
              physicalLocation: {
                artifactLocation: { uri: uriOf(place.file, base) },
                region: { startLine: place.line },
              },
            }),
        logicalLocations: [{ name: subject, fullyQualifiedName: fullName, kind: 'resource' }],
      },
    ],
    // The rule's id is left out: it changes when something is added before it. A fingerprint must never change, or code
    // scanning opens every alert again: version 1 writes all traffic as -1.
    partialFingerprints: { 'sglab/v1': `${id} ${fullName.replace(': all traffic ', ': -1 ')}` },
    properties: { severity, status },
  };
}

/** The URI is relative if the file is below the base, as code scanning wants it. */
function uriOf(file: string, base: string): string {
  const relative = path.relative(base, path.resolve(base, file));
  if (relative.startsWith('..') || path.isAbsolute(relative)) return pathToFileURL(path.resolve(base, file)).href;
  return relative.split(path.sep).map(encodeURIComponent).join('/');
}
