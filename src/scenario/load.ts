import { readFile, stat } from 'node:fs/promises';
import type { z } from 'zod';
import { printable } from '../cloud/quote.js';
import { buildScenario } from './build-scenario.js';
import { DefinitionError } from './definition-error.js';
import { ProblemList } from './problem-list.js';
import { type ScenarioDefinition, scenarioSchema } from './schema.js';
import { withoutUnknownKeys } from './schema-issues.js';
import { reportSchemaIssues } from './schema-problems.js';
import type { Scenario } from './types.js';
import { readYaml } from './yaml-source.js';

/** Linux: PATH_MAX. */
const MAX_PATH = 4096;
const MAX_BYTES = 4 * 1024 * 1024;

const FILE_FAULTS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EACCES: 'this user may not read the file',
  EISDIR: 'this is a directory',
  ENAMETOOLONG: 'the name of the file is too long',
  ELOOP: 'the links to the file go round in circles',
};

/** Reads a definition file. Throws DefinitionError with everything that is wrong with it. */
export async function loadScenario(path: string): Promise<Scenario> {
  return parseScenario(decode(await readBytes(path), path), path);
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
    if (status.size > MAX_BYTES) throw fileError(file, `the file is larger than ${MAX_BYTES / 1024 / 1024} MiB`);
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
    throw fileError(printable(path, MAX_PATH), 'the file is not UTF-8 text');
  }
}

function fileError(file: string, message: string, hint: string | null = null): DefinitionError {
  return new DefinitionError([{ file, line: null, column: null, path: '', value: undefined, message, hint }]);
}
