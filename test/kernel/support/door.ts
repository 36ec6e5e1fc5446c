/** One door of a controller, at which anybody may knock, and what must hold afterwards. */
import fs from 'node:fs';
import { type Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { expect } from 'vitest';
import { call } from '../../../src/controller/client.js';
import { controlSocket } from '../../../src/lab/run-directory.js';
import type { RunningLab } from './running-lab.js';
import { until } from './until.js';

export const REQUESTS = Number(process.env.SGLAB_TEST_REQUESTS ?? 300);
export const REQUESTS_MS = 900_000 + REQUESTS * 1000;
const WARM_UP = 300;

export interface Knock {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** @param where `socketPath`, or an agent that leads to the port */
export function knock(where: { socketPath: string } | { agent: Agent }, sent: Knock): Promise<Answer> {
  const { method, path, headers, body } = sent;
  return new Promise((resolve, reject) => {
    const options = { ...where, method, path, headers: { ...headers, 'Content-Length': String(body.length) } };
    const asked = request(options, (response) => {
      const status = response.statusCode ?? 0;
      // A stream of events has no end.
      if (response.headers['content-type'] === 'text/event-stream') {
        resolve({ status, body: '' });
        return void asked.destroy();
      }
      text(response).then((answer) => resolve({ status, body: answer }), reject);
    });
    asked.on('error', reject).end(body);
  });
}

/** What no answer may say: that something happened which nobody foresaw, or where files are. */
const DEFECT =
  /Defect|InternalError|TypeError|RangeError|Cannot read prop|is not a function|not iterable|\.js:\d|\/dist\//;

export function expectAnswer({ status, body }: Answer): void {
  expect(status, body).toBeLessThan(500);
  if (status !== 200) expect(body).not.toMatch(DEFECT);
}

/** The lab as text: the same as long as it has not changed. */
export async function labText(lab: RunningLab): Promise<string> {
  const status = { method: 'POST', path: '/status', headers: {}, body: Buffer.from('{}') };
  return (await knock({ socketPath: controlSocket(lab.name) }, status)).body;
}

/**
 * Sends so many requests, one after the other: whatever is refused has changed nothing, and the controller is afterwards what
 * it was.
 */
export async function besiege<T>(lab: RunningLab, sent: fc.Arbitrary<T>, send: (sent: T) => Promise<Answer>) {
  // A process that it starts has its command line for a moment.
  const { pid } = await call(lab.name, 'status', {});
  let before = await labText(lab);
  const step = async (each: T) => {
    const answer = await send(each);
    expectAnswer(answer);
    const now = await labText(lab);
    if (answer.status !== 200) expect(now).toBe(before);
    before = now;
  };
  const seed = Number(process.env.SGLAB_TEST_SEED ?? Date.now() % 2 ** 31);
  const assert = (numRuns: number, from: number) =>
    fc.assert(fc.asyncProperty(sent, step), { numRuns, seed: from, endOnFailure: true });
  await assert(Math.min(WARM_UP, REQUESTS), seed + 1);
  const first = sizeOf(lab, pid);
  await assert(REQUESTS, seed);
  expect(await call(lab.name, 'status', {})).toMatchObject({ pid });
  expect(await lab.host.json(['repair'])).toMatchObject({ mended: [] });
  const isAsSmall = () => growth(first, sizeOf(lab, pid)) <= SPARE_DESCRIPTORS;
  await until('it has no more descriptors than before', isAsSmall, 120_000);
  const last = sizeOf(lab, pid);
  expect(last.memory).toBeLessThan(first.memory * 2);
  return { first, last };
}

const SPARE_DESCRIPTORS = 8;
/** What requests made that were allowed has some, too: reports, services, `nft`. */
const OF_A_NAMESPACE = 12;

interface Size {
  readonly descriptors: number;
  /** MiB of resident memory. */
  readonly memory: number;
  readonly namespaces: number;
}

function growth(first: Size, last: Size): number {
  return last.descriptors - first.descriptors - OF_A_NAMESPACE * Math.max(0, last.namespaces - first.namespaces);
}

function sizeOf(lab: RunningLab, pid: number): Size {
  const pages = Number(fs.readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
  const descriptors = fs.readdirSync(`/proc/${pid}/fd`).length;
  return { descriptors, memory: Math.round((pages * 4096) / 2 ** 20), namespaces: lab.host.namespaces().length };
}
