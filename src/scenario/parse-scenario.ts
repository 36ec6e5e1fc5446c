import type { z } from 'zod';
import { readScenarioText } from '../source/open.js';
import { fileError, ProblemList } from '../source/problems.js';
import type { SourceTree } from '../source/tree.js';
import { buildScenario } from './build-scenario.js';
import { withPortSets } from './port-sets.js';
import { type ScenarioDefinition, scenarioSchema } from './schema.js';
import { withoutUnknownKeys } from './schema-issues.js';
import { reportSchemaIssues } from './schema-problems.js';
import type { Scenario } from './types.js';

/** The scenario of a text; `fileName` is what messages call it. Throws DefinitionError with everything that is wrong. */
export function parseScenario(text: string, fileName: string): Scenario {
  return scenarioOf(readScenarioText(text, fileName));
}

/** The scenario of an opened file. Throws DefinitionError with everything that is wrong with it. */
export function scenarioOf(source: SourceTree): Scenario {
  const tree = plainTree(source);
  const { file, value } = tree;
  if (value === null || value === undefined) {
    throw fileError(
      file,
      'the file is empty',
      'A scenario has at least `name` and `vpcs`; see scenarios/ for examples.',
    );
  }
  const problems = new ProblemList(tree);
  const shape = scenarioSchema.safeParse(value);
  if (!shape.success) reportSchemaIssues(problems, value, shape.error);
  const definition = shape.success ? shape.data : usablePart(value, shape.error);
  const scenario = definition === undefined ? undefined : buildScenario(definition, tree, problems);
  problems.throwIfAny();
  if (scenario === undefined) throw new Error(`${file} was refused without a reason`);
  return scenario;
}

/** The tree without what only shortens its file. */
export function plainTree(source: SourceTree): SourceTree {
  return withPortSets(withoutNotes(source));
}

/** The tree without its `x-…` keys, where a file keeps what its anchors stand at. */
function withoutNotes(tree: SourceTree): SourceTree {
  const { value } = tree;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return tree;
  return { ...tree, value: Object.fromEntries(Object.entries(value).filter(([key]) => !key.startsWith('x-'))) };
}

/** A misspelt key, or a step that makes no sense, should not hide what else is wrong: the rest is checked without it. */
function usablePart(value: unknown, error: z.ZodError): ScenarioDefinition | undefined {
  const known = withoutUnknownKeys(value, error);
  return scenarioSchema.safeParse(known).data ?? scenarioSchema.safeParse(withoutSteps(known)).data;
}

function withoutSteps(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? { ...value, steps: [] } : value;
}
