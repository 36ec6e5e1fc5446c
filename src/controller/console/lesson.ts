/** The lesson whose lab this is, as the page shows and grades it. */
import { SglabError } from '../../errors.js';
import type { Lab } from '../../lab/lab.js';
import { placeOf } from '../../lessons/course.js';
import { gradeLab } from '../../lessons/grade-lab.js';
import { lessonFolderOf, loadLesson } from '../../lessons/load.js';
import { type HintAnswer, nextHint } from '../../lessons/next-hint.js';
import { progressOfLesson, recordCheck, recordPass } from '../../lessons/record.js';
import type { Grade, Lesson } from '../../lessons/types.js';
import { explainInLab } from '../../verify/explain/explain-in-lab.js';
import type { LessonView } from './protocol.js';

export class LiveLesson {
  readonly #live: Lab;
  /** Of the lesson; null where the lab is of none. */
  readonly #directory: string | null;

  /** @param file the scenario of the lab */
  constructor(live: Lab, file: string | null) {
    this.#live = live;
    this.#directory = lessonFolderOf(live.name, file);
  }

  /** null where the lab is of none. */
  async view(): Promise<LessonView | null> {
    if (this.#directory === null) return null;
    const lesson = await loadLesson(this.#directory);
    const { id, title, idea, story, moral, goals } = lesson;
    const told = { id, title, idea, story, moral, goals: goals.map(({ goal }) => goal) };
    return { ...told, number: placeOf(lesson).number, progress: progressOfLesson(lesson) };
  }

  /** @param isCheck somebody asked for it: it counts in the progress. @throws SglabError where there is no lesson */
  async grade(isCheck: boolean, signal: AbortSignal): Promise<Grade> {
    const lesson = await this.#require();
    const grade = await gradeLab(this.#live, lesson.goals, { signal });
    if (isCheck) recordCheck(lesson, grade);
    else recordPass(lesson, grade);
    return grade;
  }

  /** The next one; null when all goals are met. @throws SglabError where there is no lesson */
  async hint(signal: AbortSignal): Promise<HintAnswer | null> {
    const lesson = await this.#require();
    return nextHint(lesson, {
      grade: () => gradeLab(this.#live, lesson.goals, { signal }),
      explain: (probe) => explainInLab(this.#live, probe, { signal, ruledOut: lesson.forbid }),
    });
  }

  #require(): Promise<Lesson> {
    if (this.#directory === null) throw new SglabError('NoLesson', 'this lab is of no lesson');
    return loadLesson(this.#directory);
  }
}
