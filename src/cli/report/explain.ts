/**
 * The page of `sglab explain`: both opinions, each stage with its reasons and the kernel's evidence, and what to do.
 */

import { commandFor } from '../../changes/command-text.js';
import { answerText } from '../../verdict/phrases.js';
import type { Verdict } from '../../verdict/types.js';
import type {
  Change,
  Explanation,
  PrivateCall,
  Remedy,
  StageView,
  SwallowedError,
} from '../../verify/explain/types.js';
import { assumedLines } from './assumed.js';
import { stageEvidence } from './explain-evidence.js';
import { formatMs, outcomePaint } from './labels.js';
import { type Paint, PLAIN, type Style } from './style.js';
import { displayWidth, padEnd, wrap } from './width.js';

export interface ExplainOptions {
  readonly style?: Style;
  /** Columns of the terminal; unlimited if absent. */
  readonly width?: number;
  /** The lab to name in the commands; null if only one is up. */
  readonly lab?: string | null;
  /** The changes were left out, since a lesson is under way. */
  readonly withheld?: boolean;
}

const WITHHELD =
  'This lab is of a lesson: what to change is for you to find. `sudo sglab learn hint` helps a little, and `--fix` here says it all.';

const READABLE = 110;
const INDENT = 2;
/** The headings of the two columns of marks: what the model expects, and what the kernel reported. */
const HEADS = ['model', 'kernel'] as const;
const MARKS = HEADS.reduce((sum, head) => sum + head.length + 2, INDENT);
const MAX_SHOWN = 10;

export function formatExplanation(explanation: Explanation, options: ExplainOptions = {}): string {
  const { style = PLAIN, lab = null, withheld = false } = options;
  const width = Math.min(options.width ?? READABLE, READABLE);
  const parts = [
    headline(explanation, style, width),
    ...(['request', 'reply'] as const).flatMap((leg) => {
      const stages = explanation.stages.filter((stage) => stage.leg === leg);
      const limit = options.width ?? Number.POSITIVE_INFINITY;
      return stages.length === 0 ? [] : formatLeg(leg, stages, { style, width, limit });
    }),
    ...advice(explanation, { style, width, lab }),
    ...explanation.swallowed.map((error) => swallowedText(error, { style, width, lab })),
    ...(withheld ? [wrap(WITHHELD, width).map(style.dim).join('\n')] : []),
  ];
  return `${parts.join('\n\n')}\n`;
}

function headline(
  { probe, source, destination, assumed, kernel, model, agreement }: Explanation,
  style: Style,
  width: number,
): string {
  const title = `${style.bold(probe)}   ${style.dim(`${source} -> ${destination}`)}   ${style.bold(outcomePaint(kernel.outcome, style)(kernel.outcome))}   ${style.dim(formatMs(kernel.ms))}`;
  const rows = [
    ['kernel', answerText(kernel)],
    ['model', answerText(model)],
  ];
  const verdict = {
    agree: style.green('✓ they agree'),
    differ: style.red(style.bold(`✗ they disagree about the ${agreement.differsIn}`)),
    unknown: style.magenta('? cannot be compared'),
  }[agreement.verdict];
  const lines = [
    title,
    '',
    ...wrap(kernel.explanation, width - 2).map((line) => `  ${line}`),
    '',
    ...rows.map(([who = '', what = '']) => `  ${style.dim(padEnd(who, 6))}  ${what}`),
    `  ${verdict}`,
    ...(agreement.note === null ? [] : wrap(agreement.note, width - 4).map((line) => `    ${line}`)),
    ...assumedLines(assumed, style, width),
  ];
  return lines.join('\n');
}

interface Page {
  readonly style: Style;
  readonly width: number;
}

interface LegPage extends Page {
  /** Columns of the terminal. Evidence, unlike sentences, is broken only where it has to be. */
  readonly limit: number;
}

/** The packet's addresses are printed only at the first stage and where they change. */
function formatLeg(leg: string, stages: readonly StageView[], page: LegPage): string {
  const { style } = page;
  const names = Math.max(...stages.map(({ stage }) => stage.length));
  const places = Math.max(...stages.map(({ where }) => displayWidth(where)));
  const heads = `${' '.repeat(INDENT)}${HEADS.join('  ')}`;
  let packet = '';
  const lines = stages.flatMap((view) => {
    const isNew = view.packet !== '' && view.packet !== packet;
    packet = isNew ? view.packet : packet;
    const addresses = isNew ? [`${' '.repeat(MARKS)}${style.dim(view.packet)}`] : [];
    return [...addresses, ...stageLines(view, page, { names, places })];
  });
  return [style.bold(leg), style.dim(heads), ...lines].join('\n');
}

