/** `sglab learn submit`: the lab of a lesson as a file, with whose it is and how they got there. */
import { stringify } from 'yaml';
import type { Cloud } from '../../cloud/types.js';
import { cloudDefinition } from '../../export/cloud-definition.js';
import { definitionYaml } from '../../import/definition-yaml.js';
import { progressKey } from '../course.js';
import { callerName, progressOf, readProgress, secondsUsed } from '../progress.js';
import type { Lesson } from '../types.js';
import { RECORD_KEY, type SubmissionRecord } from './record.js';

export interface WrittenSubmission {
  readonly record: SubmissionRecord;
  readonly yaml: string;
}

/** @param by null: the user at the terminal */
export function writeSubmission(lesson: Lesson, cloud: Cloud, by: string | null): WrittenSubmission {
  const record = recordOf(lesson, by ?? callerName(), new Date());
  const { definition } = cloudDefinition(cloud);
  return { record, yaml: `${stringify({ [RECORD_KEY]: record })}${definitionYaml(definition)}` };
}

function recordOf(lesson: Lesson, by: string, now: Date): SubmissionRecord {
  const progress = progressOf(readProgress(), progressKey(lesson));
  const { checks, hintsTaken, solutionSeen } = progress;
  const seconds = secondsUsed(progress, now);
  return { lesson: lesson.id, by, at: now.toISOString(), seconds, checks, hints: hintsTaken, solutionSeen };
}
