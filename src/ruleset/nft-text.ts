/** A ruleset as nft text, and the commands that turn one into another. */
import type { Chain, Element, NamedSet, Ruleset, Table } from './ruleset.js';

/**
 * Renders the whole ruleset of a namespace as nft text for one `nft -f -`. Loading it is atomic and replaces the
 * previous ruleset. In a new namespace the flush costs nothing, whereas adding and deleting each table first would wait
 * for the kernel (RCU) for 10 ms.
 */
export function render(ruleset: Ruleset): string {
  return ['flush ruleset\n', ...ruleset.tables.map(renderTable)].join('\n');
}

/** Replaces one table: `add` makes the following `delete` succeed even if there is none yet. */
function replaceTable(table: Table): string {
  const name = tableName(table);
  return `add table ${name}\ndelete table ${name}\n${renderTable(table)}`;
}

function renderTable(table: Table): string {
  const blocks = [...table.sets.map(renderSet), ...table.chains.map(renderChain)].join('\n');
  return `table ${tableName(table)} {\n${blocks}}\n`;
}

/** A name such as `inet sg`. */
function tableName(table: Table): string {
  return `${table.family} ${table.name}`;
}

function kind(set: NamedSet): 'set' | 'map' {
  return set.data === null ? 'set' : 'map';
}

/** The set's definition without its elements: `type …; flags …; counter;`. */
function setDefinition(set: NamedSet): string[] {
  return [
    set.data === null ? `type ${set.type}` : `type ${set.type} : ${set.data}`,
    ...(set.flags.length > 0 ? [`flags ${set.flags.join(', ')}`] : []),
    ...(set.counter ? ['counter'] : []),
  ];
}

/** Renders `tcp . 22 . 10.0.0.0/8 comment "sgr-…" : 0x00000007`. */
function renderElement(key: string, element: Element): string {
  const comment = element.comment === null ? '' : ` comment "${element.comment}"`;
  const value = element.value === null ? '' : ` : ${element.value}`;
  return `${key}${comment}${value}`;
}

function renderSet(set: NamedSet): string {
  const lines = setDefinition(set).map((line) => `    ${line};`);
  const elements = Array.from(set.elements, ([key, element]) => `      ${renderElement(key, element)}`);
  if (elements.length > 0) lines.push(`    elements = {\n${elements.join(',\n')}\n    }`);
  return `  ${kind(set)} ${set.name} {\n${lines.join('\n')}\n  }\n`;
}

function renderChain(chain: Chain): string {
  const lines = [...(chain.hook === null ? [] : [chain.hook]), ...chain.rules].map((line) => `    ${line}\n`);
  return `  chain ${chain.name} {\n${lines.join('')}  }\n`;
}

/**
 * The smallest transaction that turns `before` into `after`, or null if nothing changes. It has one command a line and
 * no blocks, so that the lines may also be joined by `;` for an interactive nft. Loading it is atomic.
 *
 * Elements that packets added (flag `dynamic`) and the counters of everything unchanged survive it. A table is replaced
 * as a whole only if the definition of a set or a base chain in it changes, which nft cannot alter.
 */
export function difference(before: Ruleset, after: Ruleset): string | null {
  const old = new Map(before.tables.map((table) => [tableName(table), table]));
  const kept = new Set(after.tables.map(tableName));
  const commands = [
    ...[...old.keys()].filter((name) => !kept.has(name)).map((name) => `delete table ${name}\n`),
    ...after.tables.map((table) => tableDifference(old.get(tableName(table)), table)),
  ].join('');
  return commands === '' ? null : commands;
}

