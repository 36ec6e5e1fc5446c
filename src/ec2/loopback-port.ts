import type { Server } from 'node:http';
import { EXIT, SglabError } from '../errors.js';

/** Of the EC2 API: the first lab has this port, each further one the next that is free. */
export const DEFAULT_PORT = 4580;
const PORTS = 100;
const LOOPBACK = '127.0.0.1';

export interface PortChoice {
  /** The first of those that are tried. */
  readonly first: number;
  /** The only port that will do; null: any. */
  readonly wanted: number | null;
  /** The port that clients may still know; null: none. */
  readonly before: number | null;
}

export function endpointUrl(port: number): string {
  return `http://${LOOPBACK}:${port}`;
}

/** @returns the port on which the server listens. @throws SglabError when the wanted port, or every port, is taken */
export async function listenOnLoopback(server: Server, { first, wanted, before }: PortChoice): Promise<number> {
  for (const port of wanted === null ? candidates(first, before) : [wanted]) {
    if (await tryToListen(server, port)) return port;
  }
  const ports = wanted === null ? `ports ${first} to ${first + PORTS - 1} are all` : `port ${wanted} is`;
  throw new SglabError('PortInUse', `${ports} in use on ${LOOPBACK}`, {
    hint:
      wanted === null ? 'name a free one with --port N' : 'name another one, or leave out --port: a free one is chosen',
  });
}

function candidates(first: number, before: number | null): number[] {
  const all = Array.from({ length: PORTS }, (_, at) => first + at);
  return before === null ? all : [before, ...all];
}

function tryToListen(server: Server, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const listening = () => {
      server.off('error', failed);
      resolve(true);
    };
    const failed = (error: NodeJS.ErrnoException) => {
      server.off('listening', listening);
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(cannotListen(port, error));
    };
    server.once('listening', listening).once('error', failed).listen(port, LOOPBACK);
  });
}

function cannotListen(port: number, cause: NodeJS.ErrnoException): SglabError {
  return new SglabError('CannotListen', `cannot listen on ${LOOPBACK}:${port}: ${cause.message}`, {
    exitCode: EXIT.hostCannot,
    cause,
    ...(cause.code === 'EADDRNOTAVAIL' ? { hint: 'the loopback interface is down: `ip link set lo up`' } : {}),
  });
}
