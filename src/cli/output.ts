/** Every command's output: documents and reports go to stdout, everything else to stderr. */
import { quote, shown } from '../cloud/text/quote.js';
import { EXIT, errorDocument, SglabError } from '../errors.js';
import { groupBy } from '../import/group-by.js';
import { type ImportReport, type Unsupported, unsupportedLine } from '../source/import-report.js';
import { asTypedHere } from './sudo.js';

/** Prints the report for people, or with --json the document for programs. */
export async function print(
  json: boolean,
  document: () => unknown,
  text: () => Promise<string> | string,
): Promise<void> {
  if (!json) return write(asTypedHere(await text()));
  const { toJson } = await import('./report/json.js');
  write(toJson(document()));
}

/** For people: text from outside is shown, never obeyed. */
export function write(text: string): void {
  endWaiting();
  process.stdout.write(shown(text));
}

/** For programs, byte by byte; a terminal gets what people get. */
export function writeExactly(text: string): void {
  endWaiting();
  process.stdout.write(process.stdout.isTTY ? shown(text) : text);
}

export function note(text: string): void {
  endWaiting();
  process.stderr.write(shown(`${asTypedHere(text)}\n`));
}

/**
 * Writes a file that the user named.
 * @throws SglabError if it cannot be written
 */
export async function writeOutput(file: string, text: string): Promise<void> {
  const { REPORT, replaceFile } = await import('../kernel/safe-file.js');
  try {
    replaceFile(file, text, REPORT);
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    const faultText = WRITE_FAULTS[reason] ?? reason;
    throw new SglabError('CannotWrite', `${quote(file, file.length)} cannot be written: ${faultText}`, {
      cause: error,
    });
  }
}

const WRITE_FAULTS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such directory',
  ENOTDIR: 'there is no such directory',
  EISDIR: 'it is a directory',
  ELOOP: 'it is a symbolic link, which root does not follow: name the file itself',
  ENXIO: 'it is a pipe or a socket',
  EACCES: 'this user may not',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
};

/** Prints what went wrong and sets the exit code; never throws. */
export async function reportError(error: unknown, json: boolean): Promise<void> {
  const [{ formatError }, { styleFor, widthOf }] = await Promise.all([
    import('./report/error.js'),
    import('./report/style.js'),
  ]);
  if (json)
    await print(
      true,
      () => errorDocument(error),
      () => '',
    );
  endWaiting();
  const text = formatError(error, styleFor(process.stderr), widthOf(process.stderr));
  process.stderr.write(asTypedHere(text));
  process.exitCode = error instanceof SglabError ? error.exitCode : EXIT.expectationFailed;
}

/** Sets the exit code and, with --json, prints the document; people have already read commander's own message. */
export async function reportUsageError(message: string, json: boolean): Promise<void> {
  process.exitCode = EXIT.badInput;
  if (!json) return;
  const [problem = '', suggestion] = message.replace(/^error: /, '').split('\n');
  const error = new SglabError('BadUsage', problem, { hint: suggestion ?? '`sglab --help` says how' });
  await print(
    true,
    () => errorDocument(error),
    () => '',
  );
}

/** A person waits this long before wondering whether anything happens. */
const SILENCE_MS = 150;

let waiting: { readonly timer: NodeJS.Timeout; isShown: boolean } | null = null;

/** Shows what is under way on a terminal that sees nothing for a moment, until something else is shown. */
export function beginWaiting(text: string): void {
  if (!process.stderr.isTTY) return;
  const timer = setTimeout(() => {
    if (waiting !== null) waiting.isShown = true;
    process.stderr.write(`${text} …`);
  }, SILENCE_MS);
  waiting = { timer: timer.unref(), isShown: false };
  process.once('exit', endWaiting);
}

function endWaiting(): void {
  if (waiting === null) return;
  clearTimeout(waiting.timer);
  if (waiting.isShown) process.stderr.write('\r\x1b[2K');
  waiting = null;
}

/** Shows a line that overwrites itself on a terminal; without a terminal it shows nothing. */
export function progress(text: string): void {
  endWaiting();
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[2K${text}`);
}

export function endProgress(): void {
  progress('');
}

/**
 * Aborts the signal when the user asks to stop; a second Ctrl-C changes nothing, so that the clean-up is not cut short.
 */
export function onInterrupt(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort(signal));
  return stop.signal;
}

/**
 * Waits for the work and clears its progress line.
 * @returns the result of the work; null if the user stopped it
 */
export async function unlessInterrupted<T>(stop: AbortSignal, work: Promise<T>): Promise<T | null> {
  try {
    return await work.finally(endProgress);
  } catch (error) {
    const isLeft = error instanceof SglabError && error.code === 'ControllerSilent';
    if (!stop.aborted || isLeft) throw error;
    return null;
  }
}

/** Reports that sglab stopped as asked, with the exit code that a shell expects of a program that Ctrl-C ended. */
export function reportInterrupt(): void {
  note('interrupted: what it had made was taken down');
  process.exitCode = 130;
}

/** How many are listed of the resources that share one unsupported attribute. */
const MAX_SHOWN = 3;

/** Reports on stderr what the import of another program's file left out and assumed. */
export function noteImport(report: ImportReport | null): void {
  const alike = groupBy(report?.unsupported ?? [], groupingKey);
  for (const items of alike.values()) {
    const shown = items.length > MAX_SHOWN + 1 ? items.slice(0, MAX_SHOWN) : items;
    for (const item of shown) note(`not supported: ${unsupportedLine(item)}`);
    const left = items.length - shown.length;
    if (left > 0) note(`not supported: … ${left} more have ${items[0]?.attribute}; \`sglab import --json\` lists each`);
  }
  for (const sentence of report?.assumed ?? []) note(`assumed: ${sentence}`);
}

/** The key under which entries are grouped, of which only the first few are shown. */
function groupingKey({ file, line, column, resource, attribute, reason }: Unsupported): string {
  return JSON.stringify(attribute === null ? [file, line, column, resource, reason] : [file, attribute, reason]);
}
