import { byId } from '../../cloud/lookup.js';
import { ruleText } from '../../cloud/text/rule.js';
import { assumedGroups } from '../../verify/audit/assumed.js';
import { SEVERITIES, type Severity, typeOf } from '../../verify/audit/catalogue.js';
import { failing, severityOf } from '../../verify/audit/threshold.js';
import type { Audited, AuditReport, Proof } from '../../verify/audit/types.js';
import { assumedLines, assumptionsOf } from './assumed.js';
import { probeDocument } from './json.js';
import type { ReportOptions } from './labels.js';
import { type Paint, PLAIN, type Style } from './style.js';
import { padEnd, wrap } from './width.js';

const READABLE = 110;
const ID_WIDTH = 6;
const SEVERITY_WIDTH = Math.max(...SEVERITIES.map((each) => each.length));
const STATUS_WIDTH = 'not tried'.length;
const INDENT = 2;
/** The column where the ids of the findings begin; everything else about a finding is aligned with it. */
const TEXT_AT = INDENT + SEVERITY_WIDTH + 2;

export const STATUS_TEXT: Readonly<Record<Proof['status'], string>> = {
  proved: 'proved',
  refuted: 'refuted',
  'not-tried': 'not tried',
};

/**
 * Lists the findings, the most severe one first; below each the rule with its file and line, what is wrong, what a
 * packet showed, the remedy.
 *
 *     careless  2 findings
 *
 *       high      SGA002  proved     SSH is open to the world
 *                 careless.yaml:12 sgr-0f… (web: tcp/22 from 0.0.0.0/0)
 *                 web lets in SSH (tcp/22) from 0.0.0.0/0.
 *                 proof   outsider -> web-1 tcp/22 connected
 *                 remedy  Allow it from the addresses of administrators only
 */
export function formatAudit(report: AuditReport, failOn: Severity, options: ReportOptions = {}): string {
  const { style = PLAIN } = options;
  const { subject, audited } = report;
  const head = `${style.bold(subject)}  ${style.dim(counted(audited.length, 'finding'))}`;
  const assumed = assumedLines(assumptionsOf(report.cloud), style, options.width);
  const title = assumed.length === 0 ? head : `${head}\n\n${assumed.join('\n')}`;
  const blocks = audited.map((each) => findingLines(report, each, options).join('\n'));
  return `${[title, ...blocks, summary(report, failOn, style)].join('\n\n')}\n`;
}

function findingLines({ cloud }: AuditReport, each: Audited, options: ReportOptions): string[] {
  const { style = PLAIN, width = READABLE } = options;
  const { finding, proof, place } = each;
  const { id, title, severity } = typeOf(finding.kind);
  const paint = severityPaint(severity, style);
  const head = [
    paint(padEnd(severity, SEVERITY_WIDTH)),
    style.bold(padEnd(id, ID_WIDTH)),
    statusPaint(proof.status, style)(padEnd(STATUS_TEXT[proof.status], STATUS_WIDTH)),
    style.bold(title),
  ].join('  ');
  const where = place === null ? '' : `${place.file}:${place.line}  `;
  const group = byId(cloud.securityGroups, finding.groupId);
  const whose =
    finding.rule === null
      ? `${group.id} (${group.name})`
      : `${finding.rule.id} (${group.name}: ${ruleText(cloud, finding.rule)})`;
  const room = Math.max(40, Math.min(width, READABLE) - TEXT_AT);
  const text = (words: string, paintWords: Paint = (word) => word) =>
    wrap(words, room).map((line) => ' '.repeat(TEXT_AT) + paintWords(line));
  return [
    ' '.repeat(INDENT) + head,
    ...text(where + whose, style.dim),
    ...text(`${finding.explanation}.`),
    ...labelled('proof', proof.reason, room),
    ...labelled('remedy', finding.remedy, room),
  ];
}

function labelled(label: string, words: string, room: number): string[] {
  const width = 'remedy'.length + 2;
  return wrap(words, room - width).map((line, at) => ' '.repeat(TEXT_AT) + padEnd(at === 0 ? label : '', width) + line);
}

function summary({ cloud, audited }: AuditReport, failOn: Severity, style: Style): string {
  const count = (status: Proof['status']) => audited.filter(({ proof }) => proof.status === status).length;
  const bad = failing(audited, failOn).length;
  const unknown = assumedGroups(cloud);
  const verdict =
    bad > 0
      ? style.red(`✗ ${counted(bad, 'finding')} of severity ${failOn} or higher`)
      : unknown.length > 0
        ? style.magenta(`? not all rules of ${unknown.join(', ')} are known`)
        : style.green(`✓ none of severity ${failOn} or higher`);
  const counts = `${count('proved')} proved, ${count('refuted')} refuted, ${count('not-tried')} not tried`;
  return `${style.bold(verdict)}   ${style.dim(counts)}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function severityPaint(severity: Severity, style: Style): Paint {
  return { critical: style.magenta, high: style.red, medium: style.yellow, low: style.cyan }[severity];
}

function statusPaint(status: Proof['status'], style: Style): Paint {
  return { proved: style.red, refuted: style.green, 'not-tried': style.dim }[status];
}

/** The document of `sglab audit --json`; its keys are a contract with programs. */
export function auditDocument({ subject, cloud, probed, audited }: AuditReport, failOn: Severity) {
  const count = (status: Proof['status']) => audited.filter(({ proof }) => proof.status === status).length;
  return {
    subject,
    probed,
    failOn,
    failing: failing(audited, failOn).length,
    severities: Object.fromEntries(
      SEVERITIES.map((severity) => [severity, audited.filter((each) => severityOf(each) === severity).length]),
    ),
    proved: count('proved'),
    refuted: count('refuted'),
    notTried: count('not-tried'),
    assumed: assumptionsOf(cloud),
    findings: audited.map(({ finding, proof, place }) => {
      const { id, title, severity } = typeOf(finding.kind);
      const { id: groupId, name, vpcId } = byId(cloud.securityGroups, finding.groupId);
      const { rule } = finding;
      return {
        id,
        title,
        severity,
        group: { id: groupId, name, vpc: byId(cloud.vpcs, vpcId).name },
        rule: rule === null ? null : { id: rule.id, words: ruleText(cloud, rule), description: rule.description },
        file: place?.file ?? null,
        line: place?.line ?? null,
        explanation: finding.explanation,
        remedy: finding.remedy,
        status: STATUS_TEXT[proof.status],
        reason: proof.reason,
        sent: proof.status === 'not-tried' ? 0 : proof.sent,
        probe: proof.status === 'not-tried' ? null : probeDocument(proof.probe),
      };
    }),
  };
}
