import { printable } from '../cloud/text/quote.js';

/** Keys and list positions that lead to a value. */
export type Path = readonly PropertyKey[];

/** Both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
  /** Only where it is not the tree's own: a part that another file has. */
  readonly file?: string;
}

/** A file as plain data that still knows where everything stood, whatever language it is written in. */
export interface SourceTree {
  readonly file: string;
  readonly value: unknown;
  /** The place of the value at the path, or of its key; of the nearest value around it if it is missing. */
  readonly positionOf: (path: Path, on?: 'key' | 'value') => Position;
}

/** A value in a tree, and what its file calls it. */
export interface SourceLocation {
  readonly tree: SourceTree;
  readonly path: Path;
  /** An id, a Terraform address or a logical name; for reports. */
  readonly label: string;
}

/** `securityGroups.web.ingress[0].ports` */
export function pathText(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text === '' ? printable(String(step)) : `${text}.${printable(String(step))}`;
  }, '');
}

/** What a file has between braces, or as indented keys. */
export type Mapping = Readonly<Record<string, unknown>>;

export function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, step) => {
    if (typeof inner !== 'object' || inner === null || !Object.hasOwn(inner, step)) return undefined;
    return Reflect.get(inner, step);
  }, value);
}
