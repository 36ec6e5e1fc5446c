import { parse } from 'yaml';
import { z } from 'zod';

/** A JSON Schema, as far as it is used here. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly const?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | false;
  readonly items?: JsonSchema | false;
  readonly prefixItems?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
}

/** What zod makes of a schema, with each alternative on its own. */
export function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, {
    io: 'input',
    override: ({ jsonSchema }) => dropMachineBounds(jsonSchema),
  }) as JsonSchema;
}

/** Without this, every integer would have the bounds of a JavaScript number. */
function dropMachineBounds(schema: { minimum?: number; maximum?: number }): void {
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
}

/** The JSON Schema of a kind of file, as the text of the file that is published for editors. */
export function jsonSchemaText(kind: string, fileSchema: z.ZodType): string {
  const schema = jsonSchemaOf(fileSchema);
  const { $schema, ...rest } = published(schema, schema.$defs ?? {});
  const notes =
    kind === 'scenario' ? { patternProperties: { '^x-': { description: 'For anchors: left alone.' } } } : {};
  return `${JSON.stringify({ $schema, $id: `urn:sglab:${kind}`, title: `sglab ${kind}`, ...rest, ...notes }, null, 2)}\n`;
}

type Definitions = Readonly<Record<string, JsonSchema>>;

/**
 * The same schema, in which one mistake is one error. A validator that tries alternatives reports what is wrong with each
 * of them: those of different types are made one schema, since keywords for texts say nothing of lists, and a step is told
 * by its verb.
 */
function published(schema: JsonSchema, defs: Definitions): JsonSchema {
  const inner: Record<string, unknown> = {};
  for (const [keyword, value] of Object.entries(schema)) inner[keyword] = publishedPart(keyword, value, defs);
  const { anyOf, ...rest } = inner as JsonSchema;
  const told = anyOf === undefined ? rest : { ...rest, ...(stepOf(anyOf) ?? merged(anyOf) ?? { anyOf }) };
  const type = typeOfShared(schema, defs);
  return { ...(type === undefined ? {} : { type }), ...told, ...examplesOf(told) };
}

/** A part that others refer to says nothing of its type, so that it can stand beside another type: the reference says it. */
function typeOfShared({ $ref }: JsonSchema, defs: Definitions): string | undefined {
  return defs[$ref?.split('/').at(-1) ?? ''] === undefined ? undefined : 'object';
}

function publishedPart(keyword: string, value: unknown, defs: Definitions): unknown {
  if (keyword === 'properties' || keyword === '$defs') {
    return Object.fromEntries(
      Object.entries(value as Definitions).map(([name, part]) => {
        const made = published(part, defs);
        if (keyword === 'properties') return [name, withValueOf(name, made)];
        const { type: _, ...untyped } = made;
        return [name, untyped];
      }),
    );
  }
  if (keyword === 'anyOf' || keyword === 'prefixItems')
    return (value as JsonSchema[]).map((part) => published(part, defs));
  const isPart = ['items', 'additionalProperties', 'propertyNames'].includes(keyword) && typeof value === 'object';
  return isPart ? published(value as JsonSchema, defs) : value;
}

/** The alternatives as one schema; undefined if two of them are of one type. */
function merged(parts: readonly JsonSchema[]): JsonSchema | undefined {
  const types = parts.flatMap(({ type }) => type ?? []);
  if (
    parts.some(({ type, enum: words, const: word }) => type === undefined || words !== undefined || word !== undefined)
  ) {
    return undefined;
  }
  if (new Set(types).size < types.length) return undefined;
  const keywords = parts.map(({ description: _, examples: _examples, ...part }) => part);
  return { ...Object.assign({}, ...keywords), type: types };
}

/** Of the kinds of steps, the one whose verb the step has. */
function stepOf(alternatives: readonly JsonSchema[]): JsonSchema | undefined {
  const kinds = alternatives.flatMap((kind) => {
    const { name, ...properties } = kind.properties ?? {};
    const [verb] = Object.keys(properties);
    return name === undefined || verb === undefined ? [] : [{ verb, kind, meaning: properties[verb] }];
  });
  if (kinds.length < alternatives.length) return undefined;
  const verbs = kinds.map(({ verb }) => verb);
  return {
    type: 'object',
    properties: Object.fromEntries(
      kinds.map(({ verb, meaning }) => [verb, { description: meaning?.description ?? '' }]),
    ),
    // Some key is one of these.
    not: { type: 'object', propertyNames: { not: { enum: verbs } } },
    dependentSchemas: Object.fromEntries(kinds.map(({ verb, kind }) => [verb, kind])),
  };
}

/** Example values from the description, which documents have as people write them. */
function examplesOf({ description = '', examples }: JsonSchema): JsonSchema {
  const text = /Example: `(.*)`$/s.exec(description)?.[1];
  return text === undefined || examples !== undefined ? {} : { examples: [parse(text)] };
}

/** Of a key, the example shows the key as well; its default is the value that it has if it is left out. */
function withValueOf(key: string, schema: JsonSchema): JsonSchema {
  const [example] = Array.isArray(schema.examples) ? (schema.examples as unknown[]) : [];
  const isPair = typeof example === 'object' && example !== null && Object.hasOwn(example, key);
  const examples = isPair ? { examples: [Reflect.get(example, key)] } : {};
  return { ...schema, ...examples, ...defaultOf(schema) };
}

function defaultOf({ type, enum: words, description = '' }: JsonSchema): JsonSchema {
  const word = /Default ([\w-]+)(?=[.,]? |[.,]?$)/.exec(description)?.[1];
  if (word === undefined) return {};
  const value: unknown = parse(word);
  const isFit = words === undefined ? typeof value === (type === 'integer' ? 'number' : type) : words.includes(word);
  return isFit ? { default: value } : {};
}
