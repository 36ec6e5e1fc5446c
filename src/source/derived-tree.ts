import { type Path, type SourceTree, valueAt } from './tree.js';

/** Where a part of a derived tree stood. */
export interface Origin {
  readonly tree: SourceTree;
  readonly path: Path;
}

/** Remembers where the parts of values stood that were made of parts of files, by the mapping or list that has them now. */
export class Origins {
  readonly #moved = new WeakMap<object, Map<string, Origin>>();

  note(container: object, key: PropertyKey, origin: Origin): void {
    const known = this.#moved.get(container);
    if (known === undefined) this.#moved.set(container, new Map([[String(key), origin]]));
    else known.set(String(key), origin);
  }

  /** The tree of a value that was made of the base: what nobody moved stands where the base has it. */
  treeOf(value: unknown, base: SourceTree): SourceTree {
    const { file } = base;
    const originOf = (path: Path): Origin =>
      path.reduce<Origin & { readonly value: unknown }>(
        ({ tree, path: steps, value: inner }, step) => {
          const moved =
            typeof inner === 'object' && inner !== null ? this.#moved.get(inner)?.get(String(step)) : undefined;
          return { ...(moved ?? { tree, path: [...steps, step] }), value: valueAt(inner, [step]) };
        },
        { tree: base, path: [], value },
      );
    return {
      file,
      value,
      positionOf(path, on) {
        const { tree, path: steps } = originOf(path);
        const position = tree.positionOf(steps, on);
        return tree.file === file ? position : { file: tree.file, ...position };
      },
    };
  }
}
