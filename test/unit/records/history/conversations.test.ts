import { describe, expect, it } from 'vitest';
import { Conversations, withReasons } from '../../../../src/records/history/conversations.js';
import type { ChangeEntry, VerdictEntry } from '../../../../src/records/history/types.js';
import type { Stage } from '../../../../src/verdict/types.js';

const NAMES: Readonly<Record<string, string>> = { '10.0.1.4': 'web', '198.18.0.1': 'web', '203.0.113.7': 'stranger' };
const nameOf = (address: string) => NAMES[address] ?? address;
let sourcePort = 1000;

/** One attempt of the stranger: what each place said of it. */
function attempt(
  conversations: Conversations,
  moment: { last: number; changing?: boolean },
  ...reports: readonly [verdict: 'pass' | 'drop', stage: Stage, rule?: string][]
): VerdictEntry[] {
  const ends = { source: '203.0.113.7', sourcePort: ++sourcePort, destination: '198.18.0.1', destinationPort: 22 };
  const told = reports.flatMap(([verdict, stage, rule = null]) => {
    const isAnswer = stage === 'nacl-outbound';
    const packet = isAnswer
      ? { source: '10.0.1.4', sourcePort: 22, destination: ends.source, destinationPort: ends.sourcePort }
      : ends;
    const hop = { verdict, stage, rule, packet: { family: 'ipv4', protocol: 6, icmp: null, ...packet } } as const;
    return conversations.see(hop, nameOf, { changing: false, ...moment });
  });
  return [...told, ...conversations.settle()];
}

const brief = (entries: readonly VerdictEntry[]) =>
  entries.map(({ from, to, traffic, before, after, changes }) =>
    [from, to, traffic, before.stage ?? 'passed', after.stage ?? 'passed', after.leg, ...changes].join(' '),
  );

describe('a verdict that differs', () => {
  it('is told once, with the changes since the flow was seen before', () => {
    const conversations = new Conversations();
    expect(attempt(conversations, { last: 1 }, ['pass', 'sg-ingress'])).toEqual([]);
    expect(attempt(conversations, { last: 1 }, ['pass', 'sg-ingress'])).toEqual([]);
    expect(brief(attempt(conversations, { last: 3 }, ['drop', 'sg-ingress']))).toEqual([
      'stranger web tcp/22 passed sg-ingress request 2 3',
    ]);
    expect(attempt(conversations, { last: 3 }, ['drop', 'sg-ingress'])).toEqual([]);
    expect(brief(attempt(conversations, { last: 4 }, ['pass', 'sg-ingress']))).toEqual([
      'stranger web tcp/22 sg-ingress passed  4',
    ]);
  });

  it('is the drop, whatever let the packet or its request pass before', () => {
    const conversations = new Conversations();
    attempt(conversations, { last: 1 }, ['pass', 'sg-ingress']);
    expect(brief(attempt(conversations, { last: 2 }, ['pass', 'sg-ingress'], ['drop', 'nacl-outbound']))).toEqual([
      'stranger web tcp/22 passed nacl-outbound reply 2',
    ]);
  });

  it('while a change is under way is due to that change', () => {
    const conversations = new Conversations();
    attempt(conversations, { last: 1 }, ['pass', 'sg-ingress']);
    expect(brief(attempt(conversations, { last: 1, changing: true }, ['drop', 'sg-ingress']))).toEqual([
      'stranger web tcp/22 passed sg-ingress request 2',
    ]);
    expect(attempt(conversations, { last: 2 }, ['drop', 'sg-ingress'])).toEqual([]);
  });

  it('without a change is nobody’s doing', () => {
    const conversations = new Conversations();
    attempt(conversations, { last: 1 }, ['pass', 'sg-ingress']);
    expect(attempt(conversations, { last: 1 }, ['drop', 'sg-ingress'])).toEqual([]);
  });
});

describe('of several changes', () => {
  const change = (number: number, id: string, rule: string): ChangeEntry => {
    const changes = [{ kind: 'securityGroups', id, before: {}, after: { rules: [{ id: rule }] }, words: [] }];
    return { type: 'change', number, time: '', caller: 'sglab', action: '', requestId: '', changes };
  };
  const verdicts = (rule: string) => {
    const conversations = new Conversations();
    attempt(conversations, { last: 1 }, ['drop', 'sg-ingress']);
    const [entry] = attempt(conversations, { last: 3 }, ['pass', 'sg-ingress', rule]);
    if (entry === undefined) throw new Error('no verdict differs');
    return withReasons(entry, [change(2, 'sg-1', 'sgr-2'), change(3, 'sg-1', 'sgr-3')]).changes;
  };

  it('those are the reason that changed the rule which decided', () => expect(verdicts('sgr-3')).toEqual([3]));
  it('all may be the reason where none did', () => expect(verdicts('sgr-9')).toEqual([2, 3]));
});
