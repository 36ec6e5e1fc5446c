import { beforeEach, expect, it } from 'vitest';
import { resolveInterface } from '../../../src/cloud/text/endpoint.js';
import { makeLab } from '../cloud/shop.js';
import { ApiOnCloud } from './api-on-cloud.js';

const lab = makeLab();
const { instanceId } = resolveInterface(lab.cloud, 'web-1');
let api: ApiOnCloud;

beforeEach(() => {
  api = new ApiOnCloud(lab.cloud);
});

it('has images by name and owner, and every well-formed id', async () => {
  const Filter = [{ Name: 'name', Value: ['al2023-ami-*-x86_64'] }];
  const { imagesSet } = await api.call('DescribeImages', { Owner: ['amazon'], Filter });
  expect(imagesSet).toMatchObject([{ architecture: 'x86_64', imageState: 'available', rootDeviceType: 'ebs' }]);
  const ImageId = ['ami-0abcdef1234567890'];
  expect((await api.call('DescribeImages', { ImageId })).imagesSet).toMatchObject([{ imageId: ImageId[0] }]);
  expect(await api.refusal('DescribeImages', { ImageId: ['x'] })).toMatch(/^InvalidAMIID.Malformed/);
});

it('says of a type what its name says', async () => {
  const InstanceType = ['t3.micro', 'm5.2xlarge', 'c7g.large'];
  const { instanceTypeSet } = await api.call('DescribeInstanceTypes', { InstanceType });
  expect(instanceTypeSet).toMatchObject([
    {
      burstablePerformanceSupported: 'true',
      vCpuInfo: { defaultVCpus: '2', defaultCores: '1' },
      memoryInfo: { sizeInMiB: '1024' },
    },
    { burstablePerformanceSupported: 'false', vCpuInfo: { defaultVCpus: '8' }, memoryInfo: { sizeInMiB: '32768' } },
    { processorInfo: { supportedArchitectures: ['arm64'] }, vCpuInfo: { defaultCores: '2' } },
  ]);
  expect(await api.refusal('DescribeInstanceTypes', { InstanceType: ['t3'] })).toBe(
    'InvalidInstanceType: The following supplied instance types do not exist: [t3]',
  );
});

it('has credits for burstable instances, and no volume', async () => {
  const credits = async () =>
    (await api.call('DescribeInstanceCreditSpecifications', { InstanceId: [instanceId] }))
      .instanceCreditSpecificationSet;
  expect(await credits()).toBe('');
  await api.call('StopInstances', { InstanceId: [instanceId] });
  await api.call('ModifyInstanceAttribute', { InstanceId: instanceId, InstanceType: { Value: 't3.micro' } });
  expect(await credits()).toEqual([{ instanceId, cpuCredits: 'unlimited' }]);
  expect((await api.call('DescribeVolumes')).volumeSet).toBe('');
});

it('starts and ends the servers that the tag sglab:listen names', async () => {
  const listen = () => api.cloud.instances[instanceId]?.listen;
  const tag = (value: string) => ({ ResourceId: [instanceId], Tag: [{ Key: 'sglab:listen', Value: value }] });
  await api.call('CreateTags', tag('tcp/443, udp/53'));
  expect(listen()).toEqual([
    { protocol: 'tcp', port: 443 },
    { protocol: 'udp', port: 53 },
  ]);
  expect(await api.refusal('CreateTags', tag('https'))).toMatch(/is not something that can be listened on/);
  await api.call('CreateTags', { ...tag(''), Tag: [{ Key: 'other', Value: 'x' }] });
  expect(listen()).toHaveLength(2);
  await api.call('DeleteTags', { ResourceId: [instanceId], Tag: [{ Key: 'sglab:listen' }] });
  expect(listen()).toEqual([]);
});
