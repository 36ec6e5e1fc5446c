/** Courses: folders of lessons. sglab ships one; a folder or a git checkout of one's own is another. */
import fs from 'node:fs';
import path from 'node:path';
import { quote } from '../cloud/text/quote.js';
import { hintFor } from '../cloud/text/suggest.js';
import { SglabError } from '../errors.js';
import { PACKAGE_ROOT } from '../source/package-root.js';
import { isLesson, loadLesson } from './load.js';
import type { Lesson } from './types.js';

export interface Course {
  /** Absolute. */
  readonly directory: string;
  /** Folders of its lessons, absolute, in their order; the first is lesson 1. */
  readonly folders: readonly string[];
}

/** A lesson that cannot be used; the others of its course can. */
export interface BrokenLesson {
  readonly folder: string;
  /** With file, line and column. */
  readonly problems: readonly string[];
}

export interface CourseLessons {
  readonly lessons: readonly Lesson[];
  readonly broken: readonly BrokenLesson[];
}

const SHIPPED = path.join(PACKAGE_ROOT, 'scenarios/lessons');

/** Names the course for commands that name none. */
const COURSE_VARIABLE = 'SGLAB_COURSE';

/** A course may have modules, and stand below the top of its checkout. */
const MAX_DEPTH = 3;

/**
 * @param word a folder; undefined: the one of $SGLAB_COURSE, or else the shipped one
 * @throws SglabError for a folder without lessons
 */
export function openCourse(word: string | undefined = process.env[COURSE_VARIABLE] || undefined): Course {
  const directory = path.resolve(word ?? SHIPPED);
  const folders = foldersBelow(directory, MAX_DEPTH).sort(inOrder(directory));
  if (folders.length > 0) return { directory, folders };
  throw new SglabError('NoCourse', `there is no lesson in ${quote(directory, directory.length)}`, {
    hint: 'a course is a folder of lessons, each a folder with lesson.yaml and lab.yaml: docs/lessons.md',
  });
}

/** `2-b` before `10-a`. */
function inOrder(directory: string): (left: string, right: string) => number {
  const name = (folder: string) => path.relative(directory, folder);
  return (left, right) => name(left).localeCompare(name(right), 'en', { numeric: true });
}

export function isShipped({ directory }: Course): boolean {
  return directory === SHIPPED;
}

function foldersBelow(directory: string, depth: number): string[] {
  if (depth === 0) return [];
  return namesIn(directory).flatMap((name) => {
    const folder = path.join(directory, name);
    return isLesson(folder) ? [folder] : foldersBelow(folder, depth - 1);
  });
}

function namesIn(directory: string): string[] {
  try {
    const entries = fs.readdirSync(directory, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() && !/^\.|^node_modules$/.test(entry.name))
      .map(({ name }) => name);
  } catch {
    return [];
  }
}

/** Reads every lesson of the folders; a broken one costs only itself. */
export async function readLessons(folders: readonly string[]): Promise<CourseLessons> {
  const read = await Promise.all(folders.map(readOrReport));
  return {
    lessons: read.flatMap((each) => ('id' in each ? [each] : [])),
    broken: read.flatMap((each) => ('id' in each ? [] : [each])),
  };
}

async function readOrReport(folder: string): Promise<Lesson | BrokenLesson> {
  try {
    return await loadLesson(folder);
  } catch (error) {
    if (!(error instanceof SglabError)) throw error;
    return { folder, problems: error.message.split('\n') };
  }
}

/**
 * The lesson that a word means: `5`, `database-by-group`, `05-database-by-group`, its folder in the course, or a folder of
 * one's own.
 * @throws SglabError for a word that means none
 */
export async function findLesson(word: string, course: Course): Promise<Lesson> {
  const ids = course.folders.map((folder) => path.basename(folder));
  const at = /^\d+$/.test(word)
    ? Number(word) - 1
    : course.folders.findIndex((folder, position) => {
        const id = ids[position];
        return id === word || withoutNumber(id ?? '') === word || path.join(course.directory, word) === folder;
      });
  const folder = course.folders[at];
  if (folder !== undefined) return loadLesson(folder);
  if (isLesson(word)) return loadLesson(word);
  throw new SglabError('NoLesson', `there is no lesson ${quote(word)}`, {
    hint: hintFor(word, ids.map(withoutNumber)) ?? '`sglab learn` lists them; a folder of your own works, too',
  });
}

/** `05-database-by-group` -> `database-by-group` */
function withoutNumber(id: string): string {
  return id.replace(/^\d+-/, '');
}

/** Where a lesson stands. */
export interface LessonPlace {
  /** From 1; null for one that stands alone. */
  readonly number: number | null;
  /** The command that goes on. */
  readonly next: string;
}

/** @param word the course that somebody named, if any; a lesson that is not in it is placed among its neighbours */
export function placeOf({ directory }: Lesson, word?: string): LessonPlace {
  const named = word ?? process.env[COURSE_VARIABLE];
  const course = named ? openCourse(named) : null;
  const placed = course?.folders.includes(directory) ? course : neighboursOf(directory);
  const at = placed.folders.indexOf(directory);
  const isAlone = placed.folders.length < 2;
  const next = at + 1 < placed.folders.length ? ` start ${at + 2}` : '';
  return {
    number: isAlone ? null : at + 1,
    next: `sudo sglab learn${isAlone ? '' : `${courseOption(placed)}${next}`}`,
  };
}

function neighboursOf(directory: string): Course {
  const parent = path.dirname(directory);
  return { directory: parent, folders: foldersBelow(parent, 1).sort(inOrder(parent)) };
}

/** What a command has to say to mean this course: nothing where it is the shipped one. */
export function courseOption(course: Course): string {
  return isShipped(course) ? '' : ` --course ${course.directory}`;
}

/** The key under which progress is stored: shipped lessons keep theirs wherever sglab is installed. */
export function progressKey({ id, directory }: Lesson): string {
  return path.dirname(directory) === SHIPPED ? id : directory;
}
