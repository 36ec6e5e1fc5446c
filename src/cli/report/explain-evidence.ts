/** The lines below a stage: the rules that it evaluated, and the kernel's evidence. */

import type { PacketReport } from '../../observe/packet-report.js';
import type { RuleView, StageView } from '../../verify/explain/types.js';
import { describeFrame } from './packet.js';
import type { Style } from './style.js';
import { notedTable } from './table.js';
import { wrap } from './width.js';

/** Many rules may fail to match; the nearest few are enough to see why. */
const NEAREST = 5;

/** @param width columns of the terminal @returns lines without indentation */
export function stageEvidence(view: StageView, style: Style, width = Number.POSITIVE_INFINITY): string[] {
  const facts = [...view.seen.map(seenText), ...connectionText(view)];
  return [
    ...ruleLines(view.rules, style, width),
    ...facts.flatMap((text) => wrap(text, width - 2).map((line, at) => style.dim(at === 0 ? line : `  ${line}`))),
  ];
}

function ruleLines(rules: readonly RuleView[], style: Style, width: number): string[] {
  if (rules.length === 0) return [];
  const missing = rules.filter(({ matches }) => !matches);
  const nearest = missing.slice(0, NEAREST);
  const shown = rules.filter((rule) => rule.matches || nearest.includes(rule));
  const rows = shown.map((rule) => ({
    cells: [
      rule.matches ? { text: '✓', paint: style.green } : { text: '✗', paint: style.dim },
      { text: rule.of, paint: style.dim },
      rule.rule,
    ],
    note: rule.matches ? matchText(rule) : { text: rule.mismatches.join('; '), paint: style.yellow },
  }));
  const hidden = missing.length - NEAREST;
  const lines = notedTable(rows, [{}, {}, {}], '', { style, width }).split('\n');
  return hidden > 0 ? [...lines, style.dim(`and ${hidden} more, further from matching`)] : lines;
}

function matchText({ decidedInKernel, packets, description }: RuleView): string {
  const words = [
    ...(description === null ? [] : [`"${description}"`]),
    ...(decidedInKernel ? ['the one the kernel names'] : []),
    ...(packets === null || !decidedInKernel ? [] : [`counter ${packets.before} -> ${packets.after}`]),
  ];
  return words.length === 0 ? 'matches' : words.join(', ');
}

function seenText({ place, verdict, frame }: PacketReport): string {
  const { source, destination, protocol, flags } = describeFrame(Buffer.from(frame, 'base64'));
  const what = [protocol, flags].filter((each) => each !== '').join(' ');
  return `kernel: ${place} ${verdict === 'pass' ? 'passed' : 'dropped'} ${source} > ${destination} ${what}`;
}

function connectionText({ connection }: StageView): string[] {
  if (connection === null) return [];
  const { protocol, state, unreplied, secondsLeft, tracked, why, original } = connection;
  const end = (address: string, port: number | null) => (port === null ? address : `${address}:${port}`);
  const ends = `${end(original.source, original.sourcePort)} > ${end(original.destination, original.destinationPort)}`;
  const words = [protocol, state ?? (unreplied ? 'unanswered' : 'answered'), ends, `${secondsLeft} s left`];
  return [`conntrack: ${words.join(' ')}, ${tracked ? 'tracked' : 'untracked'}: ${why}`];
}
