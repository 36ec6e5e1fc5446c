import { describe, expect, it } from 'vitest';
import { documentedFolders, readImports } from './source-files.js';

const IMPORTS = readImports();
const FOLDERS = documentedFolders();
/** The program, the page in the browser, what renders reports, and how they are built. */
const STARTS = [
  'cli/main.ts',
  'console/main.tsx',
  'console/vite.config.ts',
  'console/report/render.tsx',
  'console/vite.report.config.ts',
];

describe('the structure of src', () => {
  it('has the folders of src/README.md, and no other ones', () => {
    const folders = new Set([...IMPORTS.keys()].filter((file) => file.includes('/')).map(folderOf));
    expect([...folders].sort()).toEqual([...FOLDERS].sort());
  });

  it('has no folder that imports one below it in the table', () => {
    const upward = edges().filter(
      ([from, to]) => from.includes('/') && to.includes('/') && floorOf(to) > floorOf(from),
    );
    expect(upward.map(([from, to]) => `${from} imports ${to}`)).toEqual([]);
  });

  it('has nothing that a folder could import beside errors.ts', () => {
    const roots = new Set(edges().map(([, to]) => to));
    expect([...roots].filter((file) => !file.includes('/'))).toEqual(['errors.ts']);
  });

  it('has no circle of files', () => {
    expect(circles().map((files) => files.sort().join(' - '))).toEqual([]);
  });

  it('has no file that only tests import', () => {
    const reached = new Set(STARTS.flatMap((start) => [...reachableFrom(start)]));
    expect([...IMPORTS.keys()].filter((file) => !reached.has(file))).toEqual([]);
  });
});

function edges(): (readonly [from: string, to: string])[] {
  return [...IMPORTS].flatMap(([from, targets]) => targets.map((to) => [from, to] as const));
}

function folderOf(file: string): string {
  return file.split('/')[0] ?? '';
}

function floorOf(file: string): number {
  return FOLDERS.indexOf(folderOf(file));
}

function reachableFrom(file: string, reached = new Set<string>()): ReadonlySet<string> {
  if (reached.has(file)) return reached;
  reached.add(file);
  for (const target of IMPORTS.get(file) ?? []) reachableFrom(target, reached);
  return reached;
}

/** Files that can reach each other, by Tarjan's algorithm for strongly connected components. */
function circles(): string[][] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (file: string): number => {
    const number = order.size;
    order.set(file, number);
    lowest.set(file, number);
    stack.push(file);
    for (const target of IMPORTS.get(file) ?? []) {
      const reaches = order.has(target) ? (stack.includes(target) ? (order.get(target) ?? 0) : number) : visit(target);
      lowest.set(file, Math.min(lowest.get(file) ?? number, reaches));
    }
    if (lowest.get(file) === number) {
      const component = stack.splice(stack.indexOf(file));
      if (component.length > 1) found.push(component);
    }
    return lowest.get(file) ?? number;
  };
  for (const file of IMPORTS.keys()) if (!order.has(file)) visit(file);
  return found;
}
