/** Each numbered statement of docs/aws-semantics.md, by `sglab conformance` on a host of the test's own. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesByStatement, reasonNotCovered } from '../../src/verify/conformance/files.js';
import { SECTIONS } from '../../src/verify/conformance/statements/index.js';
import { readHostState } from '../kernel/support/host-state.js';
import { TestHost } from '../kernel/support/test-host.js';
import { runStatements } from './run-statements.js';

const FILES = filesByStatement();

let host: TestHost;

beforeAll(async () => {
  host = await TestHost.start();
});

afterAll(async () => {
  try {
    const { namespaces, network, files, processes } = await readHostState(host);
    expect({ namespaces, network, files, processes }).toMatchObject({ namespaces: [], files: [], processes: [] });
  } finally {
    await host.stop();
  }
});

for (const { number, title: section, statements } of SECTIONS) {
  describe.concurrent(`${number} ${section}`, () => {
    for (const { id, title } of statements) {
      const name = `${id} ${title}`;
      if (!FILES.has(id)) {
        it.skip(`${name} (not covered: ${reasonNotCovered(id)})`);
        continue;
      }
      it(name, async () => {
        const { code, document } = await runStatements(host, [id]);
        const [statement] = document.statements;
        expect(statement?.problems).toEqual([]);
        expect(statement).toMatchObject({ id, status: 'holds' });
        expect(statement?.steps).toBeGreaterThan(0);
        expect(code).toBe(0);
      });
    }
  });
}
