/** The scenario files behind the statements: `S058.yaml`, or several such as `S082-rules.yaml`. */
import fs from 'node:fs';
import path from 'node:path';

import { EXIT, SglabError } from '../../errors.js';
import { loadScenario } from '../../import/load.js';
import type { Step } from '../../scenario/steps.js';
import type { Scenario } from '../../scenario/types.js';
import { PACKAGE_ROOT } from '../../source/package-root.js';
import { STATEMENTS } from './statements/index.js';
import { numberOf, type Statement } from './types.js';

/** They are part of sglab: found relative to its code, whatever the working directory is. */
export const CONFORMANCE_DIRECTORY = path.join(PACKAGE_ROOT, 'scenarios/conformance/');

const FILE = /^S(\d{3})(?:-[a-z0-9-]+)?\.yaml$/;

/** The steps that send packets: a statement without any of them would prove nothing. */
const SENDS_PACKETS: Readonly<Record<Step['type'], boolean>> = {
  probe: true,
  matrix: true,
  open: true,
  flow: true,
  end: false,
  packet: true,
  exec: true,
  start: false,
  mutate: false,
  advance: false,
  wait: false,
};

export interface StatementFile {
  /** An absolute path. */
  readonly file: string;
  readonly scenario: Scenario;
}

/** A statement with the scenarios that prove it; it is not covered if there are none. */
export interface Proof {
  readonly statement: Statement;
  readonly files: readonly StatementFile[];
}

/**
 * Reads the files of these statements.
 * @throws DefinitionError for a file that is wrong; SglabError for one that belongs to no statement or sends no packet
 */
export async function loadProofs(
  statements: readonly Statement[],
  directory = CONFORMANCE_DIRECTORY,
): Promise<readonly Proof[]> {
  const files = filesByStatement(directory);
  return Promise.all(
    statements.map(async (statement) => ({
      statement,
      files: await Promise.all((files.get(statement.id) ?? []).map(loadProof)),
    })),
  );
}

/**
 * Absolute paths by statement, in the order of their names.
 * @throws SglabError for a name that means no statement
 */
export function filesByStatement(directory = CONFORMANCE_DIRECTORY): ReadonlyMap<string, readonly string[]> {
  const byId = new Map<string, string[]>();
  for (const name of fs.readdirSync(directory).sort()) {
    const number = Number(FILE.exec(name)?.[1] ?? Number.NaN);
    const statement = STATEMENTS.find(({ id }) => numberOf(id) === number);
    if (statement === undefined) {
      throw suiteError(
        'StrayFile',
        `${path.join(directory, name)} belongs to no statement`,
        'name it S058.yaml or S058-word.yaml',
      );
    }
    byId.set(statement.id, [...(byId.get(statement.id) ?? []), path.join(directory, name)]);
  }
  return byId;
}

async function loadProof(file: string): Promise<StatementFile> {
  const scenario = await loadScenario(file);
  if (!scenario.steps.some(({ type }) => SENDS_PACKETS[type])) {
    throw suiteError('NoPackets', `${file} sends no packet, so it proves nothing`, 'add a probe with what it must do');
  }
  return { file, scenario };
}

function suiteError(code: string, message: string, hint: string): SglabError {
  return new SglabError(code, message, { exitCode: EXIT.badInput, hint });
}

/**
 * The reasons why statements have no scenario file. One without a file or a reason is reported as not yet written. It
 * counts as not covered either way.
 */
export const NOT_COVERED: Readonly<Record<string, string>> = {};

export function reasonNotCovered(id: string): string {
  return NOT_COVERED[id] ?? 'no scenario is written for it yet';
}
