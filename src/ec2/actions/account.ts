/** Clients ask about the account and its Region before they do anything else. */

import type { AccountAttribute, AvailabilityZone, Region } from '@aws-sdk/client-ec2';
import { type Zone, zonesOf } from '../../cloud/network/zones.js';
import { printable } from '../../cloud/text/quote.js';
import type { Cloud } from '../../cloud/types.js';
import type { ActionContext, Input, Output } from '../action.js';
import { type Description, describeItems } from '../describe.js';
import { Ec2Error } from '../ec2-error.js';
import { unknownAttribute } from '../refusals.js';

export const accountActions = { DescribeAccountAttributes, DescribeAvailabilityZones, DescribeRegions };

const OPT_IN = 'opt-in-not-required';
/** These quotas have AWS's defaults (QUO), and sglab does not enforce them. */
const NOT_ENFORCED = { 'max-instances': '20', 'max-elastic-ips': '5', 'vpc-max-elastic-ips': '5' };

const REGIONS: Description<string, Region> = {
  structure: 'Region',
  idOf: (region) => region,
  itemOf: (_cloud, region) => ({
    RegionName: region,
    Endpoint: `ec2.${region}.amazonaws.com`,
    OptInStatus: OPT_IN,
  }),
  filters: ['endpoint', 'opt-in-status', 'region-name'],
};

/** A lab is one Region. */
function DescribeRegions(
  { RegionNames, Filters }: Input<'DescribeRegions'>,
  { cloud }: ActionContext,
): Output<'DescribeRegions'> {
  const unknown = RegionNames?.find((name) => name !== cloud.region);
  if (unknown !== undefined) throw new Ec2Error('InvalidParameterValue', `Invalid region: ${printable(unknown)}`);
  return { Regions: describeItems(cloud, [cloud.region], { Filters }, REGIONS).items };
}

const ZONES: Description<Zone, AvailabilityZone> = {
  structure: 'AvailabilityZone',
  idOf: ({ id }) => id,
  itemOf: ({ region }, { name, id }) => ({
    OptInStatus: OPT_IN,
    Messages: [],
    RegionName: region,
    ZoneName: name,
    ZoneId: id,
    GroupName: `${region}-zg-1`,
    NetworkBorderGroup: region,
    ZoneType: 'availability-zone',
    State: 'available',
  }),
  filters: [
    'group-name',
    'opt-in-status',
    'parent-zone-id',
    'parent-zone-name',
    'region-name',
    'state',
    'zone-id',
    'zone-name',
    'zone-type',
  ],
  paths: { message: 'Messages.Message' },
};

function DescribeAvailabilityZones(
  { ZoneNames = [], ZoneIds = [], Filters }: Input<'DescribeAvailabilityZones'>,
  { cloud }: ActionContext,
): Output<'DescribeAvailabilityZones'> {
  const zones = zonesOf(cloud.region);
  const wanted = [...ZoneNames, ...ZoneIds];
  const unknown = wanted.find((word) => !zones.some(({ name, id }) => name === word || id === word));
  if (unknown !== undefined) {
    throw new Ec2Error('InvalidParameterValue', `Invalid availability zone: [${printable(unknown)}]`);
  }
  const named = zones.filter(({ name, id }) => wanted.length === 0 || wanted.includes(name) || wanted.includes(id));
  return { AvailabilityZones: describeItems(cloud, named, { Filters }, ZONES).items };
}

function DescribeAccountAttributes(
  { AttributeNames = [] }: Input<'DescribeAccountAttributes'>,
  { cloud }: ActionContext,
): Output<'DescribeAccountAttributes'> {
  const all = accountAttributes(cloud);
  const unknown = AttributeNames.find((name) => !Object.hasOwn(all, name));
  if (unknown !== undefined) throw unknownAttribute(unknown, 'attributeName');
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