function stageLines(
  view: StageView,
  { style, width, limit }: LegPage,
  { names, places }: { readonly names: number; readonly places: number },
): string[] {
  const isStop = [view.model, view.kernel].some((verdict) => verdict !== null && verdict !== 'pass');
  const name = isStop ? style.bold(padEnd(view.stage, names)) : padEnd(view.stage, names);
  const [model, kernel] = HEADS.map((head, at) => mark(at === 0 ? view.model : view.kernel, head.length, style));
  const lead = `${' '.repeat(INDENT)}${model}  ${kernel}  ${name}  ${style.dim(padEnd(view.where, places))}  `;
  const column = MARKS + names + places + 4;
  const [first = '', ...rest] = wrap(view.because, Math.max(width - column, 30));
  const indent = MARKS + 2;
  const evidence = stageEvidence(view, style, limit - indent).map((line) => ' '.repeat(indent) + line);
  return [`${lead}${first}`.trimEnd(), ...rest.map((line) => ' '.repeat(column) + line), ...evidence];
}

function mark(verdict: Verdict | null, width: number, style: Style): string {
  if (verdict === null) return padEnd('·', width);
  const look: Readonly<Record<Verdict, [string, Paint]>> = {
    pass: ['✓', style.green],
    drop: ['✗', style.red],
    refuse: ['○', style.yellow],
  };
  const [symbol, paint] = look[verdict];
  return paint(symbol) + ' '.repeat(width - 1);
}

interface AdvicePage extends Page {
  readonly lab: string | null;
}

function advice({ instead, toPass, toStop }: Explanation, page: AdvicePage): string[] {
  const { style } = page;
  const call = instead === null ? [] : [callText(instead, page)];
  if (toPass !== null) return [...call, ...toPassTexts(toPass, page)];
  const [best, ...others] = toStop;
  if (best === undefined) return call;
  const alternatives = others.filter(({ changes }) => changes[0]?.mutation.type !== 'network-acl');
  const isRevoked = best.changes[0]?.mutation.type === 'revoke';
  const ongoing = isRevoked
    ? [style.dim('Established connections continue until they end: no rule is evaluated for them.')]
    : [];
  return [section('To stop it', best, page), ...alternatives.map((remedy) => section('Or', remedy, page)), ...ongoing];
}

/** Small packets pass, and nobody is told why big ones do not. */
function swallowedText({ mtu, leg, because, change }: SwallowedError, page: AdvicePage): string {
  const words = `Packets of the ${leg} over ${mtu} bytes do not pass, and their sender is not told: ${because}. What still fits works, the rest hangs.`;
  const title = remark('Path MTU', words, page);
  if (change === null) return title;
  const command = `  ${page.style.cyan(commandFor(change.mutation, page.lab))}`;
  return [title, command, `    ${page.style.dim(stageLocationText({ ...change, leg: 'request' }))}`].join('\n');
}

function callText({ address, interface: name, probe }: PrivateCall, { style, width }: AdvicePage): string {
  const words = `Call ${address}, the private address of ${name}: references to groups match private addresses, and ${probe} passes.`;
  const head = `${style.bold('Without any change')}${style.dim('  tried on the model')}`;
  return [head, ...wrap(words, width - 2).map((line) => `  ${line}`)].join('\n');
}

function toPassTexts(remedy: Remedy, page: AdvicePage): string[] {
  const { obstacle, provided, tried, changes } = remedy;
  if (obstacle === null) {
    const condition = provided === null ? [] : [remark('Provided that', provided, page)];
    return [[section('To make it pass', remedy, page), ...condition].join('\n')];
  }
  const needed = changes.length === 0 ? [] : [section('Needed, and not enough', remedy, page)];
  if (provided !== null) return [...needed, remark('Whether that is enough cannot be known', provided, page)];
  return [...needed, remark(tried > 0 ? 'No rule makes it pass' : 'No rule decides this', obstacle, page)];
}

function remark(title: string, words: string, { style, width }: AdvicePage): string {
  const [first, ...more] = wrap(words, width - 4);
  return [style.bold(title), `  ${style.yellow('!')} ${first}`, ...more.map((line) => `    ${line}`)].join('\n');
}

/** Lists the commands, one a line, each with the stage where it makes the difference and what else it affects. */
function section(title: string, { changes, verified }: Remedy, { style, lab }: AdvicePage): string {
  const head = `${style.bold(title)}${verified ? style.dim('  tried on the model') : ''}`;
  const lines = changes
    .slice(0, MAX_SHOWN)
    .flatMap((change) => [
      `  ${style.cyan(commandFor(change.mutation, lab))}`,
      `    ${style.dim(stageLocationText(change))}`,
    ]);
  const hidden = changes.length - MAX_SHOWN;
  return [head, ...lines, ...(hidden > 0 ? [style.dim(`  and ${hidden} more: --json has them all`)] : [])].join('\n');
}

function stageLocationText({ stage, where, leg, alsoAffects }: Change): string {
  const place = `${stage} of ${where}${leg === 'reply' ? ', for the reply' : ''}`;
  return alsoAffects.length === 0 ? place : `${place}; concerns ${listed(alsoAffects)} too`;
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ');
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}
