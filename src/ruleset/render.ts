import type { Chain, Element, NamedSet, Ruleset, Table } from './types.js';

/**
 * Renders the whole ruleset of a namespace as nft text for one `nft -f -`. Loading it is atomic and replaces the
 * previous ruleset. In a new namespace the flush costs nothing, whereas adding and deleting each table first would wait
 * for the kernel (RCU) for 10 ms.
 */
export function render(ruleset: Ruleset): string {
  return ['flush ruleset\n', ...ruleset.tables.map(renderTable)].join('\n');
}

/** Replaces one table: `add` makes the following `delete` succeed even if there is none yet. */
export function replaceTable(table: Table): string {
  const name = tableName(table);
  return `add table ${name}\ndelete table ${name}\n${renderTable(table)}`;
}

function renderTable(table: Table): string {
  const blocks = [...table.sets.map(renderSet), ...table.chains.map(renderChain)].join('\n');
  return `table ${tableName(table)} {\n${blocks}}\n`;
}

/** A name such as `inet sg`. */
export function tableName(table: Table): string {
  return `${table.family} ${table.name}`;
}

export function kind(set: NamedSet): 'set' | 'map' {
  return set.data === null ? 'set' : 'map';
}

/** The set's definition without its elements: `type …; flags …; counter;`. */
export function setDefinition(set: NamedSet): string[] {
  return [
    set.data === null ? `type ${set.type}` : `type ${set.type} : ${set.data}`,
    ...(set.flags.length > 0 ? [`flags ${set.flags.join(', ')}`] : []),
    ...(set.counter ? ['counter'] : []),
  ];
}

/** Renders `tcp . 22 . 10.0.0.0/8 comment "sgr-…" : 0x00000007`. */
export function renderElement(key: string, element: Element): string {
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
