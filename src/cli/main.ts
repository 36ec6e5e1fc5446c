/** The command line's entry point. */
import { CommanderError } from 'commander';
import { EXIT } from '../errors.js';
import { reportError, reportUsageError } from './output.js';
import { buildProgram } from './program.js';

// Output that nobody reads (`sglab run X | head`, a full disk) must not end this process while its lab is up.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', () => process.on('exit', () => (process.exitCode ||= EXIT.expectationFailed)));
}

try {
  await buildProgram().parseAsync();
} catch (error) {
  const json = process.argv.includes('--json');
  if (!(error instanceof CommanderError)) await reportError(error, json);
  else if (error.exitCode !== 0) await reportUsageError(error.message, json);
}
