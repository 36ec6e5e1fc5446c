import { describe, expect, it } from 'vitest';
import { auditDocument, formatAudit } from '../../../../src/cli/report/audit.js';
import { sarifDocument } from '../../../../src/cli/report/sarif.js';
import { CATALOGUE, SEVERITIES } from '../../../../src/verify/audit/catalogue.js';
import { findAll } from '../../../../src/verify/audit/find.js';
import type { AuditReport } from '../../../../src/verify/audit/types.js';
import { cloudOf, tcp } from '../../verify/audit/clouds.js';
import { probe } from './samples.js';

const cloud = cloudOf({
  securityGroups: { web: { vpc: 'shop', ingress: [tcp(22, '0.0.0.0/0')] }, old: { vpc: 'shop' } },
  instances: { v: { subnet: 'public', securityGroups: 'web' } },
});

/** SSH is open and proved, from a file; a group is not used, and has no place. */
const report: AuditReport = {
  subject: 'audited',
  cloud,
  probed: true,
  audited: findAll(cloud)
    .filter(({ kind }) => kind === 'ssh-open' || kind === 'unused-group')
    .map((finding) =>
      finding.kind === 'ssh-open'
        ? {
            finding,
            proof: { status: 'proved', reason: 'office -> v tcp/22 connected', probe: probe(), sent: 1 },
            place: { file: 'labs/a b.yaml', line: 12 },
          }
        : { finding, proof: { status: 'not-tried', reason: 'nobody has it', unknown: false }, place: null },
    ),
};

it('the terminal has the most severe one first, each with rule, place, proof and remedy', () => {
  const text = formatAudit(report, 'high', { width: 100 });
  expect(text).toMatch(/^audited {2}2 findings\n\n {2}high {6}SGA002 {2}proved {5}SSH is open to the world\n/);
  expect(text).toMatch(/ {12}labs\/a b\.yaml:12 sgr-\w+ \(web: tcp\/22 from 0\.0\.0\.0\/0\)\n/);
  expect(text).toContain('            proof   office -> v tcp/22 connected\n            remedy  Allow it');
  expect(text).toMatch(/\n\n {2}low {7}SGA009 {2}not tried {2}A group is not used\n {12}sg-\w+ \(old\)\n/);
  expect(text).toMatch(/✗ 1 finding of severity high or higher {3}1 proved, 0 refuted, 1 not tried\n$/);
  expect(formatAudit(report, 'critical')).toContain('✓ none of severity critical or higher');
});

it('the document has everything, as words and as ids', () => {
  expect(auditDocument(report, 'high')).toMatchObject({
    subject: 'audited',
    probed: true,
    failOn: 'high',
    failing: 1,
    severities: { critical: 0, high: 1, medium: 0, low: 1 },
    proved: 1,
    refuted: 0,
    notTried: 1,
    findings: [
      {
        id: 'SGA002',
        severity: 'high',
        group: { name: 'web', vpc: 'shop' },
        rule: { id: expect.stringMatching(/^sgr-/), words: 'tcp/22 from 0.0.0.0/0' },
        file: 'labs/a b.yaml',
        line: 12,
        status: 'proved',
        sent: 1,
        probe: { from: 'office', outcome: 'connected' },
      },
      { id: 'SGA009', rule: null, file: null, line: null, status: 'not tried', sent: 0, probe: null },
    ],
  });
});

describe('SARIF', () => {
  const { $schema, version, runs } = sarifDocument(report, '/work');
  const [run] = runs;

  it('has what the schema requires of a log, a run, a tool and its rules', () => {
    expect($schema).toMatch(/sarif-schema-2\.1\.0\.json$/);
    expect(version).toBe('2.1.0');
    expect(run?.tool.driver.name).toBe('sglab');
    expect(run?.tool.driver.rules.map(({ id }) => id)).toEqual(Object.values(CATALOGUE).map(({ id }) => id));
    for (const rule of run?.tool.driver.rules ?? []) {
      expect(rule.shortDescription.text).not.toBe('');
      expect(['error', 'warning', 'note']).toContain(rule.defaultConfiguration.level);
    }
  });

  it('has a result for each finding, at its line where it has one', () => {
    expect(run?.results).toMatchObject([
      {
        ruleId: 'SGA002',
        level: 'error',
        message: { text: expect.stringContaining('proved: office -> v tcp/22 connected') },
        locations: [{ physicalLocation: { artifactLocation: { uri: 'labs/a%20b.yaml' }, region: { startLine: 12 } } }],
      },
      {
        partialFingerprints: { 'sglab/v1': 'SGA009 shop/old' },
        ruleId: 'SGA009',
        level: 'note',
        locations: [{ logicalLocations: [{ fullyQualifiedName: 'shop/old' }] }],
      },
    ]);
    for (const { ruleId, ruleIndex } of run?.results ?? []) {
      expect(run?.tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
    }
    expect(run?.results[1]?.locations[0]).not.toHaveProperty('physicalLocation');
  });

  it('has fingerprints that stay what they were, however a rule is worded', () => {
    const open = cloudOf({
      securityGroups: { web: { vpc: 'shop', ingress: [{ protocol: 'all', from: '0.0.0.0/0' }] } },
    });
    const audited = findAll(open)
      .filter(({ kind }) => kind === 'all-from-anywhere')
      .map((finding) => ({ ...report.audited[1], finding }) as AuditReport['audited'][number]);
    const [result] = sarifDocument({ ...report, cloud: open, audited }, '/work').runs[0]?.results ?? [];
    expect(result?.partialFingerprints).toEqual({ 'sglab/v1': 'SGA001 shop/web: -1 from 0.0.0.0/0' });
    expect(result?.locations[0]?.logicalLocations[0]?.fullyQualifiedName).toBe('shop/web: all traffic from 0.0.0.0/0');
  });

  it('notes what a packet refuted, and names files elsewhere by their URI', () => {
    const audited = report.audited.map((each) => ({
      ...each,
      proof: { status: 'refuted' as const, reason: 'no route', probe: probe(), sent: 1 },
      place: { file: '/elsewhere/x.yaml', line: 1 },
    }));
    const [refuted] = sarifDocument({ ...report, audited }, '/work').runs[0]?.results ?? [];
    expect(refuted?.level).toBe('note');
    expect(refuted?.locations[0]).toMatchObject({
      physicalLocation: { artifactLocation: { uri: 'file:///elsewhere/x.yaml' } },
    });
  });
});

it('ids are unique, and severities known', () => {
  const types = Object.values(CATALOGUE);
  expect(new Set(types.map(({ id }) => id)).size).toBe(types.length);
  for (const { id, severity } of types) {
    expect(id).toMatch(/^SGA\d{3}$/);
    expect(SEVERITIES).toContain(severity);
  }
});
