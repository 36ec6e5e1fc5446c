/** Reads a lesson's folder: `lesson.yaml`, and `lab.yaml` with the lab as the trainee finds it. */
import fs from 'node:fs';
import path from 'node:path';

import { quote } from '../cloud/text/quote.js';
import { SglabError } from '../errors.js';
import { loadScenario } from '../import/load.js';
import { reportSchemaIssues } from '../scenario/schema-problems.js';
import type { Scenario } from '../scenario/types.js';
import { readText } from '../source/open.js';
import { DefinitionError, ProblemList } from '../source/problems.js';
import { readYaml } from '../source/yaml.js';
import { checkRuledOut } from '../verify/explain/ruled-out.js';
import { readMutations } from './read-changes.js';
import { withNeeds } from './read-closed-world.js';
import { readGoal } from './read-goal.js';
import { type LessonDefinition, lessonSchema } from './schema.js';
import type { Lesson, WrongSolution } from './types.js';

const LAB_FILE = 'lab.yaml';
const LESSON_FILE = 'lesson.yaml';

/** The lab of the lesson in progress, whichever it is. */
export const LEARN_LAB = 'learn';

export function isLesson(directory: string): boolean {
  return fs.existsSync(path.join(directory, LESSON_FILE));
}

/** The folder of the lesson that a lab is of; null where it is of none. @param file the scenario of the lab */
export function lessonFolderOf(lab: string, file: string | null): string | null {
  const directory = file === null ? null : path.dirname(file);
  return lab === LEARN_LAB && directory !== null && isLesson(directory) ? directory : null;
}

/** Changes that the lesson of a lab rules out. @throws as loadLesson does */
export async function ruledOutBy(lab: string, file: string | null): Promise<readonly string[]> {
  const directory = lessonFolderOf(lab, file);
  return directory === null ? [] : (await loadLesson(directory)).forbid;
}

/** @throws DefinitionError with everything that is wrong with either file, SglabError where there is no lesson */
export async function loadLesson(directory: string): Promise<Lesson> {
  const absolute = path.resolve(directory);
  const file = path.join(directory, LESSON_FILE);
  if (!fs.existsSync(file)) {
    throw new SglabError('NoLesson', `there is no lesson in ${quote(directory)}`, {
      hint: `a lesson is a folder with ${LESSON_FILE} and ${LAB_FILE}: docs/lessons.md`,
    });
  }
  const text = await readText(file);
  const labFile = path.join(absolute, LAB_FILE);
  const lab = await loadScenario(path.join(directory, LAB_FILE));
  if (lab.steps.length > 0) throw withSteps(path.join(directory, LAB_FILE), lab);
  return { id: path.basename(absolute), directory: absolute, labFile, lab, ...parseLesson(text, file, lab) };
}

type LessonText = Omit<Lesson, 'id' | 'directory' | 'labFile' | 'lab'>;

/** @param file what messages call it */
export function parseLesson(text: string, file: string, lab: Scenario): LessonText {
  const source = readYaml(text, file);
  const problems = new ProblemList(source);
  const shape = lessonSchema.safeParse(source.value);
  if (!shape.success) reportSchemaIssues(problems, source.value, shape.error, lessonSchema);
  const lesson = shape.success ? build(shape.data, problems, lab) : undefined;
  problems.throwIfAny();
  if (lesson === undefined) throw new Error(`${file} was refused without a reason`);
  return lesson;
}

function build(definition: LessonDefinition, problems: ProblemList, { cloud }: Scenario): LessonText {
  const { title, idea, story, moral } = definition;
  const goals = withNeeds(
    definition.goals.map((goal, position) => readGoal(problems, ['goals', position], goal, cloud)),
  );
  return {
    title,
    idea,
    story: story.trim(),
    moral: moral.trim(),
    goals,
    solution: readMutations(problems, ['solution'], definition.solution, cloud),
    forbid: (definition.forbid ?? []).flatMap(
      (text, position) => problems.attempt(['forbid', position], () => checkRuledOut(text)) ?? [],
    ),
    wrong: definition.wrong.map((each, position): WrongSolution => {
      const place = ['wrong', position];
      if (!goals.some(({ goal }) => goal === each.goal)) {
        const hint = 'Word it exactly as under `goals`.';
        problems.add([...place, 'goal'], { message: `no goal is called ${quote(each.goal)}`, hint });
      }
      const changes = readMutations(problems, [...place, 'do'], each.do, cloud);
      return { try: each.try, changes, caught: each.caught, goal: each.goal, says: each.says ?? null };
    }),
  };
}

function withSteps(file: string, { steps }: Scenario): DefinitionError {
  const message = 'the lab of a lesson has no steps';
  const hint = 'What must be true belongs under `goals` of lesson.yaml.';
  const line = steps[0]?.line ?? null;
  return new DefinitionError([{ file, line, column: 1, path: 'steps', value: undefined, message, hint }]);
}
