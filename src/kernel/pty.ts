/** Programs with a terminal of their own, by the npm package `@lydell/node-pty`: a native one, which not every host can load. */
import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { IPty } from '@lydell/node-pty';
import { EXIT, SglabError } from '../errors.js';
import { isAlive, keepOpenFiles, sessionOf } from './process.js';

export type Pty = IPty;

/** Starts a program as the first one of a session, whose terminal it has. */
export type StartOnPty = (file: string, args: readonly string[]) => Pty;

/** @throws SglabError where the package is not installed, or has nothing for this host */
export async function loadPty(): Promise<StartOnPty> {
  const { spawn } = await import('@lydell/node-pty').catch(() => {
    throw new SglabError('NoTerminals', 'the npm package @lydell/node-pty cannot be loaded on this host', {
      exitCode: EXIT.badInput,
    });
  });
  return (file, args) => {
    keepOpenFiles();
    return spawn(file, [...args], { name: 'xterm-256color', env: process.env });
  };
}

const GRACE_MS = 1000;
const POLL_MS = 20;

/**
 * Ends everything in a session: with SIGHUP, as when a terminal is gone, and then with SIGKILL. What has begun a session of its
 * own, as servers do, goes on.
 */
export async function endSession(leader: number): Promise<void> {
  const left = () => processesOf(leader);
  signal(left(), 'SIGHUP');
  for (let waited = 0; waited < GRACE_MS && left().length > 0; waited += POLL_MS) await sleep(POLL_MS);
  signal(left(), 'SIGKILL');
}

function processesOf(session: number): number[] {
  const pids = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => sessionOf(pid) === session && isAlive(pid));
}

function signal(pids: readonly number[], name: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, name);
    } catch {
      // it ended meanwhile
    }
  }
}
