import fs from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { makeProbe } from '../../../src/cloud/text/probe.js';
import { ForeignOpinion, type ForeignOptions } from '../../../src/verify/foreign-opinion.js';
import { fuzzCloud } from '../../../src/verify/fuzz/lab.js';

const CLOUD = fuzzCloud('foreign');
const QUESTION = makeProbe({ from: 'a1', to: 'a2', what: 'tcp/80' });
/** Takes the cloud and the question, and goes on reading. */
const reading = (answer: string) => `read cloud; read question; echo '${answer}'; cat >/dev/null`;

let opinion: ForeignOpinion | null = null;
afterEach(async () => {
  await opinion?.close();
  opinion = null;
});

function ask(command: string, options: ForeignOptions = {}) {
  opinion = new ForeignOpinion(command, CLOUD, options);
  return opinion.probe([QUESTION]);
}

it('hears an answer, in which only the outcome must be said', async () => {
  const [short] = await ask(reading('{"id":1,"outcome":"connected"}'));
  expect(short).toEqual({ outcome: 'connected', stage: null, leg: null, rules: [] });
  await opinion?.close();
  const [long] = await ask(
    reading('{"id":1,"outcome":"timed-out","stage":"sg-egress","leg":"request","rules":["sgr-1"]}'),
  );
  expect(long).toEqual({ outcome: 'timed-out', stage: 'sg-egress', leg: 'request', rules: ['sgr-1'] });
});

describe('says what is wrong with', () => {
  it.each([
    ['a program that ends', 'exit 3', /ended with exit code 3 before it had answered/],
    ['a program that is killed', 'kill -9 $$', /ended with SIGKILL/],
    ['a program that is not there', 'no-such-program 2>/dev/null', /ended with exit code 127/],
    ['garbage', reading('hello'), /answered "hello": that is no JSON object/],
    ['an answer without id', reading('{"outcome":"connected"}'), /it has no "id"/],
    ['an id that nobody asked', reading('{"id":7,"outcome":"connected"}'), /no question 7 waits/],
    ['an unknown outcome', reading('{"id":1,"outcome":"yes"}'), /"outcome" is one of connected, /],
    ['an unknown stage', reading('{"id":1,"outcome":"timed-out","stage":"sg"}'), /"stage" is one of sg-egress, /],
    ['an unknown leg', reading('{"id":1,"outcome":"timed-out","leg":"back"}'), /"leg" is one of request, reply/],
  ])('%s', async (_, command, message) => {
    await expect(ask(command)).rejects.toThrow(message);
  });

  it('a program that never answers', async () => {
    await expect(ask('cat >/dev/null', { limitMs: 50 })).rejects.toThrow(/did not answer within 0.05 s/);
  });
});

it('stops waiting when asked to', async () => {
  const stop = new AbortController();
  const answer = ask('cat >/dev/null', { signal: stop.signal });
  stop.abort('SIGINT');
  await expect(answer).rejects.toBe('SIGINT');
});

it('ends a program that does not mind the end of its input, and what it started', async () => {
  const [first] = await ask(
    `read cloud; sleep 1000 & read question; echo '{"id":1,"outcome":"connected","rules":["'$!'"]}'; wait`,
  );
  const child = Number(first?.rules[0]);
  await expect.poll(() => isAlive(child)).toBe(true); // while it becomes sleep(1) it has no command line either
  await opinion?.close();
  await expect.poll(() => isAlive(child)).toBe(false);
});

/** A zombie, which waits for its parent to notice, has no command line any more. */
function isAlive(pid: number): boolean {
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, 'latin1') !== '';
  } catch {
    return false;
  }
}
