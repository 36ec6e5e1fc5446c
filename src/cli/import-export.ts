import { type Command, InvalidArgumentError } from 'commander';
import type { Cloud } from '../cloud/types.js';
import { note, print, writeExactly, writeOutput } from './output.js';

interface ImportOptions {
  readonly output?: string;
  readonly name?: string;
  readonly strict?: boolean;
  readonly allowIncomplete?: boolean;
  readonly parameter?: Readonly<Record<string, string>>;
  readonly parameters?: string;
  readonly json?: boolean;
}

export function registerImport(program: Command): void {
  program
    .command('import <file...>')
    .summary('a scenario file from another tool’s description of a network')
    .description(
      'Converts another tool’s description of a network into a scenario file: the output of `aws ec2 describe-…` (several\n' +
        'files are read together), a Terraform plan or state (`terraform show -json`), or a CloudFormation template, recognised\n' +
        'by content. What sglab does not build, and what it had to assume, is listed on stderr. Other commands accept such files, too.',
    )
    .option('-o, --output <file>', 'where to write it (default: stdout)')
    .option('--name <name>', 'the lab’s name (default: that of the first file)')
    .option('--parameter <name=value>', 'a template’s parameter; repeatable', addParameter)
    .option('--parameters <file>', 'the same as JSON: {"NAME": "VALUE"}, or AWS’s')
    .option('--allow-incomplete', 'leave out rules that the source does not tell')
    .option('--strict', 'fail if anything is not supported')
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'after',
      '\nExample:\n  $ sglab import plan.json -o shop.yaml\n\nExit code: 0, or 2 if a file cannot be read or, with --strict, not fully.',
    )
    .action(importFiles);
}

/** `KeyName=office`, after what was given before it. */
function addParameter(text: string, before: Readonly<Record<string, string>> = {}): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Write NAME=VALUE.');
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

async function importFiles(
  files: string[],
  { output, name, strict = false, json = false, allowIncomplete = false, parameter, parameters }: ImportOptions,
): Promise<void> {
  const [{ loadImport }, { readParameters }, { definitionYaml }, { SglabError }, { noteImport }] = await Promise.all([
    import('../import/load.js'),
    import('../import/cloudformation/parameter-file.js'),
    import('../import/definition-yaml.js'),
    import('../errors.js'),
    import('./output.js'),
  ]);
  const { imported } = await loadImport(files, {
    allowIncomplete,
    ...(name === undefined ? {} : { name }),
    parameters: { ...(parameters === undefined ? {} : await readParameters(parameters)), ...parameter },
  });
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

interface ExportOptions {
  readonly format: string;
  readonly output?: string;
}

export function registerExport(program: Command): void {
  program
    .command('export [source]')
    .summary('a scenario file, or aws commands, of a file or running lab')
    .description(
      'Exports a file in any readable format, or a running lab as it is now: as a scenario file that builds the\n' +
        'same cloud, or as a shell script of `aws ec2` commands. What the format cannot express is listed on stderr.',
    )
    .option('--format <format>', 'scenario, or aws for a script of aws commands', 'scenario')
    .option('-o, --output <file>', 'where to write it (default: stdout)')
    .addHelpText('after', '\nExample:\n  $ sudo sglab export shop-lab -o shop.yaml')
    .action(exportSource);
}

async function exportSource(source: string | undefined, { format, output }: ExportOptions): Promise<void> {
  const { SglabError } = await import('../errors.js');
  if (format !== 'scenario' && format !== 'aws') {
    throw new SglabError('BadUsage', `there is no format ${JSON.stringify(format)}`, {
      hint: 'write `scenario` or `aws`',
    });
  }
  const { cloud, steps } = await openSource(source);
  const { text, notExported } = await (format === 'aws' ? asCommands(cloud) : asScenario(cloud));
  for (const sentence of notExported) note(`not exported: ${sentence}`);
  if (steps > 0) note(`not exported: the ${steps} steps of ${source}`);
  if (output === undefined) return writeExactly(text);
  await writeOutput(output, text);
}

async function asScenario(cloud: Cloud) {
  const [{ cloudDefinition }, { definitionYaml }] = await Promise.all([
    import('../export/cloud-definition.js'),
    import('../import/definition-yaml.js'),
  ]);
  const { definition, notExported } = cloudDefinition(cloud);
  return { text: definitionYaml(definition), notExported };
}

async function asCommands(cloud: Cloud) {
  const { awsCommands } = await import('../export/aws/aws-commands.js');
  const { script, notExported } = awsCommands(cloud);
  return { text: script, notExported };
}

/** A file in any readable format, or else a running lab as it is now. */
export async function openSource(source: string | undefined): Promise<{ cloud: Cloud; steps: number }> {
  const { existsSync } = await import('node:fs');
  return source !== undefined && existsSync(source) ? ofFile(source) : { cloud: await ofLab(source), steps: 0 };
}

async function ofFile(file: string) {
  const [{ loadScenario }, { noteImport }] = await Promise.all([import('../import/load.js'), import('./output.js')]);
  const { cloud, steps, imported } = await loadScenario(file);
  noteImport(imported);
  return { cloud, steps: steps.length };
}

async function ofLab(lab: string | undefined) {
  const { call, chooseLab } = await import('../controller/client.js');
  return (await call(chooseLab(lab), 'status', {})).cloud;
}
