import { expect, it } from 'vitest';
import { createDefaultVpc } from '../../../src/cloud/network/default-vpc.js';
import { makeShop } from '../cloud/shop.js';
import { ApiOnCloud } from './api-on-cloud.js';

const { cloud } = makeShop({ groupsPerInterface: 7 });
const api = new ApiOnCloud(cloud);

it('has the one Region of the lab', async () => {
  const { regionInfo } = await api.call('DescribeRegions', { AllRegions: true });
  expect(regionInfo).toEqual([
    { optInStatus: 'opt-in-not-required', regionName: 'us-east-1', regionEndpoint: 'ec2.us-east-1.amazonaws.com' },
  ]);
  const none = { Filter: [{ Name: 'region-name', Value: ['eu-*'] }] };
  expect((await api.call('DescribeRegions', none)).regionInfo).toBe('');
  expect(await api.refusal('DescribeRegions', { RegionName: ['eu-west-1'] })).toBe(
    'InvalidParameterValue: Invalid region: eu-west-1',
  );
});

it('has three zones, as Terraform asks for them', async () => {
  const names = async (parameters: object) => {
    const { availabilityZoneInfo } = await api.call('DescribeAvailabilityZones', { ...parameters });
    return availabilityZoneInfo.map(({ zoneName }: { zoneName: string }) => zoneName);
  };
  const available = { Filter: [{ Name: 'state', Value: ['available'] }] };
  expect(await names(available)).toEqual(['us-east-1a', 'us-east-1b', 'us-east-1c']);
  expect(await names({ ZoneName: ['us-east-1b'] })).toEqual(['us-east-1b']);
  expect(await names({ ZoneId: ['use1-az3'] })).toEqual(['us-east-1c']);
  expect(await api.refusal('DescribeAvailabilityZones', { ZoneName: ['us-east-1z'] })).toBe(
    'InvalidParameterValue: Invalid availability zone: [us-east-1z]',
  );
});

it('says which VPC is the default one, and what the quotas are', async () => {
  const attribute = async (name: string, on: ApiOnCloud) => {
    const { accountAttributeSet } = await on.call('DescribeAccountAttributes', { AttributeName: [name] });
    return accountAttributeSet[0].attributeValueSet[0].attributeValue;
  };
  expect(await attribute('default-vpc', api)).toBe('none');
  const withDefault = createDefaultVpc(cloud);
  expect(await attribute('default-vpc', new ApiOnCloud(withDefault.cloud))).toBe(withDefault.vpc.id);
  expect(await attribute('vpc-max-security-groups-per-interface', api)).toBe('7');
  expect(await api.refusal('DescribeAccountAttributes', { AttributeName: ['x'] })).toContain('InvalidParameterValue');
});
