/** Loads scenarios: a file of sglab's own is built as it stands, one of another program by way of a definition. */
import { basename } from 'node:path';
import { buildScenario } from '../scenario/build-scenario.js';
import { withIncludes } from '../scenario/include.js';
import { scenarioOf } from '../scenario/parse-scenario.js';
import type { ScenarioDefinition } from '../scenario/schema.js';
import type { Scenario } from '../scenario/types.js';
import { unsupportedLine } from '../source/import-report.js';
import type { ForeignKind } from '../source/kinds.js';
import { openFile } from '../source/open.js';
import { DefinitionError, fileError, type Problem, ProblemList } from '../source/problems.js';
import { type Path, pathText, type SourceLocation, type SourceTree } from '../source/tree.js';
import { readAws } from './aws/read-aws.js';
import { readTemplate } from './cloudformation/read-template.js';
import { type ImportedDefinition, type LostPart, toDefinition } from './definition.js';
import type { Inventory } from './inventory.js';
import { readPlan } from './terraform/read-plan.js';

const IMPORTABLE =
  'It reads the answers of `aws ec2 describe-…`, `terraform show -json` and CloudFormation templates; a scenario needs no import.';

const KIND_NAMES: Readonly<Record<ForeignKind, string>> = {
  aws: 'an answer of `aws ec2 describe-…`',
  terraform: 'a Terraform plan',
  cloudformation: 'a CloudFormation template',
};

interface ForeignSource {
  readonly kind: ForeignKind;
  readonly tree: SourceTree;
}

interface ImportedScenario {
  readonly scenario: Scenario;
  readonly imported: ImportedDefinition;
}

/** Reads a definition file, or one of another program. Throws DefinitionError with everything that is wrong with it. */
export async function loadScenario(path: string): Promise<Scenario> {
  const { kind, tree } = await openFile(path);
  if (kind === 'scenario') return scenarioOf(await withIncludes(tree(), path));
  return importScenario([{ kind, tree: tree() }], labName(path)).scenario;
}

export interface ImportOptions {
  /** The lab's; without it that of the first file. */
  readonly name?: string;
  /** Whether parts may be lost that packets depend on: the definition then says what is not as in the source. */
  readonly allowIncomplete?: boolean;
  /** Values for a template's parameters, by name. */
  readonly parameters?: Readonly<Record<string, string>>;
}

/** Reads the files of other programs as one. Throws DefinitionError for one that is a definition file already. */
export async function loadImport(paths: readonly string[], options: ImportOptions = {}): Promise<ImportedScenario> {
  const sources = await Promise.all(
    paths.map(async (path) => {
      const { file, kind, tree } = await openFile(path);
      if (kind === 'scenario') throw fileError(file, 'there is nothing here to import', IMPORTABLE);
      return { kind, tree: tree() };
    }),
  );
  return importScenario(sources, labName(paths[0] ?? ''), options);
}

/** `plans/shop.json` -> `shop` */
function labName(path: string): string {
  return basename(path).replace(/\.[^.]*$/, '');
}

/**
 * The scenario that sources describe together; `file` is the first one's name. What is wrong with the definition's text is wrong
 * with the sources, and is reported with the places there.
 */
function importScenario(
  sources: readonly ForeignSource[],
  file: string,
  { name = file, allowIncomplete = false, parameters = {} }: ImportOptions = {},
): ImportedScenario {
  const imported = toDefinition(readInventory(sources, parameters), name);
  if (!allowIncomplete) throwIfLost(imported.lost);
  const { definition, report } = imported;
  const [first] = sources;
  if (first !== undefined && Object.keys(definition.vpcs).length === 0) {
    const [left] = report.unsupported;
    const hint =
      left === undefined
        ? 'It is empty: is it from the right Region and account?'
        : `${report.unsupported.length} things in it are not supported, first: ${unsupportedLine(left)}`;
    throw fileError(first.tree.file, 'there is no network in it, and nothing that could be in one', hint);
  }
  try {
    return { scenario: { ...buildDefinition(definition, imported), imported: report }, imported };
  } catch (error) {
    if (!(error instanceof DefinitionError)) throw error;
    throw new DefinitionError(error.problems.map((problem) => relocated(problem, imported)));
  }
}

/** A definition without these parts would be another network, of which nothing that is found out is true. */
function throwIfLost(lost: readonly LostPart[]): void {
  if (lost.length === 0) return;
  throw new DefinitionError(
    lost.map(({ place: { tree, path, label }, reason, hint }) => ({
      file: tree.file,
      ...tree.positionOf(path),
      path: pathText(path),
      value: undefined,
      message: `${label}: ${reason}`,
      hint: `${hint} \`sglab import --allow-incomplete\` leaves it out, and marks what is incomplete then.`,
    })),
  );
}

/** Throws DefinitionError for what cannot be read, and for sources of different kinds. */
function readInventory(sources: readonly ForeignSource[], parameters: Readonly<Record<string, string>>): Inventory {
  const [first, second] = sources;
  if (first === undefined) throw new Error('nothing to import');
  const other = sources.find(({ kind }) => kind !== first.kind);
  if (other !== undefined) {
    const message = `this is ${KIND_NAMES[other.kind]}, and ${first.tree.file} is ${KIND_NAMES[first.kind]}`;
    throw fileError(other.tree.file, message, 'Import them one by one.');
  }
  if (first.kind === 'aws') return readAws(sources.map(({ tree }) => tree));
  if (second !== undefined) {
    const message = `only answers of \`aws ec2 describe-…\` can be read together, not ${KIND_NAMES[second.kind]}`;
    throw fileError(second.tree.file, message, 'Import them one by one.');
  }
  return first.kind === 'terraform' ? readPlan(first.tree) : readTemplate(first.tree, parameters);
}

/** Nobody wrote this definition's text: its lines are those of the sources. */
function buildDefinition(definition: ScenarioDefinition, { origins }: ImportedDefinition): Scenario {
  const positionOf = (path: Path) => {
    const place = originOf(origins, pathText(path));
    return place?.tree.positionOf(place.path) ?? { line: 1, column: 1 };
  };
  const tree = { file: '', value: definition, positionOf };
  const problems = new ProblemList(tree);
  const scenario = buildScenario(definition, tree, problems);
  problems.throwIfAny();
  return scenario;
}

/** The problem at the place in a source that it is about. */
function relocated(problem: Problem, { origins }: ImportedDefinition): Problem {
  const place = originOf(origins, problem.path);
  if (place === undefined) return problem;
  const { line, column } = place.tree.positionOf(place.path);
  return { ...problem, file: place.tree.file, line, column, message: `${place.label}: ${problem.message}` };
}

/** Where the nearest part around the path came from. */
function originOf(origins: ImportedDefinition['origins'], whole: string): SourceLocation | undefined {
  for (let path = whole; path !== ''; path = path.replace(/(^|\.)[^.[]*$|\[\d+\]$/, '')) {
    const place = origins.get(path);
    if (place !== undefined) return place;
  }
  return undefined;
}
