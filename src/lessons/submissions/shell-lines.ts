/** Shell histories and scripts as commands: what stands on each line, whatever the shell wrote around it. Pure. */
import { parse } from 'shell-quote';

/** A command, before its variables are known. */
export interface ShellCommand {
  /** The line on which it begins, from 1. */
  readonly line: number;
  /** `$(NAME)` stands for a variable's value, and `$(1)` for what the command of that number in `substituted` prints. */
  readonly words: readonly string[];
  readonly substituted: readonly ShellCommand[];
  /** A quote is opened and never closed: the words are what can be read all the same. */
  readonly isOpen: boolean;
}

/** A logical line: physical ones that a backslash or an open quote joins. */
interface LogicalLine {
  readonly line: number;
  readonly text: string;
}

export function readShellLines(text: string): ShellCommand[] {
  return logicalLines(text).flatMap(({ line, text }) => commandsOf(withoutMarks(text), line));
}

/**
 * What shells and terminals put before a command: a number (bash's `history`, with or without a date), a prompt. What zsh
 * puts there, `: 1764500000:0;`, is a command itself, which does nothing.
 */
const MARKS: readonly RegExp[] = [
  /^\d+\*?\s+(?=\S)/,
  /^\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?\S*\s+/,
  /^\[?[\w.-]+@[\w.-]+[:\s][^$#%]*[$#%]\s+/,
  /^[$%>]\s+/,
];

function withoutMarks(text: string): string {
  return MARKS.reduce((rest, mark) => rest.replace(mark, ''), text.trim());
}

/** What is left of a line when these are taken out holds no quote, or one that is still open. */
const QUOTED = /\\.|'[^']*'|"(?:\\.|[^"\\])*"|(?<=^|\s)#.*$/gs;
/** Of other lines nothing is read but the first word, and an apostrophe in prose is no quote. */
const MAY_GO_ON = /\b(sglab|aws)\b|^\s*[A-Za-z_]\w*=/;
/** An open quote ends somewhere, or it was a slip: then it costs its own line. */
const MAX_JOINED = 200;

function logicalLines(text: string): LogicalLine[] {
  const physical = text.split(/\r?\n/);
  const lines: LogicalLine[] = [];
  for (let at = 0; at < physical.length; at++) {
    const first = at;
    let joined = physical[at] ?? '';
    while (/(^|[^\\])(\\\\)*\\$/.test(joined) && at + 1 < physical.length)
      joined = `${joined.slice(0, -1)} ${physical[++at]}`;
    const end = MAY_GO_ON.test(joined) ? endOfQuote(physical, at, joined) : null;
    if (end !== null) {
      joined = [joined, ...physical.slice(at + 1, end + 1)].join('\n');
      at = end;
    }
    lines.push({ line: first + 1, text: joined });
  }
  return lines;
}

/** The line on which a quote that is open at the end of `text` is closed; null where none is open, or none closes it. */
function endOfQuote(physical: readonly string[], at: number, text: string): number | null {
  if (!isOpen(text)) return null;
  let joined = text;
  for (let next = at + 1; next < Math.min(physical.length, at + MAX_JOINED); next++) {
    joined += `\n${physical[next]}`;
    if (!isOpen(joined)) return next;
  }
  return null;
}

const isOpen = (text: string) => /['"]/.test(text.replace(QUOTED, ''));

/** `$(…)` without another one inside. */
const SUBSTITUTION = /\$\(([^()]*)\)/g;

function commandsOf(text: string, line: number): ShellCommand[] {
  if (isOpen(text)) return [{ line, words: text.trim().split(/\s+/), substituted: [], isOpen: true }];
  const substituted: ShellCommand[] = [];
  const flat = text.replace(SUBSTITUTION, (_all, inner: string) => {
    const [command = { line, words: [], substituted: [], isOpen: false }] = split(inner, line, []);
    return `$__${substituted.push(command)}`;
  });
  return split(flat, line, substituted);
}

/** After these a command of its own begins. */
const SEPARATORS: readonly string[] = ['&&', ';', '&', ';;'];
/** What follows these belongs to the command before: another program's input, or what to do when it fails. */
const FOLLOWERS: readonly string[] = ['|', '||', '|&'];

function split(text: string, line: number, substituted: readonly ShellCommand[]): ShellCommand[] {
  const commands: string[][] = [[]];
  let isFollower = false;
  let isFileName = false;
  for (const entry of parse(text, (name) => `$(${name.replace(/^__(?=\d+$)/, '')})`)) {
    if (typeof entry === 'object' && 'comment' in entry) continue;
    const op = typeof entry === 'object' ? entry.op : null;
    if (op !== null && SEPARATORS.includes(op)) {
      isFollower = false;
      commands.push([]);
    } else if (op !== null && FOLLOWERS.includes(op)) isFollower = true;
    else if (op?.includes('>') || op?.startsWith('<')) {
      isFileName = true;
      if (/^\d$/.test(commands.at(-1)?.at(-1) ?? '')) commands.at(-1)?.pop(); // the 2 of `2> errors`
    } else if (isFileName) isFileName = false;
    else if (!isFollower) commands.at(-1)?.push(wordOf(entry));
  }
  return commands.filter((words) => words.length > 0).map((words) => ({ line, words, substituted, isOpen: false }));
}

function wordOf(entry: ReturnType<typeof parse>[number]): string {
  if (typeof entry === 'string') return entry;
  return 'pattern' in entry ? entry.pattern : 'op' in entry ? entry.op : '';
}
