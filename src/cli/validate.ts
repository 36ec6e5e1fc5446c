import type { Command } from 'commander';
import type { ImportReport } from '../source/import-report.js';
import { noteImport } from './note-import.js';
import { print } from './output.js';

export function registerValidate(program: Command): void {
  program
    .command('validate <file...>')
    .summary('check files without root and without touching the kernel')
    .description('Checks scenario files: form, names, addresses, quotas. Needs neither root nor the kernel.')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', '\nExample:\n  $ sglab validate scenarios/*.yaml')
    .action(validate);
}

async function validate(files: string[], { json = false }: { json?: boolean }): Promise<void> {
  const [{ loadScenario }, { DefinitionError }] = await Promise.all([
    import('../import/load.js'),
    import('../source/problems.js'),
  ]);
  const problems: InstanceType<typeof DefinitionError>['problems'][number][] = [];
  const valid: { file: string; name: string; instances: number; steps: number; imported: ImportReport | null }[] = [];
  for (const file of files) {
    try {
      const { name, cloud, steps, imported } = await loadScenario(file);
      noteImport(imported);
      valid.push({ file, name, instances: Object.keys(cloud.instances).length, steps: steps.length, imported });
    } catch (error) {
      if (!(error instanceof DefinitionError)) throw error;
      problems.push(...error.problems);
    }
  }
  const document = { valid, problems };
  await print(
    json,
    () => document,
    () =>
      valid
        .map(({ file, name, instances, steps }) => `${file}: ok (${name}: ${instances} instances, ${steps} steps)\n`)
        .join(''),
  );
  if (problems.length === 0) return;
  const error = new DefinitionError(problems);
  process.exitCode = error.exitCode;
  if (json) return;
  const [{ formatError }, { styleFor }] = await Promise.all([import('./report/error.js'), import('./report/style.js')]);
  process.stderr.write(formatError(error, styleFor(process.stderr)));
}
