import { describe, expect, it } from 'vitest';
import { complete } from '../../../../src/cli/completion/complete.js';
import { type Vocabulary, vocabularyOf } from '../../../../src/cli/completion/vocabulary.js';
import { buildProgram } from '../../../../src/cli/program.js';
import { loadScenario } from '../../../../src/import/load.js';

const WORDS: Vocabulary = {
  labs: ['shop', 'shop-2'],
  machines: ['db-1', 'office', 'web-1'],
  interfaces: ['db-1.eth0', 'db-1.eth1'],
  groups: ['db', 'web'],
  traffic: ['icmp', 'tcp/22', 'tcp/443'],
};

/** @param line the last word is the one that is being typed */
function words(line: string): readonly string[] {
  const typed = line.split(' ');
  return complete(buildProgram(), typed.slice(0, -1), typed.at(-1) ?? '', WORDS).words;
}

describe('what can come next', () => {
  it.each([
    ['pro', ['probe']],
    ['help pro', ['probe']],
    ['probe ', ['db-1', 'office', 'web-1', 'db-1.eth0', 'db-1.eth1']],
    ['probe office we', ['web-1']],
    ['probe office web-1 ', ['icmp', 'tcp/22', 'tcp/443']],
    ['probe office web-1 tcp/22 ', []],
    ['probe --lab ', ['shop', 'shop-2']],
    ['probe --lab shop off', ['office']],
    ['probe --lab=shop off', ['office']],
    ['probe --json off', ['office']],
    ['probe --family ', ['ipv4', 'ipv6']],
    ['matrix --port tcp/22 tcp/4', ['tcp/443']],
    ['matrix off', ['office']],
    ['matrix office web-1 d', ['db-1']],
    ['authorize ', ['db', 'web']],
    ['authorize db t', ['tcp/22', 'tcp/443']],
    ['authorize db tcp/3306 ', ['from', 'to']],
    ['authorize db tcp/3306 from w', ['web']],
    ['modify db ', []],
    ['modify db sgr-1 tcp/3306 from w', ['web']],
    ['attach web-1 ', ['db', 'web']],
    ['exec -- we', ['web-1']],
    ['exec web-1 -- --', []],
    ['down s', ['shop', 'shop-2']],
    ['advance 5d s', ['shop', 'shop-2']],
    ['audit --fail-on h', ['high']],
    ['nonsense ', []],
    ['flowlogs off', ['office']],
    ['import --name ', []],
    ['learn st', ['start']],
    ['learn --json st', ['start']],
    ['help learn st', ['start']],
    ['learn nonsense ', []],
  ])('after %j', (line, expected) => {
    expect(words(line)).toEqual(expected);
  });

  it('after a dash is an option of that command', () => {
    expect(words('probe --')).toEqual(['--lab', '--family', '--json', '--timeout', '--help']);
    expect(words('--v')).toEqual(['--version']);
    expect(words('learn start --')).toEqual(['--course', '--json', '--timeout', '--help']);
  });

  it('is a file where the command takes one', () => {
    const files = (...typed: string[]) => complete(buildProgram(), typed, '', WORDS).files;
    expect(files('run')).toBe(true);
    expect(files('run', 'a.yaml')).toBe(true);
    expect(files('capture', 'web-1', '-w')).toBe(true);
    expect(files('export')).toBe(true);
    expect(files('probe')).toBe(false);
  });

  it('is no command that is hidden', () => {
    expect(words('')).not.toContain('controller');
    expect(words('')).toEqual(expect.arrayContaining(['run', 'shell', 'help']));
  });
});

it('a lab gives the names of its things, and what its machines listen on', async () => {
  const { cloud } = await loadScenario('scenarios/securecart-web.yaml');
  expect(vocabularyOf(cloud, ['shop'])).toEqual({
    labs: ['shop'],
    machines: ['db-1', 'office', 'stranger', 'web-1'],
    interfaces: [],
    groups: ['db', 'default', 'web'],
    traffic: ['icmp', 'tcp/22', 'tcp/443', 'tcp/3306'],
  });
});
