/** What turns one list of a namespace's `ip` commands into another, while it runs. Pure. */

export interface ConfigurationChange {
  /** In order; all of them may be repeated. */
  readonly set: readonly string[];
  /** What is left of commands that are no longer wanted; some of it may be gone already, with a link or an address. */
  readonly undo: readonly string[];
}

/**
 * @param fresh links that were just made: all that is about them is set again
 * @param gone links that no longer are: what was about them went with them
 */
export function configurationDifference(
  before: readonly string[],
  after: readonly string[],
  { fresh, gone }: { readonly fresh: ReadonlySet<string>; readonly gone: ReadonlySet<string> },
): ConfigurationChange {
  const had = new Set(before);
  const keys = new Set(after.map(keyOf));
  return {
    set: after.filter((line) => !had.has(line) || fresh.has(linkOf(line) ?? '')),
    undo: before
      .filter((line) => !keys.has(keyOf(line)) && !gone.has(linkOf(line) ?? ''))
      .flatMap(undoOf)
      .reverse(),
  };
}

/** The link that a command is about; null where it is about none. */
export function linkOf(line: string): string | null {
  return / dev (\S+)/.exec(line)?.[1] ?? /^link set (\S+) /.exec(line)?.[1] ?? null;
}

/** Two commands with the same key set the same thing, to one value or another. */
function keyOf(line: string): string {
  const [object, verb, what = ''] = line.split(' ');
  if (verb !== 'replace') return line;
  return object === 'route' ? `route ${what}${selectors(line)}` : `${object} ${what} dev ${linkOf(line)}`;
}

function undoOf(line: string): string[] {
  const [object, verb, what = ''] = line.split(' ');
  if (verb !== 'replace') return []; // a link that is up stays up
  return object === 'route' ? [`route del ${what}${selectors(line)}`] : [`${object} del ${what} dev ${linkOf(line)}`];
}

/** What tells a route from others to the same block. */
function selectors(line: string): string {
  return (line.match(/ (table|metric) \S+/g) ?? []).join('');
}
