import type { RunReport, StepResult } from '../../verdict/types.js';

/**
 * JUnit XML as CI systems read it: a suite per scenario, a case per step. A step whose outcome is unknown is an
 * `error`, a wrong outcome a `failure`, one that was not run `skipped`.
 */
export function junit(reports: readonly RunReport[]): string {
  const total = (count: (report: RunReport) => number) => reports.reduce((sum, report) => sum + count(report), 0);
  const attributes = {
    name: 'sglab',
    tests: total((report) => report.steps.length),
    failures: total((report) => report.failed),
    errors: total((report) => report.unknown),
    skipped: total((report) => report.notRun),
    time: seconds(total((report) => report.ms)),
  };
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('testsuites', attributes, reports.map(suite))}\n`;
}

function suite(report: RunReport): string {
  const attributes = {
    name: report.scenario,
    tests: report.steps.length,
    failures: report.failed,
    errors: report.unknown,
    skipped: report.notRun,
    time: seconds(report.ms),
  };
  return element(
    'testsuite',
    attributes,
    report.steps.map((step) => testCase(report.scenario, step)),
  );
}

function testCase(scenario: string, step: StepResult): string {
  const place = step.file === null ? {} : { file: step.file, line: step.line };
  const attributes = { classname: scenario, name: step.name, time: seconds(step.ms), ...place };
  if (step.status === 'passed') return element('testcase', attributes, []);
  if (step.status === 'not-run') return element('testcase', attributes, ['<skipped message="not run"/>']);
  const message = step.expected === null ? step.outcome : `expected ${step.expected}, got ${step.outcome}`;
  const name = step.status === 'failed' ? 'failure' : 'error';
  const problem = `<${name}${formatAttributes({ message, type: step.kind })}>${escapeXml(detailsOf(step))}</${name}>`;
  return element('testcase', attributes, [problem]);
}

function detailsOf(step: StepResult): string {
  const place = step.stage === null ? [] : [`stopped at ${step.stage} (${step.leg ?? 'request'})`];
  const rule = step.rule === null ? [] : [`rule ${step.rule}`];
  return [step.explanation, ...place, ...rule].filter((line) => line !== '').join('\n');
}

type Attributes = Readonly<Record<string, string | number>>;

function element(name: string, attributes: Attributes, children: readonly string[]): string {
  const start = `<${name}${formatAttributes(attributes)}`;
  if (children.length === 0) return `${start}/>`;
  // Indentation goes between elements only: it would change a text.
  const inner = children.map((child) => child.replace(/^(?= *<)/gm, '  ')).join('\n');
  return `${start}>\n${inner}\n</${name}>`;
}

function formatAttributes(attributes: Attributes): string {
  return Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${escapeXml(String(value)).replaceAll('\n', '&#10;')}"`)
    .join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** XML 1.0 has no way to write most control characters, lone surrogates and two non-characters: they become U+FFFD. */
export function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(6);
}
