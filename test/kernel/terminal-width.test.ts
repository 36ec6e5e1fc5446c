/** What a person sees at a terminal that does not say how wide it is: 80 columns, broken at words. */
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { displayWidth } from '../../src/cli/report/width.js';
import { MAIN, TestHost } from './support/test-host.js';

let host: TestHost;

beforeAll(async () => {
  host = await TestHost.start();
  const { code, stderr } = await host.sglab(['up', `${process.cwd()}/scenarios/three-tier.yaml`]);
  expect([code, stderr]).toEqual([0, '']);
  await host.sglab(['matrix', '--port', 'tcp/443,8080']);
});

afterAll(async () => {
  try {
    await host.sglab(['down', '--all']);
  } finally {
    await host.stop();
  }
});

/** The screen of a command, whose terminal has no size: util-linux's script gives none to one without a terminal of its own. */
async function screenOf(command: string): Promise<{ readonly raw: string; readonly lines: string[] }> {
  const line = `exec ${process.execPath} ${MAIN} ${command}`;
  const { stdout } = await host.start('script', ['-qec', line, '/dev/null'], { env: { TERM: 'xterm', NO_COLOR: '1' } })
    .result;
  const lines = stdout.split(/\r?\n/).map((each) => stripVTControlCharacters(each).split('\r').at(-1) ?? '');
  return { raw: stdout, lines };
}

describe('at a terminal of 80 columns', () => {
  it.each([
    'matrix --port tcp/22,80,443 tcp/8080',
    'conntrack web-1',
    'flowlogs app-1 --explain',
    'rules web-1',
    'status',
    'probe office-1 bastion tcp/22',
    'explain office-1 bastion tcp/22',
    'explain stranger bastion tcp/22',
    'rules nobody-of-this-name-in-the-whole-lab-at-all-whatever-one-may-look-for',
    'matrix --port tcp/443,https-or-whatever-it-may-be-called-in-this-company',
  ])('%s fits', async (command) => {
    const { lines } = await screenOf(command);
    expect(lines.join('').length).toBeGreaterThan(20);
    expect(lines.filter((line) => displayWidth(line) > 80)).toEqual([]);
  });

  it('a matrix shows alike machines as one', async () => {
    const { lines } = await screenOf('matrix --port tcp/443,8080');
    expect(
      lines.filter((line) => /^\d /.test(line)).map((line) => line.replace(/^(\d+ (?:\S+(?:,| …) )?\S+).*/, '$1')),
    ).toEqual([
      '1 office-1, office-2',
      '2 stranger',
      '3 web-1 … web-12',
      '4 app-1 … app-12',
      '5 db-1 … db-5',
      '6 bastion',
    ]);
  });

  it('flow logs say what their columns are, and why, in whole words', async () => {
    const { lines } = await screenOf('flowlogs app-1 --explain');
    expect(lines[0]).toMatch(/^time +interface +action .* bytes$/);
    expect(lines.some((line) => line.endsWith('"The application for the web'))).toBe(true);
  });

  it('something is on the screen before the answer is there, and goes when it is', async () => {
    const { raw, lines } = await screenOf('audit --no-probe');
    expect(raw).toContain('sglab audit …');
    expect(lines.join('\n')).not.toContain('sglab audit …');
  });
});
