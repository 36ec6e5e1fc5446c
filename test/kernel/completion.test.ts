/** The tab key in bash and zsh, with the names of a running lab. */
import fs from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunningLab } from './support/running-lab.js';
import { SMALL } from './support/small-lab.js';
import { CTRL_D, TAB, Terminal } from './support/terminal.js';
import { MAIN } from './support/test-host.js';

const ZSH = '/usr/bin/zsh';
/** Names of groups may hold what a shell would run. */
const WICKED = 'a $(touch /tmp/sglab-was-run) b';

let lab: RunningLab;
let environment: NodeJS.ProcessEnv;
beforeAll(async () => {
  const securityGroups = { ...SMALL.securityGroups, [WICKED]: { vpc: 'v' } };
  lab = await RunningLab.up({ ...SMALL, securityGroups });
  const bin = lab.host.writeTool('sglab', `exec '${process.execPath}' '${MAIN}' "$@"`);
  environment = { PATH: `${bin}:${process.env.PATH}` };
});
afterAll(() => lab?.stop());

describe('bash', () => {
  /** @returns what bash would offer for the last of the words */
  async function offered(...words: string[]): Promise<string[]> {
    const quoted = words.map((word) => `'${word}'`).join(' ');
    const script = `source <(sglab completion bash)
      complete -p sglab >&2
      compopt() { echo "compopt $*"; }
      COMP_WORDS=(${quoted}) COMP_CWORD=${words.length - 1}
      _sglab sglab
      printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { code, stdout, stderr } = await lab.host.start('bash', ['-c', script], { env: environment }).result;
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'complete -F _sglab sglab\n' });
    return stdout.trim().split('\n');
  }

  it.each([
    [['sglab', 'conn'], ['conntrack']],
    [['sglab', 'probe', 'off'], ['office']],
    [
      ['sglab', 'probe', 'office', 'web', 'tcp/'],
      ['tcp/22', 'tcp/80'],
    ],
    [['sglab', 'matrix', '--port', 'tcp/22', 'ic'], ['icmp']],
    [['sglab', 'status', ''], ['small']],
    [['sglab', 'probe', '--lab', '=', 'sm'], ['small']],
    [
      ['sglab', 'completion', ''],
      ['bash', 'zsh'],
    ],
    [['sglab', 'run', ''], ['compopt -o default']],
  ])('after %j offers %j', async (words, expected) => {
    expect(await offered(...words)).toEqual(expected);
  });

  it('quotes names, and runs nothing of them', async () => {
    expect(await offered('sglab', 'authorize', 'a ')).toEqual(['a\\ \\$\\(touch\\ /tmp/sglab-was-run\\)\\ b']);
    expect(fs.existsSync('/tmp/sglab-was-run')).toBe(false);
  });

  it('completes at a terminal', async () => {
    const terminal = new Terminal(lab.host, `env PS1='ready> ' bash --norc`, environment);
    terminal.type('source <(sglab completion bash)\n');
    await terminal.shows(/bash\)\n.*ready> $/s);
    terminal.type(`sglab pro${TAB}off${TAB}`);
    await terminal.shows(/sglab probe office $/);
    terminal.type(`web tcp/8${TAB}\n`);
    await terminal.shows(/office -> web tcp\/80 {3}connected.*ready> $/s);
    terminal.type(CTRL_D);
    await terminal.ended();
  });
});

describe.skipIf(!fs.existsSync(ZSH))('zsh', () => {
  it('completes at a terminal', async () => {
    const terminal = new Terminal(lab.host, `env PS1='ready> ' ${ZSH} -f -i`, environment);
    await terminal.shows(/ready> $/);
    terminal.type('autoload -U compinit && compinit -u -D && source <(sglab completion zsh) && echo loa""ded\n');
    await terminal.shows(/loaded\n.*ready> $/s);
    terminal.type(`sglab pro${TAB}`);
    await terminal.shows(/probe $/);
    terminal.type(`off${TAB}`);
    await terminal.shows(/office $/);
    terminal.type(`web tcp/8${TAB}\n`);
    await terminal.shows(/office -> web tcp\/80 {3}connected/s);
    terminal.type('exit\n');
    await terminal.ended();
  });
});
