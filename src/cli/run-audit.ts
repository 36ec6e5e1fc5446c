/**
 * `sglab audit` finds faults in the rules of a file, in a lab that is built for it, or of a running lab as it is now.
 */
import path from 'node:path';
import { byId } from '../cloud/lookup.js';
import { ruleText } from '../cloud/text/rule.js';
import type { Cloud } from '../cloud/types.js';
import { call } from '../controller/client.js';
import { loadScenario } from '../import/load.js';
import { Lab } from '../lab/lab.js';
import { DefinitionError } from '../source/problems.js';
import { findAll } from '../verify/audit/find.js';
import { withOutsider } from '../verify/audit/outsider.js';
import { NO_HOST_IN_BLOCK, type ProveOptions, proveAll, type SendProbe } from '../verify/audit/prove.js';
import type { Audited, AuditReport, Finding, FindingLocation, Proof } from '../verify/audit/types.js';

export interface AuditOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (text: string) => void;
}

const NOT_PROBED: Proof = { status: 'not-tried', reason: 'no packet was sent (--no-probe)', unknown: false };
const NO_EXAMPLE = 'not provable here: no address for examples is in the block';

/**
 * Audits the rules alone, without root and without the kernel.
 * @throws DefinitionError
 */
export async function findInFile(file: string): Promise<AuditReport> {
  const { name, cloud, lines } = await loadScenario(file);
  return reportOf({ subject: name, file, lines, probed: false }, cloud, findAll(cloud), []);
}

/**
 * Builds a separate lab from the file, never under the name in it: a lab that is already up keeps its name and its
 * traffic.
 */
export async function auditFile(file: string, options: AuditOptions): Promise<AuditReport> {
  const { name, cloud, lines } = await loadScenario(file);
  const findings = findAll(cloud);
  const asked = withOutsider({ ...cloud, name: auditLabName(name) }, findings);
  const live = await Lab.up(asked, {
    file: path.resolve(file),
    leftovers: 'rebuild',
    signal: options.signal,
    onProgress: (done, total) => options.onProgress(`${name}: building a lab, step ${done + 1} of ${total}`),
  });
  try {
    const proofs = await proveAll(
      asked,
      findings,
      (probe) => live.traffic.probe(probe),
      proveOptions(asked, NO_EXAMPLE, options),
    );
    return reportOf({ subject: name, file, lines, probed: true }, cloud, findings, proofs);
  } finally {
    await live.down();
  }
}

/** Audits the current rules with the machines that the lab has: nothing is added to a user's lab. */
export async function auditLab(lab: string, probed: boolean, options: AuditOptions): Promise<AuditReport> {
  const { cloud, file } = await call(lab, 'status', {});
  const findings = findAll(cloud);
  const ask: SendProbe = (probe) => call(lab, 'probe', { probe });
  const proofs = probed ? await proveAll(cloud, findings, ask, proveOptions(cloud, NO_HOST_IN_BLOCK, options)) : [];
  const lines = file === null ? {} : await linesOf(file, cloud);
  return reportOf({ subject: lab, file, lines, probed }, cloud, findings, proofs);
}

/** The name has at most 40 characters, as every name of a lab. */
export function auditLabName(name: string): string {
  return `${name.slice(0, 34)}-audit`;
}

function proveOptions({ name }: Cloud, noOutsider: string, { signal, onProgress }: AuditOptions): ProveOptions {
  const progress = (done: number, total: number) => onProgress(`${name}: ${done} of ${total} findings tried`);
  return { noOutsider, signal, onProgress: progress };
}

/**
 * The same file gives the same ids. A file that is gone or broken by now gives no lines, and the audit continues
 * without them.
 */
async function linesOf(file: string, cloud: Cloud): Promise<RuleLines> {
  try {
    return currentLines(cloud, await loadScenario(file));
  } catch (error) {
    if (error instanceof DefinitionError) return {};
    throw error;
  }
}

interface Subject {
  readonly subject: string;
  readonly file: string | null;
  readonly lines: RuleLines;
  readonly probed: boolean;
}

function reportOf(
  { subject, file, lines, probed }: Subject,
  cloud: Cloud,
  findings: readonly Finding[],
  proofs: readonly Proof[],
): AuditReport {
  const placeOf = ({ groupId, rule }: Finding): FindingLocation | null => {
    const line =
      (rule === null ? undefined : lines[rule.id]) ??
      lines[groupId] ??
      lines[byId(cloud.securityGroups, groupId).vpcId];
    return file === null || line === undefined ? null : { file, line };
  };
  const audited = findings.map(
    (finding, at): Audited => ({ finding, proof: proofs[at] ?? NOT_PROBED, place: placeOf(finding) }),
  );
  return { subject, cloud, probed, audited };
}

type RuleLines = Readonly<Record<string, number>>;

/**
 * Keeps the lines of a file whose VPC, group or rule still equals the lab's resource with the same id: the file may
 * have been edited since, and the rule changed.
 */
export function currentLines(cloud: Cloud, file: { readonly cloud: Cloud; readonly lines: RuleLines }): RuleLines {
  const now = textsById(cloud);
  const then = textsById(file.cloud);
  return Object.fromEntries(Object.entries(file.lines).filter(([id]) => now.has(id) && now.get(id) === then.get(id)));
}

function textsById(cloud: Cloud): Map<string, string> {
  const groups = Object.values(cloud.securityGroups);
  return new Map([
    ...Object.values(cloud.vpcs).map(({ id, name }) => [id, name] as const),
    ...groups.map(({ id, name }) => [id, name] as const),
    ...groups.flatMap(({ rules }) => rules.map((rule) => [rule.id, ruleText(cloud, rule)] as const)),
  ]);
}
