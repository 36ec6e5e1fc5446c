/** Images, types and volumes: clients ask about them before and after they run an instance. */

import type { Image, InstanceCreditSpecification, InstanceTypeInfo } from '@aws-sdk/client-ec2';
import { launchOf } from '../../cloud/instances/instance.js';
import { printable } from '../../cloud/text/quote.js';
import type { ActionContext, Input, Output } from '../action.js';
import { type Description, describeItems } from '../describe.js';
import { Ec2Error } from '../ec2-error.js';
import { imageOf, KNOWN_IMAGES } from '../images.js';
import { COMMON_TYPES, type InstanceType, instanceType, instanceTypeItem } from '../instance-types.js';
import { requestedInstances } from '../requests/instances.js';
import { checkImageId } from '../requests/run-instances.js';

export const instanceCatalogueActions = {
  DescribeImages,
  DescribeInstanceTypes,
  DescribeInstanceCreditSpecifications,
  DescribeVolumes,
};

const IMAGES: Description<Image, Image> = {
  structure: 'Image',
  idOf: ({ ImageId = '' }) => ImageId,
  itemOf: (_cloud, image) => image,
  tagsOf: () => ({}),
  filters: [
    'architecture',
    'creation-date',
    'description',
    'ena-support',
    'hypervisor',
    'image-id',
    'image-type',
    'is-public',
    'name',
    'owner-id',
    'platform',
    'root-device-name',
    'root-device-type',
    'state',
    'virtualization-type',
  ],
  paths: {
    'block-device-mapping.volume-type': 'BlockDeviceMappings.Ebs.VolumeType',
    'owner-alias': 'ImageOwnerAlias',
  },
  limits: { min: 1, max: 1000 },
};

function DescribeImages(request: Input<'DescribeImages'>, { cloud }: ActionContext): Output<'DescribeImages'> {
  const { ImageIds = [], Owners = [] } = request;
  for (const id of ImageIds) checkImageId(id);
  const named = ImageIds.length === 0 ? KNOWN_IMAGES : ImageIds.map(imageOf);
  const owned = named.filter(
    ({ OwnerId = '', ImageOwnerAlias = '' }) =>
      Owners.length === 0 || Owners.includes(OwnerId) || Owners.includes(ImageOwnerAlias),
  );
  const { items, NextToken } = describeItems(cloud, owned, request, IMAGES);
  return { Images: items, NextToken };
}

const TYPES: Description<InstanceType, InstanceTypeInfo> = {
  structure: 'InstanceTypeInfo',
  idOf: ({ name }) => name,
  itemOf: (_cloud, type) => instanceTypeItem(type),
  tagsOf: () => ({}),
  filters: [
    'bare-metal',
    'burstable-performance-supported',
    'current-generation',
    'free-tier-eligible',
    'instance-type',
    'processor-info.supported-architecture',
    'supported-virtualization-type',
    'vcpu-info.default-vcpus',
  ],
  values: { hypervisor: () => ['nitro'] },
  limits: { min: 5, max: 100 },
};

function DescribeInstanceTypes(
  request: Input<'DescribeInstanceTypes'>,
  { cloud }: ActionContext,
): Output<'DescribeInstanceTypes'> {
  const { InstanceTypes: names = [] } = request;
  const types = (names.length === 0 ? COMMON_TYPES : names).map(instanceType);
  const { items, NextToken } = describeItems(cloud, types, request, TYPES);
  return { InstanceTypes: items, NextToken };
}

const CREDITS: Description<InstanceCreditSpecification, InstanceCreditSpecification> = {
  structure: 'InstanceCreditSpecification',
  idOf: ({ InstanceId = '' }) => InstanceId,
  itemOf: (_cloud, credits) => credits,
  tagsOf: () => ({}),
  filters: ['instance-id'],
};

/** Only instances of burstable types have CPU credits; without ids EC2 answers with those whose credits are unlimited. */
function DescribeInstanceCreditSpecifications(
  request: Input<'DescribeInstanceCreditSpecifications'>,
  context: ActionContext,
): Output<'DescribeInstanceCreditSpecifications'> {
  const { InstanceIds: ids = [] } = request;
  const credits = requestedInstances(context, ids).flatMap((instance) => {
    const { options, instanceType: name } = launchOf(instance);
    if (!instanceType(name).isBurstable) return [];
    const CpuCredits = String(
      options.CreditSpecification?.CpuCredits ?? (name.startsWith('t2.') ? 'standard' : 'unlimited'),
    );
    return [{ InstanceId: instance.id, CpuCredits }];
  });
  const asked = credits.filter(({ CpuCredits }) => ids.length > 0 || CpuCredits === 'unlimited');
  const { items, NextToken } = describeItems(context.cloud, asked, request, CREDITS);
  return { InstanceCreditSpecifications: items, NextToken };
}

/** A lab has networks and no disks. */
function DescribeVolumes({ VolumeIds: [first] = [] }: Input<'DescribeVolumes'>): Output<'DescribeVolumes'> {
  if (first === undefined) return { Volumes: [] };
  throw new Ec2Error('InvalidVolume.NotFound', `The volume '${printable(first)}' does not exist.`);
}
