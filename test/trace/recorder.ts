/**
 * Every file of the instrumented copy imports this module. It records the functions that are entered: in a server from the
 * arrival of a request until its response is closed, in any other process from its start to its end.
 */
import diagnostics from 'node:diagnostics_channel';
import fs from 'node:fs';
import type { ServerResponse } from 'node:http';
import path from 'node:path';
import { RECORDINGS_VARIABLE, type Recording } from './recording.js';

const directory = process.env[RECORDINGS_VARIABLE] ?? '.';
let begun = Date.now();
let entries: string[] = [];
/** Requests that wait for their answers; those that overlap are recorded as one. */
let pending = 0;
let recordings = 0;

export function entered(file: string): void {
  entries.push(file);
}

function record(of: Recording['of']): void {
  const recording: Recording = { pid: process.pid, of, begun, entries };
  fs.writeFileSync(path.join(directory, `${process.pid}-${++recordings}.json`), JSON.stringify(recording));
}

diagnostics.subscribe('http.server.request.start', (message) => {
  const { response } = message as { readonly response: ServerResponse };
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
