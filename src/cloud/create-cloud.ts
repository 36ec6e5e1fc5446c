import { CloudError } from './errors.js';
import { managedPrefixLists } from './groups/prefix-list.js';
import { checkName } from './text/names.js';
import type { Cloud, Quotas } from './types.js';

/** AWS's defaults (QUO). */
export const DEFAULT_QUOTAS: Quotas = { rulesPerGroup: 60, groupsPerInterface: 5, prefixListEntries: 1000 };

/** AWS raises either quota as long as their product stays within this (QUO). */
export const MAX_RULES_PER_INTERFACE = 1000;
const MAX_GROUPS_PER_INTERFACE = 16;

export interface CloudInput {
  /** Name of the lab. */
  readonly name: string;
  readonly region?: string;
  readonly accountId?: string;
  readonly quotas?: Partial<Quotas>;
  /** Default `rules`. */
  readonly icmpErrors?: Cloud['icmpErrors'];
}

/** An empty cloud. Throws CloudError for an impossible name or quota. */
export function createCloud(input: CloudInput): Cloud {
  checkName('a lab', input.name);
  const region = input.region ?? 'us-east-1';
  return {
    name: input.name,
    region,
    accountId: input.accountId ?? '123456789012',
    quotas: checkQuotas({ ...DEFAULT_QUOTAS, ...input.quotas }),
    icmpErrors: input.icmpErrors ?? 'rules',
    vpcs: {},
    internetGateways: {},
    subnets: {},
    routeTables: {},
    networkAcls: {},
    peerings: {},
    transitGateways: {},
    gatewayEndpoints: {},
    securityGroups: {},
    prefixLists: managedPrefixLists(region),
    instances: {},
    networkInterfaces: {},
    stoppedInstances: {},
    terminatedInstances: {},
    idleInterfaces: {},
    elasticIps: {},
    flowLogs: {},
    keyPairs: {},
    externalHosts: {},
    tags: {},
    assumed: {},
    serial: 0,
  };
}

function checkQuotas(quotas: Quotas): Quotas {
  const { rulesPerGroup, groupsPerInterface } = quotas;
  if (groupsPerInterface > MAX_GROUPS_PER_INTERFACE) {
    throw new CloudError(
      'InvalidParameterValue',
      `${groupsPerInterface} groups per interface: AWS grants at most ${MAX_GROUPS_PER_INTERFACE}`,
      `Write ${MAX_GROUPS_PER_INTERFACE} or less.`,
    );
  }
  if (rulesPerGroup * groupsPerInterface > MAX_RULES_PER_INTERFACE) {
    throw new CloudError(
      'InvalidParameterValue',
      `${rulesPerGroup} rules per group × ${groupsPerInterface} groups per interface is more than ${MAX_RULES_PER_INTERFACE}`,
      `With ${groupsPerInterface} groups per interface AWS grants ${Math.floor(MAX_RULES_PER_INTERFACE / groupsPerInterface)} rules per group.`,
    );
  }
  return quotas;
}
