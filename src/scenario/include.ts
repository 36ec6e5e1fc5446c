/** `include`: a file takes sections, names and steps from others, as if they stood in it. */
import path from 'node:path';
import { itemsWithPaths } from '../changes/read-parts.js';
import { quote } from '../cloud/text/quote.js';
import { type Origin, Origins } from '../source/derived-tree.js';
import { openFile } from '../source/open.js';
import { DefinitionError, type Problem, textProblem } from '../source/problems.js';
import { isMapping, type Mapping, pathText, type SourceTree } from '../source/tree.js';

/** Nobody keeps track of more. */
const MAX_FILES = 100;

/** These belong to the file that is run: it need not repeat them, and wins where several have them. */
const SINGLE = new Set(['name', 'description', 'quotas', 'icmpErrors']);

/** The tree with everything that its file includes, whose places lead into those files. Throws DefinitionError. */
export async function withIncludes(tree: SourceTree, file: string): Promise<SourceTree> {
  return including(tree, file, { above: [path.resolve(file)], seen: new Set([path.resolve(file)]) });
}

interface Reading {
  /** The files that are being read, from the outermost to this one. */
  readonly above: readonly string[];
  /** A file that several others include stands in the scenario once. */
  readonly seen: Set<string>;
}

async function including(tree: SourceTree, file: string, { above, seen }: Reading): Promise<SourceTree> {
  if (!isMapping(tree.value) || tree.value.include === undefined) return tree;
  const parts: SourceTree[] = [];
  for (const { item, path: place } of itemsWithPaths(['include'], tree.value.include)) {
    const refuse = (message: string, hint: string | null = null): never => {
      const position = tree.positionOf(place);
      throw new DefinitionError([
        textProblem(tree.file, `cannot include ${quote(item, 200)}: ${message}`, { position, hint }),
      ]);
    };
    if (typeof item !== 'string') return refuse('this names no file');
    const named = path.join(path.dirname(file), item);
    const absolute = path.resolve(named);
    const refusal = refusalOf(item, absolute, { above, seen });
    if (refusal !== null) refuse(refusal);
    if (seen.has(absolute)) continue;
    seen.add(absolute);
    const part = await readPart(named, refuse);
    parts.push(await including(part, named, { above: [...above, absolute], seen }));
  }
  return join(tree, parts);
}

function refusalOf(word: string, absolute: string, { above, seen }: Reading): string | null {
  if (path.isAbsolute(word)) return 'write it relative to this file';
  if (above.at(-1) === absolute) return 'it is this file';
  if (above.includes(absolute)) return 'it includes this file, directly or through others';
  return seen.size >= MAX_FILES ? `the file has ${MAX_FILES} files already` : null;
}

/** @param refuse says, with the place of the word, why the file as a whole cannot be read */
async function readPart(file: string, refuse: (message: string, hint: string | null) => never): Promise<SourceTree> {
  try {
    const { kind, tree } = await openFile(file);
    return kind === 'scenario' ? tree() : refuse('it is no scenario file', '`sglab import` makes one of it.');
  } catch (error) {
    const [first] = error instanceof DefinitionError ? error.problems : [];
    if (first === undefined || first.line !== null) throw error;
    return refuse(first.message, first.hint);
  }
}

/** Sections are joined name by name, the steps of the parts come first. `x-…` keys have done their work in their own file. */
function join(main: SourceTree, parts: readonly SourceTree[]): SourceTree {
  const joined: Record<string, unknown> = {};
  const origins = new Origins();
  const twice: Problem[] = [];
  const trees = [...parts, main];
  for (const key of new Set(trees.flatMap(({ value }) => (isMapping(value) ? Object.keys(value) : [])))) {
    const having = trees.flatMap((tree) =>
      isMapping(tree.value) && Object.hasOwn(tree.value, key) ? [{ tree, path: [key], value: tree.value[key] }] : [],
    );
    const last = having.at(-1);
    if (last === undefined || key === 'include' || key.startsWith('x-')) continue;
    const isMap = !SINGLE.has(key) && having.every(({ value }) => isMapping(value));
    const isList = key === 'steps' && having.every(({ value }) => Array.isArray(value));
    joined[key] = isMap ? joinNames(having, origins, twice) : isList ? joinSteps(having, origins) : last.value;
    origins.note(joined, key, last);
  }
  if (twice.length > 0) throw new DefinitionError(twice);
  return origins.treeOf(joined, main);
}

interface Section extends Origin {
  readonly value: unknown;
}

function joinNames(sections: readonly Section[], origins: Origins, twice: Problem[]): Mapping {
  const joined = new Map<string, Section>();
  for (const { tree, path: section, value } of sections) {
    for (const [name, each] of Object.entries(isMapping(value) ? value : {})) {
      const origin = { tree, path: [...section, name], value: each };
      const first = joined.get(name);
      if (first === undefined) joined.set(name, origin);
      else twice.push(definedTwice(first, origin));
    }
  }
  const names = Object.fromEntries([...joined].map(([name, { value }]) => [name, value]));
  for (const [name, origin] of joined) origins.note(names, name, origin);
  return names;
}

/** @returns the problem, placed at the second */
function definedTwice(first: Origin, second: Origin): Problem {
  const { file = first.tree.file, line } = first.tree.positionOf(first.path, 'key');
  const { file: itsFile = second.tree.file, ...position } = second.tree.positionOf(second.path, 'key');
  const message = `${pathText(second.path)} stands in two files`;
  return textProblem(itsFile, message, { position, hint: `The other is at ${file}:${line}.` });
}

function joinSteps(sections: readonly Section[], origins: Origins): unknown[] {
  const joined: unknown[] = [];
  for (const { tree, path: section, value } of sections) {
    for (const [position, step] of (Array.isArray(value) ? value : []).entries()) {
      origins.note(joined, joined.length, { tree, path: [...section, position] });
      joined.push(step);
    }
  }
  return joined;
}
