/** Opening a file: from its bytes to a text, to what kind of file it is, and to a tree with line and column. */
import type { Stats } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { printable } from '../cloud/text/quote.js';
import { brokenJson, readJson } from './json.js';
import {
  FOREIGN_JSON,
  kindOfJson,
  LOOKS_LIKE_JSON,
  type SourceKind,
  TEMPLATE_YAML,
  TERRAFORM_LANGUAGE,
} from './kinds.js';
import { type DefinitionError, fileError } from './problems.js';
import type { SourceTree } from './tree.js';
import { readTemplateYaml, readYaml } from './yaml.js';

/** Linux: PATH_MAX. */
const MAX_PATH = 4096;
const MAX_DEFINITION = 4 * 1024 * 1024;
const MAX_BYTES = 64 * 1024 * 1024;

const FILE_FAULTS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EACCES: 'this user may not read the file',
  EISDIR: 'this is a directory',
  ENAMETOOLONG: 'the name of the file is too long',
  ELOOP: 'the symbolic links to the file form a loop',
};

/** A file whose kind is known. */
export interface SourceFile {
  /** As messages call it. */
  readonly file: string;
  readonly kind: SourceKind;
  /** Throws DefinitionError for what is broken. */
  readonly tree: () => SourceTree;
}

/** Throws DefinitionError for what is no text, too large or no file, and for a kind that nobody here reads. */
export async function openFile(path: string): Promise<SourceFile> {
  return openText(await readText(path), path);
}

/** A file's kind by its content: what it is called tells nothing. */
function openText(text: string, path: string): SourceFile {
  const file = shownPath(path);
  if (LOOKS_LIKE_JSON.test(text)) {
    const json = readJson(text, file);
    if (json === null && FOREIGN_JSON.test(text)) throw brokenJson(text, file);
    const kind = json === null ? 'scenario' : kindOfJson(json.value, file);
    if (json !== null && kind !== 'scenario') return { file, kind, tree: () => json };
  } else if (TEMPLATE_YAML.test(text)) {
    return { file, kind: 'cloudformation', tree: () => readTemplateYaml(text, file) };
  } else if (TERRAFORM_LANGUAGE.test(text)) {
    const hint = 'Make a plan and print it: `terraform plan -out=p && terraform show -json p > plan.json`.';
    throw fileError(file, "this is Terraform's language, which only Terraform can evaluate", hint);
  }
  return { file, kind: 'scenario', tree: () => readScenarioText(text, path) };
}

/** The tree of a scenario's text, JSON included: it is YAML, too. `path` is what messages call it. */
export function readScenarioText(text: string, path: string): SourceTree {
  const file = shownPath(path);
  if (text.includes('\0')) throw fileError(file, 'the file is not text: it has NUL characters');
  return readYaml(text, file);
}

/**
 * The text of a file that somebody named. Definition files are written by hand; those of other programs describe whole
 * accounts. @throws DefinitionError for what is no text, too large or no file
 */
export async function readText(path: string): Promise<string> {
  const text = decode(await readBytes(path), path);
  if (text.length > MAX_DEFINITION && !LOOKS_LIKE_JSON.test(text)) throw tooLarge(path, MAX_DEFINITION);
  return text;
}

/** The text of a file by people who know of no encodings: UTF-16 where it says so, and bytes that are no UTF-8 become U+FFFD. */
export async function readLooseText(path: string): Promise<string> {
  const bytes = await readBytes(path);
  const isWide = bytes[0] === 0xff && bytes[1] === 0xfe;
  return new TextDecoder(isWide ? 'utf-16le' : 'utf-8').decode(bytes);
}

async function readBytes(path: string): Promise<Uint8Array> {
  const file = shownPath(path);
  try {
    const status = await stat(path);
    if (status.isDirectory()) throw fileError(file, 'this is a directory', 'Name a file in it.');
    if (!status.isFile()) throw fileError(file, specialFile(status), 'Write its content to a file, and name that.');
    if (status.size > MAX_BYTES) throw tooLarge(path, MAX_BYTES);
    return await readFile(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const fault = FILE_FAULTS[code];
    throw fault === undefined ? error : fileError(file, fault);
  }
}

/** Reading one of these may never come to an end. */
function specialFile(status: Stats): string {
  if (status.isFIFO()) return 'this is a pipe, not a file';
  return status.isSocket() ? 'this is a socket, not a file' : 'this is a device, not a file';
}

function decode(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const isArchive = bytes[0] === 0x50 && bytes[1] === 0x4b;
    const hint = isArchive ? 'Of a Terraform plan, `terraform show -json FILE` makes text.' : null;
    throw fileError(shownPath(path), 'the file is not UTF-8 text', hint);
  }
}

function tooLarge(path: string, bytes: number): DefinitionError {
  return fileError(shownPath(path), `the file is larger than ${bytes / 1024 / 1024} MiB`);
}

function shownPath(path: string): string {
  return printable(path, MAX_PATH);
}
