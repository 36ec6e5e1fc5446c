import type { Command } from 'commander';
import { print, writeOutput } from './output.js';

interface ImportOptions {
  readonly output?: string;
  readonly name?: string;
  readonly strict?: boolean;
  readonly json?: boolean;
}

export function registerImport(program: Command): void {
  program
    .command('import <file...>')
    .summary('a scenario file from what other tools say of a network')
    .description(
      'Writes the scenario file of a network that other tools describe: answers of `aws ec2 describe-…` (several files are\n' +
        'read together), a Terraform plan or state (`terraform show -json`), or a CloudFormation template. The content tells\n' +
        'which. What sglab does not build, and what it had to assume, is listed on stderr. Other commands take such a file, too.',
    )
    .option('-o, --output <file>', 'where to write it (default: stdout)')
    .option('--name <name>', 'the lab’s name (default: that of the first file)')
    .option('--strict', 'fail if anything is not supported')
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'after',
      '\nExample:\n  $ sglab import plan.json -o shop.yaml      # plan.json: terraform show -json plan.out\n\nExit code: 0, or 2 if a file cannot be read or, with --strict, not fully.',
    )
    .action(importFiles);
}

async function importFiles(
  files: string[],
  { output, name, strict = false, json = false }: ImportOptions,
): Promise<void> {
  const [{ loadImport }, { definitionYaml }, { SglabError }, { noteImport }] = await Promise.all([
    import('../import/load.js'),
    import('../import/definition-yaml.js'),
    import('../errors.js'),
    import('./note-import.js'),
  ]);
  const { imported } = await loadImport(files, name);
  const { definition, report } = imported;
  const yaml = definitionYaml(definition);
  noteImport(report);
  if (strict && report.unsupported.length > 0) {
    const resources = report.unsupported.map(({ resource }) => resource).join(', ');
    throw new SglabError('Unsupported', `${report.unsupported.length} parts are not supported: ${resources}`, {
      hint: 'take them out of the source, or leave `--strict` out',
    });
  }
  if (output !== undefined) await writeOutput(output, yaml);
  await print(
    json,
    () => ({ scenario: definition, output: output ?? null, ...report }),
    () => (output === undefined ? yaml : ''),
  );
}
