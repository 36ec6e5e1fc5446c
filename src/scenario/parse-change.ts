import { z } from 'zod';
import type { Mutation } from '../changes/verbs.js';
import { CloudError } from '../cloud/errors.js';
import { quote } from '../cloud/text/quote.js';
import { ProblemList } from '../source/problems.js';
import { readYaml } from '../source/yaml.js';
import { reportSchemaIssues } from './schema-problems.js';
import { readStep, stepSchema } from './steps.js';

const SOURCE = 'STEP';
const PATH = ['steps', 0] as const;
const FORM = "Write a step as a file has it, such as 'routes: { table: dmz, remove: 10.0.2.0/24 }'.";

const stepsSchema = z.object({ steps: z.tuple([stepSchema]) });

/**
 * Reads a step of a scenario file that changes the lab, on its own: `routes: { table: dmz, remove: 10.0.2.0/24 }`.
 * @throws DefinitionError, CloudError for a step that changes nothing
 */
export function parseChange(text: string): Mutation {
  const { value: step, positionOf } = readYaml(text, SOURCE);
  if (typeof step !== 'object' || step === null) throw noChange(text);
  const value = { steps: [step] };
  const problems = new ProblemList({
    file: SOURCE,
    value,
    positionOf: (path, on) => positionOf(path.slice(PATH.length), on),
  });
  const shape = stepsSchema.safeParse(value);
  if (!shape.success) reportSchemaIssues(problems, value, shape.error);
  const read = shape.success ? readStep({ problems, path: PATH, line: 1 }, shape.data.steps[0]) : undefined;
  problems.throwIfAny();
  if (read?.step.type !== 'mutate') throw noChange(text);
  return read.step.mutation;
}

function noChange(text: string): CloudError {
  return new CloudError('InvalidParameterValue', `${quote(text)} is not a change of a lab`, FORM);
}
