import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { isAlive } from '../../../src/kernel/process.js';
import { until } from '../../kernel/support/until.js';

it('a process lives until it ends, also before its parent has looked', async () => {
  expect(isAlive(process.pid)).toBe(true);
  expect(isAlive(2 ** 22 + 1)).toBe(false);
  // A shell that never waits for its child: it prints the child's id and has become `cat` when the child ends.
  const parent = spawn('sh', ['-c', 'sleep 0.3 & echo $!; exec cat'], { stdio: ['pipe', 'pipe', 'ignore'] });
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  try {
    await until('the child is seen as ended', () => !isAlive(Number(line)));
    expect(() => process.kill(Number(line), 0)).not.toThrow(); // it is a zombie
  } finally {
    parent.stdin.end();
  }
});
