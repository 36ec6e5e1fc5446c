/**
 * Reads a submission: a YAML file with the security groups as they should be, or the commands, a line each. Either way
 * a cloud comes out, or everything that is wrong with the file, with its places.
 */
import path from 'node:path';
import { z } from 'zod';
import { parseCommandLine } from '../changes/command-line.js';
import { applyMutation } from '../changes/mutation.js';
import { quote } from '../cloud/text/quote.js';
import { hintFor } from '../cloud/text/suggest.js';
import type { Cloud } from '../cloud/types.js';
import { buildScenario } from '../scenario/build-scenario.js';
import { parseChange } from '../scenario/parse-change.js';
import { scenarioSchema } from '../scenario/schema.js';
import { reportSchemaIssues } from '../scenario/schema-problems.js';
import { readText } from '../source/open.js';
import { ProblemList } from '../source/problems.js';
import type { SourceTree } from '../source/tree.js';
import { readYaml } from '../source/yaml.js';
import type { Lesson } from './types.js';

const submissionSchema = z.strictObject({ securityGroups: scenarioSchema.shape.securityGroups.unwrap() });

/** Lines of a shell's history that look and change nothing. */
const LOOKS =
  /^(sudo\s+)?(\S*\/)?sglab\s+(learn|probe|explain|matrix|rules|conntrack|capture|status|ls|exec|audit|advance|env)\b/;

/** @throws DefinitionError */
export async function readSubmission(file: string, lesson: Lesson): Promise<Cloud> {
  const text = await readText(file);
  return /^\.(ya?ml|json)$/i.test(path.extname(file))
    ? fromGroups(text, file, lesson)
    : fromCommands(text, file, lesson);
}

function fromCommands(text: string, file: string, { lab }: Lesson): Cloud {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const source = { file, value: lines, positionOf: ([line]: readonly PropertyKey[]) => at(Number(line)) };
  const problems = new ProblemList(source);
  const cloud = lines.reduce((before, line, position) => {
    if (line === '' || line.startsWith('#') || LOOKS.test(line)) return before;
    return problems.attempt([position], () => applyMutation(before, parseCommandLine(line, parseChange))) ?? before;
  }, lab.cloud);
  problems.throwIfAny();
  return cloud;
}

const at = (position: number) => ({ line: position + 1, column: 1 });

/** Groups that it names have these rules and no others; the rest of the lab is the lesson's. */
async function fromGroups(text: string, file: string, { labFile }: Lesson): Promise<Cloud> {
  const own = readYaml(text, file);
  const problems = new ProblemList(own);
  const shape = submissionSchema.safeParse(own.value);
  if (!shape.success) reportSchemaIssues(problems, own.value, shape.error, submissionSchema);
  problems.throwIfAny();
  const lab = scenarioSchema.parse(readYaml(await readText(labFile), labFile).value);
  const handedIn = shape.data?.securityGroups ?? {};
  const known = Object.keys(lab.securityGroups ?? {});
  for (const name of Object.keys(handedIn).filter((each) => !known.includes(each))) {
    const hint = hintFor(name, known) ?? null;
    problems.add(['securityGroups', name], {
      message: `the lab has no security group ${quote(name)}`,
      hint,
      on: 'key',
    });
  }
  const merged = { ...lab, securityGroups: { ...lab.securityGroups, ...handedIn } };
  const source: SourceTree = { ...own, value: merged };
  const { cloud } = buildScenario(merged, source, problems);
  problems.throwIfAny();
  return cloud;
}
