/**
 * Every command line of sglab in README and docs is one that sglab understands: its command, its options, its arguments. And
 * for every page with blocks of commands it is known which test types them, or why none does.
 */
import { readdirSync, readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { splitWords } from '../../../src/changes/split-words.js';
import { buildProgram } from '../../../src/cli/program.js';

const PAGES = readdirSync('docs').filter((name) => name.endsWith('.md'));
const DOCUMENTS = ['README.md', ...PAGES.map((name) => `docs/${name}`)];

/** A test that names the page, or why its blocks are not typed by one. */
const TYPED_BY: Readonly<Record<string, string>> = {
  'README.md': 'test/kernel/documents.test.ts',
  'docs/audit.md': 'test/kernel/documents.test.ts',
  'docs/capture.md': 'test/kernel/documents.test.ts',
  // Some of its statements: test/conformance types all of them, one by one.
  'docs/conformance.md': 'test/kernel/documents.test.ts',
  'docs/ec2-api.md': 'test/kernel/documents.test.ts',
  'docs/explain.md': 'test/kernel/explain.test.ts',
  'docs/flow-logs.md': 'test/kernel/documents.test.ts',
  'docs/foreign-models.md': 'test/kernel/verify-foreign.test.ts',
  'docs/getting-started.md': 'test/kernel/documents.test.ts',
  'docs/history.md': 'test/kernel/documents.test.ts',
  'docs/import-export.md': 'test/kernel/import-export.test.ts',
  'docs/lessons.md': 'test/kernel/lessons.test.ts',
  'docs/verify.md': 'test/kernel/documents.test.ts',
};
const NOT_TYPED: Readonly<Record<string, string>> = {
  'docs/vagrant.md': 'needs a VM (scripts/test-vagrant types its first line in one)',
};

describe.each(DOCUMENTS)('%s', (document) => {
  const text = readFileSync(document, 'utf8');

  it('shows commands that sglab understands', () => {
    const typed = commandsIn(blockLines(text)).map((line) => ({ line, problem: problemOf(line) }));
    const mentioned = commandsIn(spans(text)).map((line) => ({ line, problem: problemOf(line) }));
    expect(typed.filter(({ problem }) => problem !== null)).toEqual([]);
    // In a sentence a command's name may stand alone.
    expect(mentioned.filter(({ problem }) => problem !== null && !/missing required/.test(problem))).toEqual([]);
  });

  it('has its blocks of commands typed by a test, or a reason', () => {
    const hasBlocks = commandsIn(blockLines(text)).length > 0;
    const test = TYPED_BY[document];
    expect(hasBlocks ? (test ?? NOT_TYPED[document]) : 'no commands').toBeDefined();
    if (test !== undefined) expect(readFileSync(test, 'utf8')).toContain(document);
  });
});

it('a line that sglab does not understand is found', () => {
  expect(problemOf('prob office web-1 tcp/22')).toMatch(/unknown command/);
  expect(problemOf('probe office web-1 tcp/22 --fammily ipv4')).toMatch(/unknown option/);
  expect(problemOf('probe office')).toMatch(/missing required argument/);
});

/** Lines of fenced and indented blocks. */
function blockLines(text: string): string[] {
  let isFenced = false;
  return text.split('\n').filter((line) => {
    if (line.startsWith('```')) isFenced = !isFenced;
    return isFenced || line.startsWith('    ');
  });
}

function spans(text: string): string[] {
  return [...text.matchAll(/`((?:sudo )?sglab [^`\n]+)`/g)].map(([, span = '']) => span.replaceAll('\\|', '|'));
}

function commandsIn(lines: readonly string[]): string[] {
  return lines.flatMap((line) => commandIn(line) ?? []);
}

/** What stands after `sglab`, up to what the shell does with it; null for a line that calls something else. */
function commandIn(line: string): string | null {
  const call = /^\s*(?:\$ )?(?:eval "\$\(|vagrant ssh -c ')?(?:sudo )?(?:scripts\/)?sglab ([^│┌]*)$/.exec(line)?.[1];
  return call?.replace(/ \| .*|\)".*/, '').replace(/(?<=^[^']*)'$/, '') ?? null;
}

/** Without what a synopsis adds: `[--json]`, `FILE…`, `ipv4|ipv6`. @returns commander's words, or null when it understands */
function problemOf(line: string): string | null {
  const plain = line.replaceAll(/[[\]…]/g, '').replaceAll(/(\w)\|[\w|]+/g, '$1');
  const isQuoted = /['"]/.test(line);
  try {
    inert(buildProgram()).parse(splitWords(isQuoted ? line : plain), { from: 'user' });
    return null;
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    if (problem === '(outputHelp)') return null;
    // What a synopsis has for a value is none: FILE, R, i/n.
    return /argument '([A-Z]+|i\/n)' is invalid/.test(problem) ? null : problem;
  }
}

/** Understands everything and does nothing. */
function inert(command: Command): Command {
  command.configureOutput({ writeErr: () => {}, writeOut: () => {} });
  for (const each of command.commands) inert(each);
  return command.commands.length > 0 && command.parent === null ? command : command.action(() => {});
}