function tableDifference(before: Table | undefined, after: Table): string {
  if (before === undefined || isRedefined(before, after)) return replaceTable(after);
  const sets = compare(before.sets, after.sets, sameElements);
  const chains = compare(before.chains, after.chains, sameRules);
  const name = tableName(after);
  // A set or chain must exist before anything refers to it, and be deleted after: rules refer to sets and chains,
  // elements of verdict maps to chains. (nft 1.0.6 sends elements of a new map together with the map, so that chains
  // come first.)
  const commands = [
    ...chains.added.map((chain) => addChain(name, chain)),
    ...sets.added.map((set) => `add ${kind(set)} ${name} ${set.name} { ${setDefinition(set).join('; ')}; }`),
    ...[...chains.removed, ...chains.changed.map(([chain]) => chain)].map(({ name: c }) => `flush chain ${name} ${c}`),
    ...sets.changed.flatMap(([from, to]) => elementDifference(name, from, to)),
    ...sets.added.flatMap((set) => elements('add', name, set, [...set.elements.keys()])),
    ...[...chains.added, ...chains.changed.map(([, chain]) => chain)].flatMap((chain) =>
      chain.rules.map((rule) => `add rule ${name} ${chain.name} ${rule}`),
    ),
    ...sets.removed.map((set) => `delete ${kind(set)} ${name} ${set.name}`),
    ...chains.removed.map((chain) => `delete chain ${name} ${chain.name}`),
  ];
  return commands.map((command) => `${command}\n`).join('');
}

function addChain(table: string, { name, hook }: Chain): string {
  return `add chain ${table} ${name}${hook === null ? '' : ` { ${hook} }`}`;
}

function elementDifference(table: string, before: NamedSet, after: NamedSet): string[] {
  const changed = (a: NamedSet, b: NamedSet): string[] =>
    Array.from(a.elements)
      .filter(([key, { value, comment }]) => {
        const other = b.elements.get(key);
        return other?.value !== value || other.comment !== comment;
      })
      .map(([key]) => key);
  const removed = changed(before, after);
  if (removed.some((key) => isStuck(before, key))) {
    return [
      `flush ${kind(before)} ${table} ${before.name}`,
      ...elements('add', table, after, [...after.elements.keys()]),
    ];
  }
  return [...elements('delete', table, before, removed), ...elements('add', table, after, changed(after, before))];
}

const LAST_KEYS = new Set(['255', '65535', '255.255.255.255/32', `${'ffff:'.repeat(7)}ffff/128`]);

/** nft 1.0.6 silently fails to delete an element that is only the last key of an interval set. */
function isStuck(set: NamedSet, key: string): boolean {
  return set.flags.includes('interval') && LAST_KEYS.has(key);
}

function elements(verb: 'add' | 'delete', table: string, set: NamedSet, keys: readonly string[]): string[] {
  if (keys.length === 0) return [];
  const list = keys.map((key) => renderElement(key, set.elements.get(key) ?? { value: null, comment: null }));
  return [`${verb} element ${table} ${set.name} { ${list.join(', ')} }`];
}

function isRedefined(before: Table, after: Table): boolean {
  const definitions = new Map<string, string>([
    ...before.sets.map((set): [string, string] => [`set ${set.name}`, setDefinition(set).join()]),
    ...before.chains.map(({ name, hook }): [string, string] => [`chain ${name}`, hook ?? '']),
  ]);
  const differs = (key: string, definition: string): boolean => (definitions.get(key) ?? definition) !== definition;
  return (
    after.sets.some((set) => differs(`set ${set.name}`, setDefinition(set).join())) ||
    after.chains.some(({ name, hook }) => differs(`chain ${name}`, hook ?? ''))
  );
}

interface Comparison<T> {
  readonly added: readonly T[];
  readonly removed: readonly T[];
  /** Pairs of before and after. */
  readonly changed: readonly (readonly [T, T])[];
}

function compare<T extends { readonly name: string }>(
  before: readonly T[],
  after: readonly T[],
  isSame: (a: T, b: T) => boolean,
): Comparison<T> {
  const old = new Map(before.map((item) => [item.name, item]));
  const kept = new Set(after.map((item) => item.name));
  const pairs = after.flatMap((item): [T, T][] => {
    const from = old.get(item.name);
    return from === undefined ? [] : [[from, item]];
  });
  return {
    added: after.filter((item) => !old.has(item.name)),
    removed: before.filter((item) => !kept.has(item.name)),
    changed: pairs.filter(([from, to]) => from !== to && !isSame(from, to)),
  };
}

function sameElements(before: NamedSet, after: NamedSet): boolean {
  return after.flags.includes('dynamic') || elementDifference('', before, after).length === 0;
}

function sameRules(before: Chain, after: Chain): boolean {
  return before.rules.length === after.rules.length && before.rules.every((rule, i) => rule === after.rules[i]);
}
