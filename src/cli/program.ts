/** Defines the program and its commands. Each command registers itself here and loads its work only when it runs. */
import { Command } from 'commander';
import { registerAudit } from './audit.js';
import { registerCapture } from './capture.js';
import { registerChanges } from './change.js';
import { registerConformance } from './conformance.js';
import { registerAdvance, registerExec, registerShell } from './exec.js';
import { registerExplain } from './explain.js';
import { registerFlowlogs } from './flowlogs.js';
import { registerCompletion, registerController, registerDoctor } from './host.js';
import { registerExport, registerImport } from './import-export.js';
import { registerConntrack, registerHistory, registerRules } from './inspect.js';
import { registerDown, registerEnv, registerLs, registerServe, registerStatus, registerUp } from './labs.js';
import { registerLearn } from './learn.js';
import { registerMatrix, registerProbe } from './probe.js';
import { registerRun, registerValidate } from './run.js';
import { registerVerify } from './verify.js';
import { VERSION } from './version.js';

const EXIT_CODES = `
Exit codes: 0 all as expected, 1 an expectation failed, 2 bad input or usage,
            3 the host cannot do it, 4 could not tell.
Start with:  sudo sglab run scenarios/securecart-web.yaml`;

export function buildProgram(): Command {
  const program = new Command('sglab')
    .description('AWS security groups on the real Linux kernel: real packets, and a cause for every verdict.')
    .version(VERSION)
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
