/** Defines the program and its commands. Each command registers itself here and loads its work only when it runs. */
import { Command, InvalidArgumentError } from 'commander';
import { registerAudit } from './audit.js';
import { registerCapture } from './capture.js';
import { registerChanges } from './change.js';
import { registerConformance } from './conformance.js';
import { registerConsole } from './console.js';
import { registerAdvance, registerExec, registerShell } from './exec.js';
import { registerExplain } from './explain.js';
import { registerFlowlogs } from './flowlogs.js';
import { registerGraph } from './graph.js';
import { registerCompletion, registerController, registerDoctor } from './host.js';
import { registerExport, registerImport } from './import-export.js';
import { registerConntrack, registerHistory, registerRules } from './inspect.js';
import { registerDown, registerEnv, registerLs, registerServe, registerStatus, registerUp } from './labs.js';
import { registerLearn } from './learn.js';
import { beginWaiting } from './output.js';
import { registerMatrix, registerProbe } from './probe.js';
import { registerRepair } from './repair.js';
import { registerReport } from './report-command.js';
import { registerRun, registerValidate } from './run.js';
import { registerVerify } from './verify.js';
import { VERSION } from './version.js';

const EXIT_CODES = `
Exit codes: 0 all as expected, 1 an expectation failed, 2 bad input or usage,
            3 the host cannot do it, 4 could not tell.
Start with:  sudo sglab run scenarios/securecart-web.yaml`;

/** Commands that ask a controller, each with the same time limit. */
const CLIENTS: ReadonlySet<string> = new Set(
  'up serve env down ls status console exec shell probe explain matrix audit report authorize revoke modify attach detach change advance rules conntrack flowlogs history capture export graph learn'.split(
    ' ',
  ),
);

/** These hand the terminal on, write to it by themselves, or have nobody at it. */
const OWN_SCREEN: ReadonlySet<string> = new Set(['exec', 'shell', 'capture', 'completion', 'complete', 'controller']);

function leaves(command: Command): readonly Command[] {
  return command.commands.length === 0 ? [command] : command.commands.flatMap(leaves);
}

/** The environment hands it on to the commands of a shell. */
function addTimeout(command: Command): void {
  command
    .option(
      '--timeout <seconds>',
      'how long a controller may neither answer nor report progress (default: 30, or $SGLAB_TIMEOUT)',
      checkSeconds,
    )
    .hook('preAction', (_, action) => {
      const { timeout } = action.opts<{ timeout?: string }>();
      if (timeout !== undefined) process.env.SGLAB_TIMEOUT = timeout;
    });
}

function checkSeconds(word: string): string {
  if (/^\d{1,6}$/.test(word) && Number(word) > 0) return word;
  throw new InvalidArgumentError('a time limit is a number of whole seconds.');
}

export function buildProgram(): Command {
  const program = new Command('sglab')
    .description('AWS security groups on the real Linux kernel: real packets, and a cause for every verdict.')
    .version(VERSION)
    .showSuggestionAfterError()
    .enablePositionalOptions()
    // Beside the longest command, a terminal of 80 columns has less room than commander would wrap in.
    .configureHelp({ minWidthToWrap: 20 })
    .exitOverride()
    .hook('preAction', (_, action) => {
      if (!OWN_SCREEN.has(action.name())) beginWaiting(`sglab ${action.name()}`);
    })
    .addHelpText('after', EXIT_CODES);
  const registrations = [
    registerRun,
    registerConformance,
    registerValidate,
    registerVerify,
    registerImport,
    registerExport,
    registerGraph,
    registerUp,
    registerServe,
    registerEnv,
    registerDown,
    registerLs,
    registerStatus,
    registerConsole,
    registerRepair,
    registerExec,
    registerShell,
    registerProbe,
    registerExplain,
    registerMatrix,
    registerAudit,
    registerReport,
    registerChanges,
    registerLearn,
    registerAdvance,
    registerRules,
    registerConntrack,
    registerFlowlogs,
    registerHistory,
    registerCapture,
    registerDoctor,
    registerCompletion,
    registerController,
  ];
  for (const register of registrations) register(program);
  for (const command of program.commands)
    if (CLIENTS.has(command.name())) for (const leaf of leaves(command)) addTimeout(leaf);
  return program;
}
