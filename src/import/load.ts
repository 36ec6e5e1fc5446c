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
import {
  DefinitionError,
  fileError,
  type Problem,
  ProblemList,
  textProblem,
  UnknownKindError,
} from '../source/problems.js';
import { type Path, pathText, type SourceLocation, type SourceTree } from '../source/tree.js';
import { readAws } from './aws/read-aws.js';
import { readTemplate } from './cloudformation/read-template.js';
import { type ImportedDefinition, type LostPart, toDefinition } from './definition.js';
import type { Inventory, UnsupportedItem } from './inventory.js';
import { readPlan } from './terraform/read-plan.js';

const NOTHING = 'there is nothing here to import';
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
  const opened = await Promise.allSettled(paths.map(openFile));
  const isDump = opened.some((each) => each.status === 'fulfilled' && each.value.kind === 'aws');
  const foreign: UnsupportedItem[] = [];
  const sources = opened.flatMap((each, position): ForeignSource[] => {
    if (each.status === 'fulfilled' && each.value.kind !== 'scenario') {
      return [{ kind: each.value.kind, tree: each.value.tree() }];
    }
    const error =
      each.status === 'rejected'
        ? each.reason
        : new UnknownKindError([textProblem(paths[position] ?? '', NOTHING, { hint: IMPORTABLE })]);
    // A dump of an account may have anything in its directory.
    if (!isDump || !(error instanceof UnknownKindError)) throw error;
    foreign.push(...error.problems.map(foreignFile));
    return [];
  });
  return importScenario(sources, labName(paths[0] ?? ''), { ...options, foreign });
}

/** A file beside the answers that is none of them. */
function foreignFile({ file, message }: Problem): UnsupportedItem {
  const tree = { file, value: undefined, positionOf: () => ({ line: 1, column: 1 }) };
  return { place: { tree, path: [], label: basename(file) }, reason: message };
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
  options: ImportOptions & { readonly foreign?: readonly UnsupportedItem[] } = {},
): ImportedScenario {
  const { name = file, allowIncomplete = false, parameters = {}, foreign = [] } = options;
  const inventory = readInventory(sources, parameters);
  inventory.unsupported.push(...foreign);
  const imported = toDefinition(inventory, name);
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
