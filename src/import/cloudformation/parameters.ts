/** Values of a template's parameters: those that the user gives, the defaults, and stand-ins for the rest. */
import { quote } from '../../cloud/text/quote.js';
import { hintFor } from '../../cloud/text/suggest.js';
import type { Cursor } from '../../source/cursor.js';
import { fileError } from '../../source/problems.js';

/** Pseudo parameters, which AWS fills in; only names and ids come of them. */
const PSEUDO: Readonly<Record<string, unknown>> = {
  'AWS::AccountId': '123456789012',
  'AWS::Partition': 'aws',
  'AWS::Region': 'us-east-1',
  'AWS::StackId': 'stack',
  'AWS::StackName': 'stack',
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::NotificationARNs': [],
  'AWS::NoValue': undefined,
};

/** Of a list of what the account has; templates take the first two of it. */
const LIST_LENGTH = 2;
const PLACEHOLDER = /\{([A-Za-z0-9]+)\}/g;

export class Parameters {
  readonly #declared: Cursor;
  readonly #given: Readonly<Record<string, string>>;
  /** Sentences about what was chosen. */
  readonly assumed = new Set<string>();

  /** Throws DefinitionError for values of parameters that the template does not have. */
  constructor(declared: Cursor, given: Readonly<Record<string, string>>) {
    this.#declared = declared;
    this.#given = given;
    const known = [...declared.keys(), ...Object.keys(PSEUDO)];
    const unknown = Object.keys(given).find((name) => !known.includes(name));
    if (unknown === undefined) return;
    const message = `the template has no parameter ${quote(unknown)}`;
    throw fileError(declared.tree.file, message, hintFor(unknown, known) ?? null);
  }

  get names(): string[] {
    return this.#declared.keys();
  }

  has(name: string): boolean {
    return Object.hasOwn(PSEUDO, name) || !this.#declared.at(name).isMissing;
  }

  /** The value; a text that holds `{name}` where nobody says which. */
  value(name: string): unknown {
    const given = Object.hasOwn(this.#given, name) ? this.#given[name] : undefined;
    if (Object.hasOwn(PSEUDO, name)) return given ?? PSEUDO[name];
    const parameter = this.#declared.at(name);
    const type = parameter.text('Type') ?? 'String';
    const isList = /List</.test(type) || type === 'CommaDelimitedList';
    const known = given ?? parameter.at('Default').value;
    // The default of such a parameter is the place of its value.
    const isStored = type.startsWith('AWS::SSM::') && given === undefined;
    if (known !== undefined && !isStored) return isList ? splitList(String(known)) : known;
    const [allowed] = parameter.items('AllowedValues');
    if (allowed !== undefined && !isStored) {
      this.assumed.add(
        `parameter ${name} has no value: it is taken to be the first that is allowed, ${allowed.asText()}`,
      );
      return isList ? [allowed.value] : allowed.value;
    }
    return this.#standIn(name, type, isList);
  }

  /** What the account has goes by the parameter's name; for anything else there is a place to be filled in. */
  #standIn(name: string, type: string, isList: boolean): unknown {
    if (!type.includes('AWS::')) return isList ? [`{${name}}`] : `{${name}}`;
    if (!isList) return name;
    if (!type.includes('Subnet')) return [name];
    return Array.from({ length: LIST_LENGTH }, (_, at) => `${name}-${at + 1}`);
  }

  place(name: string): Cursor {
    return this.#declared.at(name);
  }
}

/** The parameters that a value still waits for. */
export function placeholdersIn(value: unknown): string[] {
  return [...JSON.stringify(value ?? null).matchAll(PLACEHOLDER)].flatMap(([, name]) => name ?? []);
}

/** The value with the names of parameters where their values would be: for texts on which no packet depends. */
export function filledIn(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(PLACEHOLDER, '$1');
  if (Array.isArray(value)) return value.map(filledIn);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, filledIn(each)]));
}

function splitList(text: string): string[] {
  return text.trim() === '' ? [] : text.trim().split(/\s*,\s*/);
}
