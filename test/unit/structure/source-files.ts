/** The files of src and what they import of each other, read off their text. */
import fs from 'node:fs';
import path from 'node:path';

const SOURCE = path.resolve('src');

/** Static, type-only and dynamic imports alike: whoever reads a file has to look up all of them. */
const IMPORT = /(?:\bfrom|\bimport\(|^import)\s*'(\.[^']+)\.js'/gm;

/** Paths below src, such as `cloud/types.ts`, each with the paths that it imports. */
export function readImports(): ReadonlyMap<string, readonly string[]> {
  const files = fs
    .readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !file.endsWith('.d.ts') && !file.includes('node_modules/'));
  return new Map(files.map((file) => [file, importsOf(file, new Set(files))]));
}

function importsOf(file: string, files: ReadonlySet<string>): readonly string[] {
  const text = fs.readFileSync(path.join(SOURCE, file), 'utf8');
  const found = [...text.matchAll(IMPORT)].map(([, specifier = '']) => path.join(path.dirname(file), specifier));
  return [...new Set(found)].map((target) => (files.has(`${target}.ts`) ? `${target}.ts` : `${target}.tsx`));
}

/** The folders in the order of src/README.md's table: each may import those before it. */
export function documentedFolders(): readonly string[] {
  const table = fs.readFileSync(path.join(SOURCE, 'README.md'), 'utf8');
  return [...table.matchAll(/^\| `([a-z0-9-]+)\/` \|/gm)].map(([, folder = '']) => folder);
}
