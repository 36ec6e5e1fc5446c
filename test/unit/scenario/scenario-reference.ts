/** The reference of scenario files for readers: tables of every key, generated from the JSON Schema. */
import { scenarioSchema } from '../../../src/scenario/schema.js';
import { type JsonSchema, jsonSchemaOf } from './json-schema-text.js';

/** Headings of the parts that several keys share. */
const SHARED: Readonly<Record<string, string>> = {
  rule: 'A rule',
  route: 'A route',
  step: 'Steps',
  networkAclEntry: 'An entry of a network ACL',
};
const HEAD = '| Key | Type | Meaning | Example |\n|---|---|---|---|\n';

/** Generates Markdown: a section for the file, each of its sections, their shared parts, and each kind of step. */
export function scenarioReference(): string {
  const schema = jsonSchemaOf(scenarioSchema);
  const keys = Object.entries(schema.properties ?? {});
  const parts = keys.filter(([key]) => key !== 'steps');
  const { step, ...shared } = schema.$defs ?? {};
  return [
    section('## The file', keys.map(([key, value]) => row(key, value, schema)).join('')),
    ...parts.map(([key, value]) => section(`### \`${key}\``, rowsBelow(key, value))),
    ...Object.entries(shared).map(([name, part]) => section(`### ${headingOf(name)}`, rowsBelow('', part))),
    '## Steps\n\nA step is one of these. Each may have a `name`, which reports show instead of what the step does.\n',
    ...(step?.anyOf ?? []).map(stepSection),
  ]
    .filter((text) => text !== '')
    .join('\n');
}

function stepSection(step: JsonSchema): string {
  const { name: _, ...properties } = step.properties ?? {};
  const [kind = ''] = Object.keys(properties);
  return section(`### \`${kind}\``, rowsBelow('', { ...step, properties }));
}

/** @returns an empty text for a key with nothing below it */
function section(heading: string, rows: string): string {
  return rows === '' ? '' : `${heading}\n\n${HEAD}${rows}`;
}

/** A row for every key inside, at whatever depth; keys that several alternatives share get one row. */
function rowsBelow(path: string, schema: JsonSchema): string {
  const own = Object.entries(schema.properties ?? {}).map(([key, value]) => {
    const place = path === '' ? key : `${path}.${key}`;
    return row(place, value, schema, key) + rowsBelow(place, value);
  });
  const named = schema.additionalProperties ? [rowsBelow(`${path}.NAME`, schema.additionalProperties)] : [];
  const listed = schema.items ? [rowsBelow(`${path}[]`, schema.items)] : [];
  // For a value or a list of such values, only the value is described: the list has the same keys.
  const single = (schema.anyOf ?? []).filter(({ type }) => type !== 'array').map((each) => rowsBelow(path, each));
  return [...new Set([...own, ...named, ...listed, ...single])].join('');
}

function row(place: string, schema: JsonSchema, owner: JsonSchema, key = place): string {
  const [, meaning = '', example = ''] = /^(.*?)\s*(?:Example: (.*))?$/s.exec(schema.description ?? '') ?? [];
  const need = owner.required?.includes(key) ? ', required' : '';
  const cells = [`\`${place}\``, `${typeOf(schema)}${need}`, meaning, example];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`;
}

/** Formats `string or list of string`, `integer 1–65535`, `ipv4 or ipv6`. */
function typeOf(schema: JsonSchema): string {
  const name = schema.$ref?.split('/').at(-1);
  if (name !== undefined) return `[${headingOf(name)}](#${headingOf(name).toLowerCase().replaceAll(' ', '-')})`;
  if (schema.enum !== undefined) return schema.enum.map((word) => `\`${word}\``).join(', ');
  if (schema.const !== undefined) return `\`${schema.const}\``;
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map(typeOf))].join(' or ');
  if (schema.prefixItems !== undefined) return `list of ${schema.prefixItems.length}`;
  if (schema.items) return `list of ${typeOf(schema.items)}`;
  if (schema.additionalProperties) return 'map by name';
  return [schema.type ?? 'anything'].flat().join(' or ') + range(schema);
}

function range({ minimum, maximum }: JsonSchema): string {
  // -1 is AWS's word for all.
  if (minimum === undefined || minimum < 0) return '';
  return maximum === undefined ? ` from ${minimum}` : ` ${minimum}–${maximum}`;
}

function headingOf(name: string): string {
  return SHARED[name] ?? name;
}
