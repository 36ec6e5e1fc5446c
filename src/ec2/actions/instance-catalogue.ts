/** What instances are made of, as far as clients ask for it before or after they make one. */
import type {
  DescribeImagesRequest,
  DescribeImagesResult,
  DescribeInstanceCreditSpecificationsRequest,
  DescribeInstanceCreditSpecificationsResult,
  DescribeInstanceTypesRequest,
  DescribeInstanceTypesResult,
  DescribeVolumesRequest,
  DescribeVolumesResult,
  Image,
  InstanceTypeInfo,
} from '@aws-sdk/client-ec2';
import { launchOf } from '../../cloud/instances/instance.js';
import { printable } from '../../cloud/text/quote.js';
import type { ActionContext } from '../action.js';
import { Ec2Error } from '../ec2-error.js';
import { type FilterValues, filterItems } from '../filters.js';
import { imageOf, KNOWN_IMAGES } from '../images.js';
import { COMMON_TYPES, type InstanceType, instanceType } from '../instance-types.js';
import { instancesAsked } from '../instances-asked.js';
import { pageOf } from '../pages.js';
import { checkImageId } from '../run-request.js';
import { instanceTypeItem } from '../views/instance-type.js';

export const instanceCatalogueActions = {
  DescribeImages,
  DescribeInstanceTypes,
  DescribeInstanceCreditSpecifications,
  DescribeVolumes,
};

const noTags = () => ({});

function DescribeImages(request: DescribeImagesRequest): DescribeImagesResult {
  const { ImageIds = [], Owners = [] } = request;
  for (const id of ImageIds) checkImageId(id);
  const named = ImageIds.length === 0 ? KNOWN_IMAGES : ImageIds.map(imageOf);
  const owned = named.filter(
    ({ OwnerId = '', ImageOwnerAlias = '' }) =>
      Owners.length === 0 || Owners.includes(OwnerId) || Owners.includes(ImageOwnerAlias),
  );
  const found = filterItems(owned, request.Filters, IMAGE_FILTERS, noTags);
  const { items, NextToken } = pageOf(found, request, ({ ImageId = '' }) => ImageId, { min: 1, max: 1000 });
  return { Images: items, NextToken };
}

const IMAGE_FILTERS: FilterValues<Image> = {
  architecture: ({ Architecture }) => [Architecture],
  'block-device-mapping.volume-type': ({ BlockDeviceMappings }) =>
    (BlockDeviceMappings ?? []).map(({ Ebs }) => Ebs?.VolumeType),
  'creation-date': ({ CreationDate }) => [CreationDate],
  description: ({ Description }) => [Description],
  'ena-support': ({ EnaSupport }) => [String(EnaSupport)],
  hypervisor: ({ Hypervisor }) => [Hypervisor],
  'image-id': ({ ImageId }) => [ImageId],
  'image-type': ({ ImageType }) => [ImageType],
  'is-public': ({ Public }) => [String(Public)],
  name: ({ Name }) => [Name],
  'owner-alias': ({ ImageOwnerAlias }) => [ImageOwnerAlias],
  'owner-id': ({ OwnerId }) => [OwnerId],
  platform: () => [],
  'root-device-name': ({ RootDeviceName }) => [RootDeviceName],
  'root-device-type': ({ RootDeviceType }) => [RootDeviceType],
  state: ({ State }) => [State],
  'virtualization-type': ({ VirtualizationType }) => [VirtualizationType],
};

function DescribeInstanceTypes(request: DescribeInstanceTypesRequest): DescribeInstanceTypesResult {
  const { InstanceTypes: names = [] } = request;
  const types = (names.length === 0 ? COMMON_TYPES : names).map(instanceType);
  const found = filterItems(types, request.Filters, TYPE_FILTERS, noTags);
  const { items, NextToken } = pageOf(found, request, ({ name }) => name, { min: 5, max: 100 });
  return { InstanceTypes: items.map((type): InstanceTypeInfo => instanceTypeItem(type)), NextToken };
}

const TYPE_FILTERS: FilterValues<InstanceType> = {
  'bare-metal': ({ name }) => [String(name.includes('.metal'))],
  'burstable-performance-supported': ({ isBurstable }) => [String(isBurstable)],
  'current-generation': () => ['true'],
  'free-tier-eligible': ({ name }) => [String(/^t[23]\.micro$/.test(name))],
  hypervisor: () => ['nitro'],
  'instance-type': ({ name }) => [name],
  'processor-info.supported-architecture': ({ architecture }) => [architecture],
  'supported-virtualization-type': () => ['hvm'],
  'vcpu-info.default-vcpus': ({ cores, threadsPerCore }) => [String(cores * threadsPerCore)],
};

/** Of those that have CPU credits; without names: of those whose credits are unlimited. */
function DescribeInstanceCreditSpecifications(
  request: DescribeInstanceCreditSpecificationsRequest,
  context: ActionContext,
): DescribeInstanceCreditSpecificationsResult {
  const { InstanceIds: ids = [] } = request;
  const credits = instancesAsked(context, ids).flatMap((instance) => {
    const { options, instanceType: name } = launchOf(instance);
    if (!instanceType(name).isBurstable) return [];
    const CpuCredits = String(
      options.CreditSpecification?.CpuCredits ?? (name.startsWith('t2.') ? 'standard' : 'unlimited'),
    );
    return [{ InstanceId: instance.id, CpuCredits }];
  });
  const asked = credits.filter(({ CpuCredits }) => ids.length > 0 || CpuCredits === 'unlimited');
  const found = filterItems(asked, request.Filters, { 'instance-id': ({ InstanceId }) => [InstanceId] }, noTags);
  const { items, NextToken } = pageOf(found, request, ({ InstanceId }) => InstanceId, { min: 5, max: 1000 });
  return { InstanceCreditSpecifications: items, NextToken };
}

/** A lab has networks and no disks. */
function DescribeVolumes({ VolumeIds: [first] = [] }: DescribeVolumesRequest): DescribeVolumesResult {
  if (first === undefined) return { Volumes: [] };
  throw new Ec2Error('InvalidVolume.NotFound', `The volume '${printable(first)}' does not exist.`);
}
