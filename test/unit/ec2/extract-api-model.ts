/** Extracts the API model that AWS publishes in its JavaScript client, reduced to the actions that have handlers. */
import * as client from '@aws-sdk/client-ec2';
import type { ApiModel, MemberModel, StructureModel } from '../../../src/ec2/api-model-types.js';
import { HANDLERS } from '../../../src/ec2/handlers.js';

// A schema of the client is a number for a simple type, or [kind, namespace, name, traits, …]; it may be given by a
// function; [schema, traits] is a member with traits.
const LIST = 1;
const STRUCTURE = 3;
const SIMPLE: Readonly<Record<number, string>> = {
  0: 'string',
  1: 'integer',
  2: 'boolean',
  4: 'timestamp',
  5: 'timestamp',
  21: 'string',
};
const LIST_OF = 64;

export function extractApiModel(): ApiModel {
  const structures: Record<string, StructureModel> = {};
  const actions: Record<string, { input: string; output: string }> = {};
  for (const name of Object.keys(HANDLERS)) {
    const operation = published(name);
    actions[name] = { input: typeOf(operation[4], structures), output: typeOf(operation[5], structures) };
  }
  const sorted = Object.entries(structures).sort(([left], [right]) => (left < right ? -1 : 1));
  return { actions, structures: Object.fromEntries(sorted) };
}

function published(name: string): readonly unknown[] {
  const found = Object.entries(client).find(([key]) => key === `${name}$`)?.[1];
  if (!Array.isArray(found)) throw new Error(`the client knows no ${name}`);
  return found;
}

function typeOf(reference: unknown, structures: Record<string, StructureModel>): string {
  const schema = typeof reference === 'function' ? reference() : reference;
  if (schema === 'unit') return 'Unit';
  if (typeof schema === 'number') {
    return schema >= LIST_OF ? `${typeOf(schema - LIST_OF, structures)}[]` : simple(schema);
  }
  if (!Array.isArray(schema)) throw new Error(`no schema: ${String(schema)}`);
  const [kind, , name] = schema;
  if (kind === 0) return simple(schema[4]);
  if (kind === LIST) return `${typeOf(memberSchema(schema[4])[0], structures)}[]`;
  if (kind === STRUCTURE) {
    addStructure(String(name), schema, structures);
    return String(name);
  }
  throw new Error(`unknown kind of schema ${kind} (${name})`);
}

function simple(code: number): string {
  const type = SIMPLE[code];
  if (type === undefined) throw new Error(`unknown simple type ${code}`);
  return type;
}

function addStructure(name: string, schema: readonly unknown[], structures: Record<string, StructureModel>): void {
  if (Object.hasOwn(structures, name)) return;
  const names = schema[4] as readonly string[];
  const types = schema[5] as readonly unknown[];
  const members: Record<string, MemberModel> = {};
  structures[name] = { members, required: names.slice(0, Number(schema[6] ?? 0)) };
  for (const [at, member] of names.entries()) {
    const [type, traits] = memberSchema(types[at]);
    const xml = traits.xmlName ?? member;
    members[member] = [traits.ec2QueryName ?? capitalised(xml), xml, typeOf(type, structures)];
  }
}

interface Traits {
  readonly xmlName?: string;
  readonly ec2QueryName?: string;
}

/** A member is a schema, or [schema, traits]. A list's own schema begins with its kind, a structure's too: both are longer. */
function memberSchema(member: unknown): [unknown, Traits] {
  if (!Array.isArray(member) || member.length !== 2) return [member, {}];
  return [member[0], typeof member[1] === 'object' && member[1] !== null ? member[1] : {}];
}

const capitalised = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
