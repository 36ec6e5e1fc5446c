/** `portSets`: names that stand for ports wherever a file writes ports. */
import { listOf } from '../changes/read-parts.js';
import { checkName } from '../cloud/text/names.js';
import { parsePorts } from '../cloud/text/rule.js';
import { Origins } from '../source/derived-tree.js';
import type { ProblemList } from '../source/problems.js';
import { isMapping, type Path, type SourceTree } from '../source/tree.js';
import type { ScenarioDefinition } from './schema.js';

/** A list of ports, as rules and listeners have it. */
const PORT_KEYS = new Set(['ports', 'listen']);

/** Texts whose last word says which traffic. */
const PROBE_KEYS = new Set(['probe', 'allow', 'refused']);

/** `web` of a rule, `tcp/web` of a listener. */
const PORT_WORD = /^((?:tcp|udp)\/)?([a-z][a-z0-9-]*)$/;

type PortSets = ReadonlyMap<string, readonly string[]>;

/** The tree in which the ports themselves stand in place of the names of sets. */
export function withPortSets(tree: SourceTree): SourceTree {
  const sets = setsOf(tree.value);
  if (sets.size === 0) return tree;
  const origins = new Origins();
  return origins.treeOf(new Substitution(sets, tree, origins).of(tree.value, []), tree);
}

/** Says what is wrong with names and ports of the sets. */
export function checkPortSets({ portSets = {} }: ScenarioDefinition, problems: ProblemList): void {
  for (const [name, ports] of Object.entries(portSets)) {
    problems.attempt(['portSets', name], () => [checkName('a set of ports', name)], 'key');
    for (const port of listOf(ports)) problems.attempt(['portSets', name], () => parsePorts(String(port)));
  }
}

/** Only of sets that are right: what is wrong with another one is said where it stands. */
function setsOf(value: unknown): PortSets {
  const sets = isMapping(value) && isMapping(value.portSets) ? value.portSets : {};
  return new Map(
    Object.entries(sets).flatMap(([name, ports]) => {
      const words = (Array.isArray(ports) ? ports : [ports]).map(String);
      return words.every((word) => /^\d+(-\d+)?$/.test(word)) ? [[name, words] as const] : [];
    }),
  );
}

class Substitution {
  readonly #sets: PortSets;
  readonly #tree: SourceTree;
  readonly #origins: Origins;

  constructor(sets: PortSets, tree: SourceTree, origins: Origins) {
    this.#sets = sets;
    this.#tree = tree;
    this.#origins = origins;
  }

  /** The value, of which the key at the end of the path says how words in it are meant. */
  of(value: unknown, path: Path): unknown {
    const key = path.findLast((step) => typeof step === 'string');
    if (path[0] === 'portSets') return value;
    if (PORT_KEYS.has(String(key)) && !isMapping(value)) return this.#ports(value, path);
    if (PROBE_KEYS.has(String(key)) && typeof value === 'string') return this.#probe(value);
    if (Array.isArray(value)) return value.map((item, position) => this.of(item, [...path, position]));
    if (!isMapping(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, this.of(each, [...path, name])]));
  }

  #ports(value: unknown, path: Path): unknown {
    const isList = Array.isArray(value);
    const items: readonly unknown[] = isList ? value : [value];
    const found = items.flatMap((item, position) => {
      const origin = { tree: this.#tree, path: isList ? [...path, position] : path };
      return this.#meantBy(item).map((meant) => ({ meant, origin }));
    });
    const [only] = found;
    if (!isList && found.length === 1) return only?.meant;
    const list = found.map(({ meant }) => meant);
    for (const [position, { origin }] of found.entries()) this.#origins.note(list, position, origin);
    return list;
  }

  #meantBy(item: unknown): readonly unknown[] {
    const [, protocol = '', name = ''] = typeof item === 'string' ? (PORT_WORD.exec(item) ?? []) : [];
    return this.#sets.get(name)?.map((port) => `${protocol}${port}`) ?? [item];
  }

  /** `web-1 -> db-1 tcp/22,db` */
  #probe(text: string): string {
    return text.replace(/\s*,\s*/g, ',').replace(/\S+(?=\s*$)/, (traffic) =>
      traffic
        .split(',')
        .map((word) => this.#meantBy(word).join(','))
        .join(','),
    );
  }
}
