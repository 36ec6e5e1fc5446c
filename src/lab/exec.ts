import fs from 'node:fs';
import type { Cloud } from '../cloud/types.js';
import { SglabError } from '../errors.js';
import { detachedMount } from '../kernel/detached-mount.js';
import { OpenNamespaces } from '../kernel/netns.js';
import { forwardSignals } from '../kernel/process.js';
import { spawnInside, spawnSharing } from './init.js';
import { findMachine } from './programs.js';

export interface AttachedCommand {
  readonly argv: readonly string[];
  /** The process id of the machine's first process. */
  readonly init: number;
  /** A directory of the host that the command may write, under its own name; null: none. */
  readonly share: string | null;
}

/**
 * Runs a command in a machine with this process's terminal.
 * @returns its exit code, 128 + n where signal n ended it
 * @throws SglabError for what cannot be shared
 */
export async function execAttached(cloud: Cloud, word: string, command: AttachedCommand): Promise<number> {
  const { netns } = findMachine(cloud, word, new OpenNamespaces());
  const { argv, init, share } = command;
  const options = { stdio: [handedOver(0), handedOver(1), handedOver(2)], reject: false, buffer: false } as const;
  const { subprocess } =
    share === null
      ? spawnInside({ netns, init }, argv, options)
      : spawnSharing({ netns, init }, argv, options, sharedDirectory(share));
  subprocess.stdin?.end();
  for (const output of [subprocess.stdout, subprocess.stderr]) output?.resume();
  const stopPassing = forwardSignals(['SIGINT', 'SIGQUIT'], (signal) => subprocess.kill(signal));
  const { exitCode, signal } = await subprocess;
  stopPassing();
  return exitCode ?? 128 + (signal === undefined ? 0 : signalNumber(signal));
}

/** The device 1:3. */
const NULL_DEVICE = 0x103;

/** A pipe that is empty, or read by nobody, in place of the host's /dev/null, whose permissions root inside could change. */
function handedOver(fd: number): 'inherit' | 'pipe' {
  return fs.fstatSync(fd).rdev === NULL_DEVICE ? 'pipe' : 'inherit';
}

function sharedDirectory(share: string): { mount: number; place: string } {
  const place = fs.existsSync(share) ? fs.realpathSync(share) : share;
  if (place === '/' || !fs.existsSync(place) || !fs.statSync(place).isDirectory()) {
    throw new SglabError('BadUsage', `${JSON.stringify(share)} is no directory that can be handed in`, {
      hint: '--share takes a directory of this host, other than /',
    });
  }
  return { mount: detachedMount(place), place };
}

function signalNumber(signal: string): number {
  return { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGKILL: 9, SIGTERM: 15 }[signal] ?? 0;
}
