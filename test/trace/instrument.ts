/** Makes a copy of the product in which every function reports its entry. */
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { RolldownMagicString } from 'rolldown';
import { type ESTree, parseSync, Visitor } from 'rolldown/utils';

const RECORDER = pathToFileURL(path.join(import.meta.dirname, 'recorder.js')).href;

/**
 * Marks functions of every kind: declarations, methods, accessors, constructors, arrows.
 * @param marker a call
 */
export function markEntries(code: string, marker: string): string {
  const marked = new RolldownMagicString(code);
  const mark = ({ body }: ESTree.Function | ESTree.ArrowFunctionExpression) => {
    if (body?.type === 'BlockStatement') marked.appendLeft(body.start + 1, `${marker};`);
    else if (body) marked.appendRight(body.start, `(${marker}, `).prependLeft(body.end, ')');
  };
  const visitor = new Visitor({ FunctionDeclaration: mark, FunctionExpression: mark, ArrowFunctionExpression: mark });
  visitor.visit(parseSync('module.js', code).program);
  return marked.toString();
}

/**
 * Links to the rest of the checkout are placed beside the instrumented `dist`, because its modules look for it there.
 */
export function copyInstrumented(checkout: string, copy: string): void {
  for (const name of fs.readdirSync(checkout)) {
    if (name !== 'dist') fs.symlinkSync(path.join(checkout, name), path.join(copy, name));
  }
  for (const name of fs.readdirSync(path.join(checkout, 'dist'), { encoding: 'utf8', recursive: true })) {
    if (name.endsWith('.js') && !/^(?:bundle|console)\//.test(name))
      instrument(path.join(checkout, 'dist', name), path.join(copy, 'dist', name), sourceOf(name));
  }
}

/** The name below `src`, under which a file is counted. */
const sourceOf = (name: string) => name.replace(/js$/, 'ts');

function instrument(from: string, to: string, source: string): void {
  const code = markEntries(fs.readFileSync(from, 'utf8'), `$entered(${JSON.stringify(source)})`);
  fs.mkdirSync(path.dirname(to), { recursive: true });
  fs.writeFileSync(to, `import { entered as $entered } from ${JSON.stringify(RECORDER)}; ${code}`);
}
