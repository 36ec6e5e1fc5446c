import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { githubAnnotations } from '../../../../src/cli/report/github.js';
import { matrixDocument, probeDocument, runDocument, toJson } from '../../../../src/cli/report/json.js';
import { escapeXml, junit } from '../../../../src/cli/report/junit.js';
import { tap } from '../../../../src/cli/report/tap.js';
import { denied, matrix, run, step, unclear, wrong } from './samples.js';

describe('JSON', () => {
  it('of a run has exactly the agreed keys', () => {
    expect(runDocument(run([wrong]))).toEqual({
      scenario: 'shop',
      passed: 0,
      failed: 1,
      unknown: 0,
      notRun: 0,
      steps: [
        {
          name: wrong.name,
          status: 'failed',
          outcome: 'timed-out',
          expected: 'connected',
          stage: 'sg-ingress',
          rule: null,
          explanation: wrong.explanation,
          file: 'shop.yaml',
          line: 20,
          step: 1,
          ms: 0.4,
        },
      ],
    });
  });

  it('of a probe has exactly the agreed keys', () => {
    const document = probeDocument(denied);
    expect(Object.keys(document)).toEqual([
      'from',
      'to',
      'protocol',
      'port',
      'outcome',
      'stage',
      'leg',
      'rule',
      'explanationCode',
      'path',
      'ms',
    ]);
    expect(document).toMatchObject({ stage: 'sg-ingress', leg: 'request', rule: null, ms: 0.412 });
    expect(document.path[1]).toEqual({
      stage: 'sg-ingress',
      leg: 'request',
      verdict: 'drop',
      rule: null,
      interface: 'eni-0a1b2c3d4e5f60718',
    });
  });

  it('of a matrix has a cell per question', () => {
    const document = matrixDocument(matrix(2, ['tcp/22']));
    expect(document.cells).toHaveLength(2);
    expect(document.cells[0]).toMatchObject({ from: 'web-1', to: 'web-2', question: 'tcp/22', outcome: 'connected' });
    expect(JSON.parse(toJson(document))).toEqual(document);
  });
});

const stopped = () => run([step(), wrong, { ...unclear, status: 'not-run', outcome: 'not run' }]);

describe('TAP', () => {
  it('has a test for each result, with its place', () => {
    expect(tap([stopped()])).toBe(`TAP version 14
1..3
ok 1 - shop: office -> web-1 tcp/22
  ---
  file: "shop.yaml"
  line: 20
  ...
not ok 2 - shop: web-1 -> db-1 tcp/3306
  ---
  file: "shop.yaml"
  line: 20
  status: "failed"
  expected: "connected"
  outcome: "timed-out"
  stage: "sg-ingress"
  rule: null
  explanation: "No rule of db admits tcp/3306."
  ...
ok 3 - shop: db-1 -> web-1 udp/53 # SKIP not run
`);
  });
});

describe('annotations of GitHub', () => {
  it('lead to the line of what is not as expected', () => {
    const hostile = { ...wrong, name: 'a, b: c', explanation: '100%\n::error::x', file: 'a:b.yaml' };
    expect(githubAnnotations([run([step(), hostile])])).toBe(
      '::error file=a%3Ab.yaml,line=20,title=a%2C b%3A c::expected connected, got timed-out at sg-ingress: 100%25%0A::error::x\n',
    );
  });
});

describe('JUnit', () => {
  it('skips what was not run', () => {
    expect(junit([stopped()])).toContain('<skipped message="not run"/>');
    expect(junit([stopped()])).toContain('skipped="1"');
  });

  it('has a suite per scenario and a case per step', () => {
    const hostile = step({ name: 'a < b & "c"\u0007' });
    expect(junit([run([hostile, wrong, unclear])])).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="sglab" tests="3" failures="1" errors="1" skipped="0" time="0.214000">
  <testsuite name="shop" tests="3" failures="1" errors="1" skipped="0" time="0.214000">
    <testcase classname="shop" name="a &lt; b &amp; &quot;c&quot;\ufffd" time="0.000400" file="shop.yaml" line="20"/>
    <testcase classname="shop" name="web-1 -&gt; db-1 tcp/3306" time="0.000400" file="shop.yaml" line="20">
      <failure message="expected connected, got timed-out" type="probe">No rule of db admits tcp/3306.
stopped at sg-ingress (request)</failure>
    </testcase>
    <testcase classname="shop" name="db-1 -&gt; web-1 udp/53" time="0.000400" file="shop.yaml" line="20">
      <error message="expected connected, got unknown" type="probe">Neither an answer nor a drop was seen.</error>
    </testcase>
  </testsuite>
</testsuites>
`);
  });

  it('escapes any text into what XML allows', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const allowed = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;
        expect(allowed.test(escapeXml(text))).toBe(true);
        expect(/[<>"']/.test(escapeXml(text))).toBe(false);
      }),
    );
  });
});
