import type { ScenarioDefinition } from '../scenario/schema.js';
import { DefinitionError, type Problem } from '../source/definition-error.js';
import { type ImportReport, unsupportedLine } from '../source/import-report.js';
import type { Place, SourceDocument } from '../source/source-document.js';
import { readAws } from './aws/read-aws.js';
import { readTemplate } from './cloudformation/read-template.js';
import { type ImportedDefinition, toDefinition } from './definition.js';
import type { Inventory } from './inventory.js';
import { readPlan } from './terraform/read-plan.js';

export interface Imported {
  readonly definition: ScenarioDefinition;
  readonly report: ImportReport;
  /** What is wrong with the definition's text is wrong with the sources: the error with places there. */
  readonly relocate: (error: DefinitionError) => DefinitionError;
}

/**
 * The scenario that sources describe together. `name` becomes the lab's. Throws DefinitionError for what cannot be read,
 * and for sources of different kinds.
 */
export function importSources(documents: readonly SourceDocument[], name: string): Imported {
  const made = toDefinition(readInventory(documents), name);
  const [first] = documents;
  if (first !== undefined && Object.keys(made.definition.vpcs).length === 0) {
    const [left] = made.report.unsupported;
    const hint =
      left === undefined
        ? 'It is empty: is it of the right Region and account?'
        : `${made.report.unsupported.length} things in it are not supported, first: ${unsupportedLine(left)}`;
    throw fileProblem(first, 'there is no network in it, and nothing that could be in one', hint);
  }
  return {
    definition: made.definition,
    report: made.report,
    relocate: (error) => new DefinitionError(error.problems.map((problem) => relocated(problem, made))),
  };
}

function readInventory(documents: readonly SourceDocument[]): Inventory {
  const [first, second] = documents;
  const other = documents.find(({ kind }) => kind !== first?.kind);
  if (first === undefined) throw new Error('nothing to import');
  if (other !== undefined) {
    throw fileProblem(
      other,
      `this is ${KINDS[other.kind]}, and ${first.file} is ${KINDS[first.kind]}`,
      'Import them one by one.',
    );
  }
  if (first.kind === 'aws') return readAws(documents);
  if (second !== undefined) {
    throw fileProblem(
      second,
      `only answers of \`aws ec2 describe-…\` can be read together, not ${KINDS[second.kind]}`,
      'Import them one by one.',
    );
  }
  return first.kind === 'terraform' ? readPlan(first) : readTemplate(first);
}

const KINDS = {
  aws: 'an answer of `aws ec2 describe-…`',
  terraform: 'a Terraform plan',
  cloudformation: 'a CloudFormation template',
} as const;

function fileProblem({ file }: SourceDocument, message: string, hint: string): DefinitionError {
  return new DefinitionError([{ file, line: null, column: null, path: '', value: undefined, message, hint }]);
}

/** The place of the nearest part around it that came from a source. */
function relocated(problem: Problem, { origins }: ImportedDefinition): Problem {
  for (let path = problem.path; path !== ''; path = path.replace(/(^|\.)[^.[]*$|\[\d+\]$/, '')) {
    const place: Place | undefined = origins.get(path);
    if (place === undefined) continue;
    const { line, column } = place.document.positionOf(place.path);
    return { ...problem, file: place.document.file, line, column, message: `${place.label}: ${problem.message}` };
  }
  return problem;
}
