/** `sglab shell`, by somebody at a terminal and by a script. */
import fs from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RunningLab } from './support/running-lab.js';
import { SMALL } from './support/small-lab.js';
import { CTRL_C, CTRL_D, TAB, Terminal, UP } from './support/terminal.js';
import { MAIN } from './support/test-host.js';
import { until } from './support/until.js';

const SHELL = `'${process.execPath}' '${MAIN}' shell`;
const PROMPT = /small> $/;

let lab: RunningLab;
beforeAll(async () => {
  lab = await RunningLab.up(SMALL);
});
afterAll(() => lab?.stop());

describe('at a terminal', () => {
  let terminal: Terminal;
  beforeEach(async () => {
    terminal = new Terminal(lab.host, SHELL, { XDG_STATE_HOME: `${lab.host.directory}/state` });
    await terminal.shows(PROMPT);
  });

  async function leave(): Promise<void> {
    terminal.type(CTRL_D);
    expect((await terminal.ended()).code).toBe(0);
  }

  it('probes, changes rules and marks what that changed, without the name of the lab', async () => {
    terminal.type('matrix --port tcp/80\n');
    expect(await terminal.shows(PROMPT)).not.toContain('changed');
    terminal.type('revoke web "tcp/80 from 198.51.100.10/32"\n');
    await terminal.shows(PROMPT);
    terminal.type('matrix --port tcp/80\n');
    await terminal.shows(/office -> web tcp\/80 +● connected +-> +· timed-out/);
    await terminal.shows(PROMPT);
    // As a report tells to paste it, two lines at once.
    terminal.type('sudo sglab authorize web tcp/80 from 198.51.100.10/32\nprobe office web tcp/80\n');
    await terminal.shows(/in force.*office -> web tcp\/80 +connected/s);
    await terminal.shows(PROMPT);
    await leave();
  });

  it('runs programs inside machines, with the terminal and the quotes of sh', async () => {
    terminal.type('web sh -c \'test -t 0 && echo "on a  $(hostname)"\'\n');
    await terminal.shows(/\non a {2}web\n/);
    await terminal.shows(PROMPT);
    terminal.type('app cat\n');
    await terminal.shows(/app cat\n/);
    terminal.type('said inside\n');
    await terminal.shows(/said inside\nsaid inside\n/);
    terminal.type(CTRL_D);
    await terminal.shows(PROMPT);
    await leave();
  });

  it('goes on after Ctrl-C, at the prompt and while a command runs', async () => {
    terminal.type('half a li');
    await terminal.shows(/half a li/);
    terminal.type(CTRL_C);
    await terminal.shows(/\^C\nsmall> /);
    terminal.type('app sleep 1000\n');
    await terminal.shows(/sleep 1000\n/);
    await until('it sleeps', () => lab.host.processes(/^sleep\0/).length > 0);
    terminal.type(CTRL_C);
    await terminal.shows(PROMPT);
    terminal.type('capture web\n');
    await terminal.shows(/Ctrl-C ends it/);
    terminal.type(CTRL_C);
    await terminal.shows(PROMPT);
    expect(lab.host.processes(/^sleep\0/)).toEqual([]);
    await leave();
  });

  it('goes on after mistakes, which read as everywhere', async () => {
    terminal.type('prob office web\n');
    await terminal.shows(
      /error: "prob" is neither a command nor a machine of this lab\nhint: {2}did you mean "probe"\?/,
    );
    terminal.type('probe office nowhere tcp/80\n');
    await terminal.shows(/error: .*nowhere.*small> $/s);
    terminal.type('app echo "open\n');
    await terminal.shows(/error: a " is not closed.*small> $/s);
    await leave();
  });

  it('completes commands, machines and ports, and remembers what was typed', async () => {
    // Key by key: what is pasted is not completed.
    for (const [keys, completed] of [
      ['pro', 'be '],
      ['off', 'ice '],
      ['we', 'b '],
      ['tcp/8', '0 '],
    ] as const) {
      for (const key of keys) {
        terminal.type(key);
        await terminal.shows(new RegExp(`${key}$`));
      }
      terminal.type(TAB);
      await terminal.shows(new RegExp(`${completed}$`));
    }
    terminal.type('\n');
    await terminal.shows(/office -> web tcp\/80 {3}connected.*small> $/s);
    await leave();
    expect(fs.readFileSync(`${lab.host.directory}/state/sglab/shell-history`, 'utf8')).toMatch(
      /^probe office web tcp\/80 $/m,
    );
    terminal = new Terminal(lab.host, SHELL, { XDG_STATE_HOME: `${lab.host.directory}/state` });
    await terminal.shows(PROMPT);
    terminal.type(UP);
    await terminal.shows(/probe office web tcp\/80 $/);
    terminal.type('\n');
    await terminal.shows(/office -> web tcp\/80 {3}connected.*small> $/s);
    await leave();
  });
});

describe('in a script', () => {
  const run = (input: string) => lab.host.sglab(['shell', 'small'], { input });

  it('runs every line, shows no prompt, and ends with the code of the first line that failed', async () => {
    const { code, stdout, stderr } = await run('app sh -c "exit 7"\n# a remark\nnonsense\nprobe app web tcp/22 --json');
    expect(code).toBe(7);
    expect(JSON.parse(stdout)).toMatchObject({ from: 'app', to: 'web', port: 22 });
    expect(stderr).toMatch(/^error: "nonsense"/);
  });

  it('is content where all goes well, and ends with exit', async () => {
    expect(await run('status\nexit\nnonsense\n')).toMatchObject({ code: 0, stderr: '' });
  });

  it('knows only labs that are there', async () => {
    expect(await lab.host.sglab(['shell', 'other'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('there is no lab "other"'),
    });
  });
});

it('says that its lab was taken down, and works on when it is up again', async () => {
  const terminal = new Terminal(lab.host, SHELL, { XDG_STATE_HOME: `${lab.host.directory}/state` });
  await terminal.shows(PROMPT);
  await lab.host.sglab(['down', 'small']);
  terminal.type('probe office web tcp/80\n');
  await terminal.shows(/error: there is no lab "small"/);
  await terminal.shows(/the lab small is down: `up FILE` builds it again, `exit` leaves\nsmall \(down\)> $/);
  terminal.type(`up '${lab.file}'\n`);
  await terminal.shows(PROMPT);
  terminal.type('probe office web tcp/80\n');
  await terminal.shows(/office -> web tcp\/80 {3}connected/);
  terminal.type('exit\n');
  expect((await terminal.ended()).code).toBe(0);
});
