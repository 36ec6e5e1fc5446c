import type { Command } from 'commander';
import { readyHost } from './host.js';
import { print } from './output.js';

export function registerHistory(program: Command): void {
  program
    .command('history [lab]')
    .summary('who changed what and when, and which flows have met another verdict since')
    .description(
      'Lists every change of a lab since it was defined, by commands and by the EC2 API: time, caller, what differs, and the\n' +
        'flows that were seen before and after it and passed only once. Works also when the controller was killed.',
    )
    .option('--since <time>', 'changes of the last 10m, 2h, 5d, or since 2026-11-21T09:00Z')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', '\nExample:\n  $ sudo sglab history\n  $ sudo sglab history --since 10m --json')
    .action(history);
}

async function history(
  lab: string | undefined,
  { json = false, since }: { json?: boolean; since?: string },
): Promise<void> {
  await readyHost();
  const from = since === undefined ? 0 : await momentOf(since);
  const [
    { chooseLab },
    { labsWithController, labsWithFiles },
    { readHistory },
    { explainHistory, formatHistory },
    { styleFor },
  ] = await Promise.all([
    import('../controller/client.js'),
    import('../lab/run-directory.js'),
    import('../lab/history-file.js'),
    import('./report/history.js'),
    import('./report/style.js'),
  ]);
  const live = labsWithController();
  const name = chooseLab(lab, live.length === 0 ? labsWithFiles() : live);
  const changes = explainHistory(readHistory(name), from);
  await print(
    json,
    () => ({ lab: name, changes }),
    () => formatHistory(changes, { style: styleFor() }),
  );
}

/** @returns seconds since 1970 */
async function momentOf(word: string): Promise<number> {
  const moment = /^\d{4}-/.test(word) ? Date.parse(word) : Number.NaN;
  if (!Number.isNaN(moment)) return moment / 1000;
  const { parseWholeSeconds } = await import('../scenario/words.js');
  return Date.now() / 1000 - parseWholeSeconds(word);
}
