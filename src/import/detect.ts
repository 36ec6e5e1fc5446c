import { DefinitionError } from '../source/definition-error.js';
import { brokenJsonAt, positionInJson, positionOf } from '../source/json-place.js';
import type { SourceDocument, SourceKind } from '../source/source-document.js';
import { AWS_LISTS } from './aws/read-aws.js';
import { parseTemplate } from './cloudformation/parse-template.js';

/** A scenario's own keys: who writes one of these means a scenario. */
const SCENARIO_KEYS = ['name', 'vpcs', 'steps', 'securityGroups', 'instances'];
const LOOKS_LIKE_JSON = /^\s*[[{]/;
const FOREIGN_JSON =
  /"(SecurityGroups|SecurityGroupRules|Vpcs|Subnets|NetworkInterfaces|Reservations|PrefixLists|RouteTables|planned_values|format_version|terraform_version|AWSTemplateFormatVersion|Resources)"\s*:/;
const FOREIGN_YAML = /^(AWSTemplateFormatVersion|Resources)\s*:/m;
const TERRAFORM_SOURCE = /^\s*(resource|module|terraform|provider|variable)\s*("[^"]*"\s*){0,2}\{/m;

/**
 * What a text is by its content: a source in another program's format, or null for a definition file of sglab's own.
 * Throws DefinitionError for a foreign text that is broken, or of a kind that cannot be read.
 */
export function readSource(text: string, file: string): SourceDocument | null {
  if (LOOKS_LIKE_JSON.test(text)) return readJsonSource(text, file);
  if (FOREIGN_YAML.test(text)) return parseTemplate(text, file);
  if (TERRAFORM_SOURCE.test(text)) {
    const hint = 'Make a plan and print it: `terraform plan -out=p && terraform show -json p > plan.json`.';
    throw refusal(file, "this is Terraform's language, which only Terraform can evaluate", hint);
  }
  return null;
}

function readJsonSource(text: string, file: string): SourceDocument | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // A scenario may be written in YAML's flow style, which begins like JSON.
    if (!FOREIGN_JSON.test(text)) return null;
    throw brokenJson(text, file);
  }
  const kind = kindOf(value, file);
  if (kind === null) return null;
  return { file, kind, value, positionOf: (path) => positionInJson(text, path) };
}

function kindOf(value: unknown, file: string): SourceKind | null {
  const keys = keysOf(value);
  const has = (...wanted: readonly string[]) => wanted.some((key) => keys.includes(key));
  if (has('planned_values') || (has('format_version') && has('values'))) return 'terraform';
  if (has('AWSTemplateFormatVersion') || isTemplate(value)) return 'cloudformation';
  if (has(...AWS_LISTS)) return 'aws';
  if (has(...SCENARIO_KEYS)) return null;
  if (has('terraform_version') && has('lineage', 'resources')) {
    const hint = 'Write `terraform show -json > state.json`: that form is documented and stable.';
    throw refusal(file, "this is Terraform's own state file", hint);
  }
  if (keys.length === 0) return null;
  const known =
    'a scenario, the answer of `aws ec2 describe-security-groups` and its like, `terraform show -json`, or a CloudFormation template';
  throw refusal(
    file,
    `this JSON has ${keys.slice(0, 5).join(', ')}, and is nothing that sglab reads`,
    `It reads ${known}.`,
  );
}

/** A list of answers has the keys of its first one. */
function keysOf(value: unknown): string[] {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === 'object' && first !== null ? Object.keys(first) : [];
}

function isTemplate(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('Resources' in value)) return false;
  const { Resources } = value;
  return typeof Resources === 'object' && Resources !== null && !Array.isArray(Resources);
}

function brokenJson(text: string, file: string): DefinitionError {
  const offset = brokenJsonAt(text);
  const isCut = offset >= text.trimEnd().length;
  const message = isCut ? 'the JSON ends here, in the middle of a value' : 'this is no JSON from here on';
  const isNext = isWhole(text.slice(0, offset));
  const hint = isCut
    ? 'The file is cut off: write it anew.'
    : isNext
      ? 'Put each answer into a file of its own.'
      : null;
  return new DefinitionError([{ file, ...positionOf(text, offset), path: '', value: undefined, message, hint }]);
}

function isWhole(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function refusal(file: string, message: string, hint: string): DefinitionError {
  return new DefinitionError([{ file, line: null, column: null, path: '', value: undefined, message, hint }]);
}
