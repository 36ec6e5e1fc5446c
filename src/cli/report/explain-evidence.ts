/** The lines below a stage: the rules that it evaluated, and the kernel's evidence. */

import type { PacketReport } from '../../observe/packet-report.js';
import type { RuleView, StageView } from '../../verify/explain/types.js';
import { describeFrame } from './packet.js';
import type { Style } from './style.js';
import { table } from './table.js';

/** Many rules may fail to match; the nearest few are enough to see why. */
const NEAREST = 5;

/** @returns lines without indentation */
export function stageEvidence(view: StageView, style: Style): string[] {
  return [
    ...ruleLines(view.rules, style),
    ...view.seen.map((report) => seenLine(report, style)),
    ...connectionLines(view, style),
  ];
}

function ruleLines(rules: readonly RuleView[], style: Style): string[] {
  if (rules.length === 0) return [];
  const missing = rules.filter(({ matches }) => !matches);
  const nearest = missing.slice(0, NEAREST);
  const shown = rules.filter((rule) => rule.matches || nearest.includes(rule));
  const rows = shown.map((rule) => [
    rule.matches ? { text: '✓', paint: style.green } : { text: '✗', paint: style.dim },
    { text: rule.of, paint: style.dim },
    rule.rule,
    rule.matches ? matchText(rule) : { text: rule.mismatches.join('; '), paint: style.yellow },
  ]);
  const hidden = missing.length - NEAREST;
  const lines = table(rows, [{}, {}, {}, {}], { style }).split('\n');
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

function seenLine({ place, verdict, frame }: PacketReport, style: Style): string {
  const { source, destination, protocol, flags } = describeFrame(Buffer.from(frame, 'base64'));
  const what = [protocol, flags].filter((each) => each !== '').join(' ');
  return style.dim(`kernel: ${place} ${verdict === 'pass' ? 'passed' : 'dropped'} ${source} > ${destination} ${what}`);
}

function connectionLines({ connection }: StageView, style: Style): string[] {
  if (connection === null) return [];
  const { protocol, state, unreplied, secondsLeft, tracked, why, original } = connection;
  const end = (address: string, port: number | null) => (port === null ? address : `${address}:${port}`);
  const ends = `${end(original.source, original.sourcePort)} > ${end(original.destination, original.destinationPort)}`;
  const words = [protocol, state ?? (unreplied ? 'unanswered' : 'answered'), ends, `${secondsLeft} s left`];
  return [style.dim(`conntrack: ${words.join(' ')}, ${tracked ? 'tracked' : 'untracked'}: ${why}`)];
}
