/**
 * Every file of the instrumented copy imports this module. It records the functions that are entered: in a server those that
 * a request calls, directly or after it waited, until its response is closed; in any other process all from start to end.
 * What the server does meanwhile for others, such as reading the kernel's events, does not count.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import diagnostics from 'node:diagnostics_channel';
import fs from 'node:fs';
import type { ServerResponse } from 'node:http';
import path from 'node:path';
import { RECORDINGS_VARIABLE, type Recording } from './recording.js';

const directory = process.env[RECORDINGS_VARIABLE] ?? '.';
const requests = new AsyncLocalStorage<true>();
let serves = false;
let begun = Date.now();
let entries: string[] = [];
/** Requests that wait for their answers; those that overlap are recorded as one. */
let pending = 0;
let recordings = 0;

export function entered(file: string): void {
  if (!serves || requests.getStore() === true) entries.push(file);
}

function record(of: Recording['of']): void {
  const recording: Recording = { pid: process.pid, of, begun, entries };
  fs.writeFileSync(path.join(directory, `${process.pid}-${++recordings}.json`), JSON.stringify(recording));
}

diagnostics.subscribe('http.server.request.start', (message) => {
  const { response } = message as { readonly response: ServerResponse };
  // Node.js publishes this before it calls the server's listener, in the same turn: what the listener starts inherits it.
  requests.enterWith(true);
  serves = true;
  if (pending++ === 0) {
    begun = Date.now();
    entries = [];
  }
  response.once('close', () => {
    if (--pending === 0) record('request');
  });
});

process.on('exit', () => {
  if (recordings === 0) record('process');
});
