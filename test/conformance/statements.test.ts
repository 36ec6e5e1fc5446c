/** Each numbered statement of docs/aws-semantics.md, by one `sglab conformance` on a host of the test's own. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesByStatement, reasonNotCovered } from '../../src/verify/conformance/files.js';
import { SECTIONS } from '../../src/verify/conformance/statements/index.js';
import { readHostState } from '../kernel/support/host-state.js';
import { TestHost } from '../kernel/support/test-host.js';
import { type ConformanceRun, runStatements } from './run-statements.js';

const FILES = filesByStatement();

let host: TestHost;
let run: ConformanceRun;

beforeAll(async () => {
  host = await TestHost.start();
  run = await runStatements(host, []);
});

afterAll(async () => {
  try {
    const { namespaces, network, files, processes } = await readHostState(host);
    expect({ namespaces, network, files, processes }).toMatchObject({ namespaces: [], files: [], processes: [] });
  } finally {
    await host.stop();
  }
});

describe.each(SECTIONS)('$number $title', ({ statements }) => {
  for (const { id, title } of statements) {
    const name = `${id} ${title}`;
    if (!FILES.has(id)) {
      it.skip(`${name} (not covered: ${reasonNotCovered(id)})`);
      continue;
    }
    it(name, () => {
      const statement = run.document.statements.find((each) => each.id === id);
      expect(statement?.problems).toEqual([]);
      expect(statement).toMatchObject({ id, status: 'holds' });
      expect(statement?.steps).toBeGreaterThan(0);
    });
  }
});

it('the command says so', () => {
  const { holds, fails, unknown } = run.document;
  expect({ holds, fails, unknown, code: run.code }).toEqual({ holds: FILES.size, fails: 0, unknown: 0, code: 0 });
});
