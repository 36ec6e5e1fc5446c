/** Sources of the tests of import, as short as they can be. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { resolveGroup } from '../../../../src/cloud/text/resolve.js';
import { ruleText } from '../../../../src/cloud/text/rule.js';
import type { Cloud } from '../../../../src/cloud/types.js';
import { type ImportOptions, loadImport } from '../../../../src/import/load.js';
import { DefinitionError } from '../../../../src/source/problems.js';

/** A file with that content, whose name says nothing; it goes with the test that is running. */
export function source(content: unknown, name = 'source'): string {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sglab-sources-'));
  onTestFinished(() => fs.rmSync(directory, { recursive: true }));
  const target = path.join(directory, name);
  fs.writeFileSync(target, typeof content === 'string' ? content : JSON.stringify(content));
  return target;
}

/** What the source becomes. */
export async function imported(content: unknown, options: ImportOptions = {}) {
  const { scenario, imported: parts } = await loadImport([source(content)], options);
  const { definition, report } = parts;
  return { cloud: scenario.cloud, definition, ...report };
}

/** The message of what is refused, without the directory. */
export async function refusalOf(content: unknown, options: ImportOptions = {}): Promise<string> {
  try {
    await loadImport([source(content)], options);
  } catch (error) {
    if (error instanceof DefinitionError) return error.message.replaceAll(/\S*\/(?=source:)/g, '');
    throw error;
  }
  return 'no error';
}

export function rulesOf(cloud: Cloud, group: string): string[] {
  return resolveGroup(cloud, group).rules.map((rule) => `${rule.direction} ${ruleText(cloud, rule)}`);
}

/** A resource of a plan: what is known of it, and by attribute what the configuration refers to. */
export interface Planned {
  readonly address: string;
  readonly values?: object;
  readonly references?: Readonly<Record<string, readonly string[]>>;
  readonly forEach?: readonly string[];
  readonly index?: string | number;
}

/** `terraform show -json` of a plan. */
export function planOf(...resources: readonly Planned[]) {
  const typed = resources.map((resource) => {
    const [type = '', name = ''] = resource.address.split('.');
    return { ...resource, type, name: name.replace(/\[.*$/, ''), mode: 'managed' };
  });
  return {
    format_version: '1.2',
    planned_values: {
      root_module: {
        resources: typed.map(({ address, type, name, mode, values = {}, index }) => ({
          ...(index === undefined ? {} : { index }),
          ...{ address, mode, type, name, values },
        })),
      },
    },
    configuration: {
      root_module: {
        resources: typed.map(({ type, name, mode, references = {}, forEach }) => ({
          ...{ address: `${type}.${name}`, mode, type, name },
          expressions: Object.fromEntries(
            Object.entries(references).map(([attribute, each]) => [attribute, { references: each }]),
          ),
          ...(forEach === undefined ? {} : { for_each_expression: { references: forEach } }),
        })),
      },
    },
  };
}
