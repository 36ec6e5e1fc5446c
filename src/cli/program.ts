/** The commands. Each registers itself here and loads its work only when it runs. */
import { Command } from 'commander';
import { registerAdvance } from './advance.js';
import { registerAudit } from './audit.js';
import { registerCapture } from './capture.js';
import { registerChanges } from './change.js';
import { registerCompletion } from './completion.js';
import { registerConformance } from './conformance.js';
import { registerConntrack } from './conntrack.js';
import { registerController } from './controller.js';
import { registerDoctor } from './doctor.js';
import { registerDown } from './down.js';
import { registerEnv } from './env.js';
import { registerExec } from './exec.js';
import { registerExplain } from './explain.js';
import { registerExport } from './export.js';
import { registerFlowlogs } from './flowlogs.js';
import { registerHistory } from './history.js';
import { registerImport } from './import.js';
import { registerLearn } from './learn.js';
import { registerLs } from './ls.js';
import { registerMatrix } from './matrix.js';
import { registerProbe } from './probe.js';
import { registerRules } from './rules.js';
import { registerRun } from './run.js';
import { registerServe } from './serve.js';
import { registerShell } from './shell.js';
import { registerStatus } from './status.js';
import { registerUp } from './up.js';
import { registerValidate } from './validate.js';
import { registerVerify } from './verify.js';

const EXIT_CODES = `
Exit codes: 0 all as expected, 1 an expectation failed, 2 bad input or usage,
            3 the host cannot do it, 4 could not tell.
Start with:  sudo sglab run scenarios/securecart-web.yaml`;

export function buildProgram(): Command {
  const program = new Command('sglab')
    .description('AWS security groups on the real Linux kernel: real packets, and a cause for every verdict.')
    .version('0.1.0')
    .showSuggestionAfterError()
    .enablePositionalOptions()
    .exitOverride()
    .addHelpText('after', EXIT_CODES);
  const registrations = [
    registerRun,
    registerConformance,
    registerValidate,
    registerVerify,
    registerImport,
    registerExport,
    registerUp,
    registerServe,
    registerEnv,
    registerDown,
    registerLs,
    registerStatus,
    registerExec,
    registerShell,
    registerProbe,
    registerExplain,
    registerMatrix,
    registerAudit,
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
  return program;
}
