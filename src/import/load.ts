import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { z } from 'zod';
import { printable } from '../cloud/text/quote.js';
import { buildScenario } from '../scenario/build-scenario.js';
import { type ScenarioDefinition, scenarioSchema } from '../scenario/schema.js';
import { withoutUnknownKeys } from '../scenario/schema-issues.js';
import { reportSchemaIssues } from '../scenario/schema-problems.js';
import type { Scenario } from '../scenario/types.js';
import { DefinitionError } from '../source/definition-error.js';
import { ProblemList } from '../source/problem-list.js';
import type { SourceDocument } from '../source/source-document.js';
import { readYaml } from '../source/yaml-source.js';
import { readSource } from './detect.js';
import { type Imported, importSources } from './import.js';

/** Linux: PATH_MAX. */
const MAX_PATH = 4096;
const MAX_DEFINITION = 4 * 1024 * 1024;
const MAX_BYTES = 64 * 1024 * 1024;

const IMPORTABLE =
  'It reads the answers of `aws ec2 describe-…`, `terraform show -json` and CloudFormation templates; a scenario needs no import.';

const FILE_FAULTS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EACCES: 'this user may not read the file',
  EISDIR: 'this is a directory',
  ENAMETOOLONG: 'the name of the file is too long',
  ELOOP: 'the links to the file go round in circles',
};

/** Reads a definition file, or one of another program. Throws DefinitionError with everything that is wrong with it. */
export async function loadScenario(path: string): Promise<Scenario> {
  const text = await readText(path);
  const source = readSource(text, printable(path, MAX_PATH));
  return source === null ? parseScenario(text, path) : importScenario([source], labName(path)).scenario;
}

/** Reads the files of other programs as one. Throws DefinitionError for one that is a definition file already. */
export async function loadImport(
  paths: readonly string[],
  name = labName(paths[0] ?? ''),
): Promise<{ scenario: Scenario; imported: Imported }> {
  const sources = await Promise.all(
    paths.map(async (path) => {
      const file = printable(path, MAX_PATH);
      const source = readSource(await readText(path), file);
      if (source === null) throw fileError(file, 'this is nothing to import', IMPORTABLE);
      return source;
    }),
  );
  return importScenario(sources, name);
}

function importScenario(sources: readonly SourceDocument[], name: string) {
  const imported = importSources(sources, name);
  try {
    return { scenario: { ...buildDefinition(imported.definition), imported: imported.report }, imported };
  } catch (error) {
    throw error instanceof DefinitionError ? imported.relocate(error) : error;
  }
}

/** Each problem has its path; whoever made the definition knows what stands there. */
function buildDefinition(definition: ScenarioDefinition): Scenario {
  let line = 0;
  const source = { file: '', value: definition, positionOf: () => ({ line: ++line, column: 1 }) };
  const problems = new ProblemList(source);
  const scenario = buildScenario(definition, source, problems);
  problems.throwIfAny();
  return scenario;
}

/** `plans/shop.json` -> `shop` */
function labName(path: string): string {
  return basename(path).replace(/\.[^.]*$/, '');
}

/**
 * The text of a file that somebody named. Definition files are written by hand; those of other programs describe whole
 * accounts. @throws DefinitionError for what is no text, too large or no file
 */
export async function readText(path: string): Promise<string> {
  const text = decode(await readBytes(path), path);
  if (text.length > MAX_DEFINITION && !/^\s*[[{]/.test(text)) throw tooLarge(path, MAX_DEFINITION);
  return text;
}

/** The same for a text; `fileName` is what messages call it. */
export function parseScenario(text: string, fileName: string): Scenario {
  const file = printable(fileName, MAX_PATH);
  if (text.includes('\0')) throw fileError(file, 'the file is not text: it has NUL characters');
  const source = readYaml(text, file);
  if (source.value === null || source.value === undefined) {
    throw fileError(
      file,
      'the file is empty',
      'A scenario has at least `name` and `vpcs`; see scenarios/ for examples.',
    );
  }
  const problems = new ProblemList(source);
  const shape = scenarioSchema.safeParse(source.value);
  if (!shape.success) reportSchemaIssues(problems, source.value, shape.error);
  const definition = shape.success ? shape.data : usablePart(source.value, shape.error);
  const scenario = definition === undefined ? undefined : buildScenario(definition, source, problems);
  problems.throwIfAny();
  if (scenario === undefined) throw new Error(`${file} was refused without a reason`);
  return scenario;
}

/** A misspelt key, or a step that makes no sense, should not hide what else is wrong: the rest is checked without it. */
function usablePart(value: unknown, error: z.ZodError): ScenarioDefinition | undefined {
  const known = withoutUnknownKeys(value, error);
  return scenarioSchema.safeParse(known).data ?? scenarioSchema.safeParse(withoutSteps(known)).data;
}

function withoutSteps(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? { ...value, steps: [] } : value;
}

async function readBytes(path: string): Promise<Uint8Array> {
  const file = printable(path, MAX_PATH);
  try {
    const status = await stat(path);
    if (status.isDirectory()) throw fileError(file, 'this is a directory', 'Name a file in it.');
    if (status.isCharacterDevice() || status.isBlockDevice()) throw fileError(file, 'this is a device');
    if (status.size > MAX_BYTES) throw tooLarge(path, MAX_BYTES);
    return await readFile(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const fault = FILE_FAULTS[code];
    throw fault === undefined ? error : fileError(file, fault);
  }
}

function decode(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const isArchive = bytes[0] === 0x50 && bytes[1] === 0x4b;
    const hint = isArchive ? 'Of a Terraform plan, `terraform show -json FILE` makes text.' : null;
    throw fileError(printable(path, MAX_PATH), 'the file is not UTF-8 text', hint);
  }
}

function tooLarge(path: string, bytes: number): DefinitionError {
  return fileError(printable(path, MAX_PATH), `the file is larger than ${bytes / 1024 / 1024} MiB`);
}

function fileError(file: string, message: string, hint: string | null = null): DefinitionError {
  return new DefinitionError([{ file, line: null, column: null, path: '', value: undefined, message, hint }]);
}
