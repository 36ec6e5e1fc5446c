/** Signals for a command that runs in this process's group, and that this process waits for. */
import fs from 'node:fs';
import os from 'node:os';
import { spawn } from './process.js';

type PassedOn = 'SIGINT' | 'SIGQUIT';

/** How long the kernel may take to tell a whole group. */
const GROUP_MS = 20;

/**
 * Passes signals on that were sent to this process alone. What went to its whole group, as a Ctrl-C on the terminal does,
 * the command has got already. A witness in the group tells the two apart: it keeps these signals pending.
 * @returns ends the passing on
 */
export function passOn(signals: readonly PassedOn[], send: (signal: PassedOn) => void): () => void {
  let witness = startWitness(signals);
  let stopped = false;
  const onSignal = (signal: PassedOn) => {
    setTimeout(() => {
      if (stopped) return; // the signal ended the command: a new witness would keep this process alive
      if (!isPending(witness.pid, signal)) return send(signal);
      witness.stop();
      witness = startWitness(signals);
    }, GROUP_MS);
  };
  for (const signal of signals) process.on(signal, onSignal);
  return () => {
    stopped = true;
    for (const signal of signals) process.off(signal, onSignal);
    witness.stop();
  };
}

/** It ends with its standard input, so also when this process is killed. */
function startWitness(signals: readonly PassedOn[]): { pid: number; stop: () => void } {
  const blocked = `--block-signal=${signals.map((signal) => signal.slice('SIG'.length)).join(',')}`;
  const { subprocess } = spawn('env', [blocked, 'cat'], { stdio: ['pipe', 'ignore', 'ignore'], reject: false });
  return { pid: subprocess.pid ?? 0, stop: () => subprocess.kill('SIGKILL') };
}

function isPending(pid: number, signal: PassedOn): boolean {
  try {
    const pending = /^ShdPnd:\s*([0-9a-f]+)$/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? '0';
    return (BigInt(`0x${pending}`) >> BigInt(os.constants.signals[signal] - 1)) % 2n === 1n;
  } catch {
    return true; // it was ended by the signal before it could block it
  }
}
