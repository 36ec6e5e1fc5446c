import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { splitWords } from '../../../../src/changes/split-words.js';
import type { Vocabulary } from '../../../../src/cli/completion/vocabulary.js';
import { buildProgram } from '../../../../src/cli/program.js';
import { interpretLine } from '../../../../src/cli/shell/interpret-line.js';
import { appendHistory, completeLine, KEPT_LINES, readHistory } from '../../../../src/cli/shell/shell.js';

describe('the words of a line', () => {
  it.each([
    ['', []],
    ['  probe  a\tb ', ['probe', 'a', 'b']],
    ['authorize web tcp/22 "SSH; from the office"', ['authorize', 'web', 'tcp/22', 'SSH; from the office']],
    [`web-1 sh -c 'echo "$HOME" | wc'`, ['web-1', 'sh', '-c', 'echo "$HOME" | wc']],
    ['web-1 echo a\\ b "c \\" d" ""', ['web-1', 'echo', 'a b', 'c " d', '']],
    ['web-1 ls *.txt $HOME', ['web-1', 'ls', '*.txt', '$HOME']],
    ["status # don't", ['status']],
    ['# nothing', []],
  ])('%j', (line, expected) => {
    expect(splitWords(line)).toEqual(expected);
  });

  it.each([
    ["web-1 echo 'a", "a ' is not closed"],
    ['web-1 echo "it\'s', 'a " is not closed'],
    ['web-1 curl x | head', 'this shell has no |'],
    ['status && down', 'this shell has no &&'],
    ['matrix > file', 'this shell has no >'],
  ])('%j is refused', (line, message) => {
    expect(() => splitWords(line)).toThrow(message);
  });
});

describe('the meaning of a line', () => {
  const known = {
    commands: ['matrix', 'probe', 'shell', 'help'],
    machines: async () => ['web-1', 'probe'],
    matrixFile: '/m',
    insideShell: 'bash',
    share: null,
  };
  const mean = (line: string) => interpretLine(splitWords(line), known);

  it.each([
    ['', { type: 'nothing' }],
    ['exit', { type: 'leave' }],
    ['help', { type: 'help' }],
    ['help probe', { type: 'command', args: ['help', 'probe'] }],
    ['probe a b icmp', { type: 'command', args: ['probe', 'a', 'b', 'icmp'] }],
    ['sudo scripts/sglab probe a', { type: 'command', args: ['probe', 'a'] }],
    ['matrix --json', { type: 'command', args: ['matrix', '--since', '/m', '--json'] }],
    ['web-1 curl -s x', { type: 'command', args: ['exec', 'web-1', '--', 'curl', '-s', 'x'] }],
    ['web-1', { type: 'command', args: ['exec', 'web-1', '--', 'bash'] }],
    ['--version', { type: 'command', args: ['--version'] }],
  ])('%j', async (line, expected) => {
    expect(await mean(line)).toEqual(expected);
  });

  it('is an error that knows the nearest command and machine', async () => {
    await expect(mean('prob a')).rejects.toMatchObject({ hint: 'did you mean "probe"?' });
    await expect(mean('web-2 ls')).rejects.toMatchObject({ hint: 'did you mean "web-1"?' });
    await expect(mean('shell')).rejects.toMatchObject({ message: 'this is the shell already' });
  });
});

describe('the tab key', () => {
  const vocabulary: Vocabulary = {
    labs: ['shop'],
    machines: ['office', 'web-1', 'web-2'],
    interfaces: [],
    groups: ['my group; rm -rf', 'web'],
    traffic: ['tcp/443'],
  };
  const offer = (line: string) => completeLine(buildProgram(), line, vocabulary);

  it('ends a word that can only be one, and offers all that it can be', () => {
    expect(offer('pro')).toEqual([['probe '], 'pro']);
    expect(offer('we')).toEqual([['web-1', 'web-2'], 'we']);
    expect(offer('probe office ')[0]).toEqual(['office', 'web-1', 'web-2']);
    expect(offer('sudo sglab probe of')).toEqual([['office '], 'of']);
  });

  it('offers the other machines to a program inside one', () => {
    expect(offer('web-1 ping off')).toEqual([['office '], 'off']);
  });

  it('quotes what has to be', () => {
    expect(offer('authorize my')).toEqual([["'my group; rm -rf' "], 'my']);
  });

  it('offers nothing inside of quotes', () => {
    expect(offer('authorize "my gr')).toEqual([[], 'gr']);
  });
});

describe('history', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sglab-history-'));

  it('is kept for its owner alone, the latest line first, and not without end', () => {
    const file = path.join(folder, 'state/history');
    expect(readHistory(file)).toEqual([]);
    for (let at = 0; at < KEPT_LINES + 5; at++) appendHistory(file, `line ${at}`);
    expect(fs.statSync(file).mode & 0o777).toBe(0o600);
    expect(readHistory(file)).toHaveLength(KEPT_LINES);
    expect(readHistory(file)[0]).toBe(`line ${KEPT_LINES + 4}`);
    expect(fs.readFileSync(file, 'utf8').split('\n')[0]).toBe('line 5');
    fs.rmSync(folder, { recursive: true });
  });

  it('that cannot be written stops nobody', () => {
    expect(appendHistory('/dev/null/history', 'x')).toBe(false);
  });
});
