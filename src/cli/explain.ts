import type { Command } from 'commander';
import { EXIT, type ExitCode } from '../errors.js';
import type { Explanation } from '../verify/explain/types.js';
import { readyHost } from './host.js';
import { print } from './output.js';
import { familyOf } from './probe.js';

interface ExplainOptions {
  readonly json?: boolean;
  readonly lab?: string;
  readonly family?: string;
  readonly fix?: boolean;
}

export function registerExplain(program: Command): void {
  program
    .command('explain <from> <to> <what>')
    .summary('why a probe passes or stops, and what would change it')
    .description(
      'Sends a probe as `sglab probe` does, puts the same question to the model, and shows every stage: the rules that were\n' +
        'evaluated, why the closest ones do not match, what the kernel reported, counted and tracks. Then the smallest changes\n' +
        'that make it pass, or the rules whose removal stops it, as commands to paste, each tried on the model.\n' +
        'In a lesson hints come first: there it says why, and the changes only with --fix.\n' +
        'FROM, TO and WHAT are those of `sglab probe`.',
    )
    .option('--lab <name>', 'the lab (default: the only one that is up)')
    .option('--family <family>', 'ipv4 or ipv6 (default: what both ends have, IPv4 first)')
    .option('--fix', 'in a lesson, too, say which changes turn it')
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'after',
      '\nExample:\n  $ sudo sglab explain office web-1 tcp/22\n\n' +
        'Exit code: 0 whatever the verdict is, 1 if the model and the kernel\ndisagree, 4 if they cannot be compared.',
    )
    .action(explain);
}

async function explain(from: string, to: string, what: string, options: ExplainOptions): Promise<void> {
  await readyHost();
  const [{ call, chooseLab }, { makeProbe }] = await Promise.all([
    import('../controller/client.js'),
    import('../cloud/text/probe.js'),
  ]);
  const lab = chooseLab(options.lab);
  const probe = makeProbe({ from, to, what, family: familyOf(options.family) });
  const full = await call(lab, 'explain', { probe });
  const withheld = options.fix !== true && (await isOfLesson(lab));
  const explanation = withheld ? withoutFixes(full) : full;
  const named = options.lab ?? null;
  const [{ explanationDocument }, { formatExplanation }, { styleFor, widthOf }] = await Promise.all([
    import('./report/explain-document.js'),
    import('./report/explain.js'),
    import('./report/style.js'),
  ]);
  await print(
    options.json ?? false,
    () => ({ ...explanationDocument(explanation, named), withheld }),
    () => formatExplanation(explanation, { style: styleFor(), width: widthOf(), lab: named, withheld }),
  );
  process.exitCode = EXIT_CODE[explanation.agreement.verdict];
}

async function isOfLesson(lab: string): Promise<boolean> {
  const [{ call }, { lessonFolderOf }] = await Promise.all([
    import('../controller/client.js'),
    import('../lessons/load.js'),
  ]);
  const { file } = await call(lab, 'status', {});
  return lessonFolderOf(lab, file) !== null;
}

/** Everything that says why, and nothing that says what to do. */
function withoutFixes(explanation: Explanation): Explanation {
  const swallowed = explanation.swallowed.map((error) => ({ ...error, change: null }));
  return { ...explanation, toPass: null, instead: null, toStop: [], swallowed };
}

const EXIT_CODE: Readonly<Record<Explanation['agreement']['verdict'], ExitCode>> = {
  agree: EXIT.ok,
  differ: EXIT.expectationFailed,
  unknown: EXIT.unknown,
};
