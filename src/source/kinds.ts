/** The marks by which a text is recognised as what it is, whatever its file is called. */
import { fileError, textProblem, UnknownKindError } from './problems.js';

/** `aws`: what `aws ec2 describe-…` prints. `terraform`: a plan or state as JSON. */
export type ForeignKind = 'aws' | 'terraform' | 'cloudformation';
export type SourceKind = 'scenario' | ForeignKind;

/** The lists in the answers of `aws ec2 describe-…`, of which one is enough to recognise such an answer. */
export const AWS_LISTS = [
  'SecurityGroups',
  'SecurityGroupRules',
  'Vpcs',
  'Subnets',
  'NetworkInterfaces',
  'Reservations',
  'PrefixLists',
  'Entries',
  'RouteTables',
  'InternetGateways',
  'EgressOnlyInternetGateways',
  'VpcPeeringConnections',
  'NetworkAcls',
  'NatGateways',
  'Addresses',
] as const;

/** Answers of which no packet depends: a dump of a whole account has them beside the others. */
export const AWS_NOT_NEEDED = [
  ...['AccountAttributes', 'AvailabilityZones', 'CapacityReservations', 'DhcpOptions', 'FlowLogs', 'Hosts', 'Images'],
  ...['InstanceStatuses', 'InstanceTypes', 'InstanceTypeOfferings', 'KeyPairs', 'LaunchTemplates', 'Owner'],
  ...['LaunchTemplateVersions', 'NetworkInterfacePermissions', 'PlacementGroups', 'Regions', 'ReservedInstances'],
  ...['ServiceDetails', 'ServiceNames', 'Snapshots', 'SpotInstanceRequests', 'StaleSecurityGroupSet', 'Tags'],
  ...['Volumes', 'VolumesModifications', 'VpcEndpointServices', 'VpcEndpointServiceConfigurations'],
] as const;

/** A file that has one of these keys is meant as a scenario. */
const SCENARIO_KEYS = ['name', 'vpcs', 'steps', 'securityGroups', 'instances'];

/** Recognises broken JSON of another program, which is no scenario in YAML's flow style. */
export const FOREIGN_JSON =
  /"(SecurityGroups|SecurityGroupRules|Vpcs|Subnets|NetworkInterfaces|Reservations|PrefixLists|RouteTables|planned_values|format_version|terraform_version|AWSTemplateFormatVersion|Resources)"\s*:/;
export const LOOKS_LIKE_JSON = /^\s*[[{]/;
export const TEMPLATE_YAML = /^\s*(AWSTemplateFormatVersion|Resources)\s*:/m;
export const TERRAFORM_LANGUAGE = /^\s*(resource|module|terraform|provider|variable)\s*("[^"]*"\s*){0,2}\{/m;

/** Tells the kind of a JSON text by its value. Throws DefinitionError for a kind that sglab does not read. */
export function kindOfJson(value: unknown, file: string): SourceKind {
  const keys = keysOf(value);
  const has = (...wanted: readonly string[]) => wanted.some((key) => keys.includes(key));
  if (has('planned_values') || (has('format_version') && has('values'))) return 'terraform';
  if (has('AWSTemplateFormatVersion') || isTemplate(value)) return 'cloudformation';
  if (has(...AWS_LISTS) || isAnswer(keys)) return 'aws';
  if (has(...SCENARIO_KEYS) || keys.length === 0) return 'scenario';
  if (has('terraform_version') && has('lineage', 'resources')) {
    const hint = 'Write `terraform show -json > state.json`: that form is documented and stable.';
    throw fileError(file, "this is Terraform's own state file", hint);
  }
  const known =
    'a scenario, the answer of `aws ec2 describe-security-groups` and its like, `terraform show -json`, or a CloudFormation template';
  const message = `this JSON has ${keys.slice(0, 5).join(', ')}, and is not something that sglab can read`;
  throw new UnknownKindError([textProblem(file, message, { hint: `It reads ${known}.` })]);
}

/** Every AWS API capitalises the members of its answers. */
function isAnswer(keys: readonly string[]): boolean {
  return keys.length > 0 && keys.every((key) => /^[A-Z][A-Za-z0-9]+$/.test(key));
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
