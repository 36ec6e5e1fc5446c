/**
 * Progress of a person, and the file that keeps it: `learn.json` in $SGLAB_STATE_DIR, or else $XDG_STATE_HOME/sglab, or
 * else ~/.local/state/sglab of the user at the terminal. Under sudo that is the caller, not root, so that `sglab learn`
 * shows the same with and without it.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { quote } from '../cloud/text/quote.js';
import { SglabError } from '../errors.js';
import { PRIVATE, replaceFile } from '../kernel/safe-file.js';

export interface Progress {
  readonly version: 1;
  /** Progress by the lesson's id; by its folder where it is the user's own. */
  readonly lessons: Readonly<Record<string, LessonProgress>>;
}

/** Beginning anew (`learn reset`) keeps all but `started` and `hints`: it is no way to have needed less. */
export interface LessonProgress {
  /** ISO 8601; null: not yet. */
  readonly started: string | null;
  readonly firstStarted: string | null;
  readonly passed: string | null;
  readonly checks: number;
  /** How many hints were told in all. */
  readonly hintsTaken: number;
  /** How many of the hints of a situation were told. */
  readonly hints: Readonly<Record<string, number>>;
  readonly solutionSeen: boolean;
}

export const NO_PROGRESS: Progress = { version: 1, lessons: {} };

const UNTOUCHED: LessonProgress = {
  started: null,
  firstStarted: null,
  passed: null,
  checks: 0,
  hintsTaken: 0,
  hints: {},
  solutionSeen: false,
};

export function progressOf({ lessons }: Progress, lesson: string): LessonProgress {
  return { ...UNTOUCHED, ...(Object.hasOwn(lessons, lesson) ? lessons[lesson] : undefined) };
}

/** Begun, or begun anew: hints are told from the first one again; that it was passed once stays. */
export function withStart(progress: Progress, lesson: string, now: Date): Progress {
  const { started: before, firstStarted } = progressOf(progress, lesson);
  const started = now.toISOString();
  return changed(progress, lesson, { started, firstStarted: firstStarted ?? before ?? started, hints: {} });
}

export function withCheck(progress: Progress, lesson: string, passed: boolean, now: Date): Progress {
  const { checks, passed: before } = progressOf(progress, lesson);
  return changed(progress, lesson, { checks: checks + 1, passed: before ?? (passed ? now.toISOString() : null) });
}

export function withHint(progress: Progress, lesson: string, situation: string, shownHints: number): Progress {
  const { hints, hintsTaken } = progressOf(progress, lesson);
  const fresh = shownHints > (hints[situation] ?? 0) ? 1 : 0;
  return changed(progress, lesson, { hints: { ...hints, [situation]: shownHints }, hintsTaken: hintsTaken + fresh });
}

/** Seconds from the first start to the first pass, or until now; null: not begun. */
export function secondsUsed({ firstStarted, passed }: LessonProgress, now: Date): number | null {
  if (firstStarted === null) return null;
  const until = passed === null ? now.getTime() : Date.parse(passed);
  return Math.max(0, Math.round((until - Date.parse(firstStarted)) / 1000));
}

export function withSolutionSeen(progress: Progress, lesson: string): Progress {
  return changed(progress, lesson, { solutionSeen: true });
}

function changed(progress: Progress, lesson: string, change: Partial<LessonProgress>): Progress {
  return { ...progress, lessons: { ...progress.lessons, [lesson]: { ...progressOf(progress, lesson), ...change } } };
}

export function progressFile(): string {
  const { SGLAB_STATE_DIR: own, XDG_STATE_HOME: xdg } = process.env;
  return path.join(own ?? path.join(xdg ?? path.join(caller().home, '.local/state'), 'sglab'), 'learn.json');
}

/** @throws SglabError for a file that is no record of progress */
export function readProgress(): Progress {
  const file = progressFile();
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch {
    return NO_PROGRESS; // nothing was learned yet, or another user's home is closed
  }
  try {
    const read = JSON.parse(text) as Partial<Progress> | null;
    if (read?.version === 1 && typeof read.lessons === 'object') return { ...NO_PROGRESS, ...read };
  } catch {
    // said below
  }
  throw new SglabError('BadProgress', `${quote(file, file.length)} is not a record of lessons`, {
    hint: 'remove it to start over',
  });
}

/** Whole or not at all: it is written beside and then put in place. */
export function writeProgress(progress: Progress): void {
  const file = progressFile();
  try {
    const made = fs.mkdirSync(path.dirname(file), { recursive: true });
    replaceFile(file, `${JSON.stringify(progress, null, 2)}\n`, PRIVATE);
    giveToCaller(file, made);
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    throw new SglabError('CannotWrite', `${quote(file, file.length)} cannot be written: ${reason}`, {
      hint: 'SGLAB_STATE_DIR names another folder for it',
      cause,
    });
  }
}

/** @param made the topmost folder that was made for it */
function giveToCaller(file: string, made: string | undefined): void {
  const { uid, gid } = caller();
  if (process.getuid?.() !== 0 || uid === null || gid === null) return;
  const folders = [];
  for (let at = path.dirname(file); made !== undefined && at.startsWith(made); at = path.dirname(at)) folders.push(at);
  for (const each of [file, ...folders]) fs.lchownSync(each, uid, gid);
}

interface Caller {
  readonly name: string;
  readonly home: string;
  /** null: whoever runs this. */
  readonly uid: number | null;
  readonly gid: number | null;
}

/** Who works here: under sudo its caller. */
export function callerName(): string {
  return caller().name;
}

function caller(): Caller {
  const { SUDO_UID, SUDO_GID } = process.env;
  const self = { name: os.userInfo().username, home: os.homedir(), uid: null, gid: null };
  if (process.getuid?.() !== 0 || SUDO_UID === undefined || SUDO_GID === undefined) return self;
  const entries = fs
    .readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const [name = '', , , , , home] = entries.find(([, , uid]) => uid === SUDO_UID) ?? [];
  return home === undefined ? self : { name, home, uid: Number(SUDO_UID), gid: Number(SUDO_GID) };
}
