/** What clients ask about the account and its Region before they do anything. */
import type {
  AccountAttribute,
  DescribeAccountAttributesRequest,
  DescribeAccountAttributesResult,
  DescribeAvailabilityZonesRequest,
  DescribeAvailabilityZonesResult,
  DescribeRegionsRequest,
  DescribeRegionsResult,
} from '@aws-sdk/client-ec2';
import { type Zone, zonesOf } from '../../cloud/network/zones.js';
import { printable } from '../../cloud/text/quote.js';
import type { Cloud, Tags } from '../../cloud/types.js';
import type { ActionContext } from '../action.js';
import { Ec2Error } from '../ec2-error.js';
import { type FilterValues, filterItems } from '../filters.js';

export const accountActions = { DescribeAccountAttributes, DescribeAvailabilityZones, DescribeRegions };

const OPT_IN = 'opt-in-not-required';
const ZONE_TYPE = 'availability-zone';
const NO_TAGS: Tags = {};
/** AWS's defaults (QUO); sglab does not enforce these. */
const NOT_ENFORCED = { 'max-instances': '20', 'max-elastic-ips': '5', 'vpc-max-elastic-ips': '5' };

/** A lab is one Region. */
function DescribeRegions(request: DescribeRegionsRequest, { cloud }: ActionContext): DescribeRegionsResult {
  const { region } = cloud;
  const unknown = request.RegionNames?.find((name) => name !== region);
  if (unknown !== undefined) throw new Ec2Error('InvalidParameterValue', `Invalid region: ${printable(unknown)}`);
  const endpoint = `ec2.${region}.amazonaws.com`;
  const values: FilterValues<string> = {
    endpoint: () => [endpoint],
    'opt-in-status': () => [OPT_IN],
    'region-name': (name) => [name],
  };
  const found = filterItems([region], request.Filters, values, () => NO_TAGS);
  return { Regions: found.map((RegionName) => ({ RegionName, Endpoint: endpoint, OptInStatus: OPT_IN })) };
}

function DescribeAvailabilityZones(
  { ZoneNames = [], ZoneIds = [], Filters }: DescribeAvailabilityZonesRequest,
  { cloud: { region } }: ActionContext,
): DescribeAvailabilityZonesResult {
  const zones = zonesOf(region);
  const wanted = [...ZoneNames, ...ZoneIds];
  const unknown = wanted.find((word) => !zones.some(({ name, id }) => name === word || id === word));
  if (unknown !== undefined) {
    throw new Ec2Error('InvalidParameterValue', `Invalid availability zone: [${printable(unknown)}]`);
  }
  const named = zones.filter(({ name, id }) => wanted.length === 0 || wanted.includes(name) || wanted.includes(id));
  const found = filterItems(named, Filters, zoneFilters(region), () => NO_TAGS);
  return {
    AvailabilityZones: found.map(({ name, id }) => ({
      OptInStatus: OPT_IN,
      Messages: [],
      RegionName: region,
      ZoneName: name,
      ZoneId: id,
      GroupName: zoneGroup(region),
      NetworkBorderGroup: region,
      ZoneType: ZONE_TYPE,
      State: 'available',
    })),
  };
}

const zoneGroup = (region: string) => `${region}-zg-1`;

function zoneFilters(region: string): FilterValues<Zone> {
  return {
    'group-name': () => [zoneGroup(region)],
    message: () => [],
    'opt-in-status': () => [OPT_IN],
    'parent-zone-id': () => [],
    'parent-zone-name': () => [],
    'region-name': () => [region],
    state: () => ['available'],
    'zone-id': ({ id }) => [id],
    'zone-name': ({ name }) => [name],
    'zone-type': () => [ZONE_TYPE],
  };
}

function DescribeAccountAttributes(
  { AttributeNames = [] }: DescribeAccountAttributesRequest,
  { cloud }: ActionContext,
): DescribeAccountAttributesResult {
  const all = accountAttributes(cloud);
  const unknown = AttributeNames.find((name) => !Object.hasOwn(all, name));
  if (unknown !== undefined) {
    const text = `Value (${printable(unknown)}) for parameter attributeName is invalid. Unknown attribute.`;
    throw new Ec2Error('InvalidParameterValue', text);
  }
  const isAsked = (name: string) => AttributeNames.length === 0 || AttributeNames.some((each) => each === name);
  return {
    AccountAttributes: Object.entries(all)
      .filter(([name]) => isAsked(name))
      .map(
        ([AttributeName, value]): AccountAttribute => ({
          AttributeName,
          AttributeValues: [{ AttributeValue: value }],
        }),
      ),
  };
}

function accountAttributes(cloud: Cloud): Record<string, string> {
  return {
    'supported-platforms': 'VPC',
    'default-vpc': Object.values(cloud.vpcs).find(({ isDefault }) => isDefault)?.id ?? 'none',
    'vpc-max-security-groups-per-interface': String(cloud.quotas.groupsPerInterface),
    ...NOT_ENFORCED,
  };
}
