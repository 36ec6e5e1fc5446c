import { placedItems } from './build-context.js';
import type { ScenarioDefinition } from './schema.js';
import type { InstanceDefinition, InterfaceDefinition } from './schema-topology.js';
import type { Path } from './yaml-source.js';

/** One instance of the file, `count` expanded, with its interfaces in one form and their places. */
export interface NamedInstance {
  readonly name: string;
  readonly path: Path;
  readonly definition: InstanceDefinition;
  readonly interfaces: readonly { readonly item: InterfaceDefinition; readonly path: Path }[];
}

/** `web` with `count: 3` is web-1, web-2 and web-3. */
export function expandInstances({ instances = {} }: Pick<ScenarioDefinition, 'instances'>): NamedInstance[] {
  return Object.entries(instances).flatMap(([name, definition]) => {
    const path = ['instances', name];
    const interfaces = interfacesOf(path, definition);
    return namesOf(name, definition.count).map((each) => ({ name: each, path, definition, interfaces }));
  });
}

/** Every machine that the file means to have, built or not. */
export function machineNames(definition: ScenarioDefinition): Set<string> {
  return new Set([...expandInstances(definition).map(({ name }) => name), ...Object.keys(definition.internet ?? {})]);
}

function namesOf(name: string, count: number | undefined): string[] {
  return count === undefined ? [name] : Array.from({ length: count }, (_, position) => `${name}-${position + 1}`);
}

function interfacesOf(path: Path, definition: InstanceDefinition): NamedInstance['interfaces'] {
  if (definition.interfaces !== undefined) return placedItems([...path, 'interfaces'], definition.interfaces);
  const { subnet } = definition;
  return subnet === undefined ? [] : [{ item: { ...definition, subnet }, path }];
}
