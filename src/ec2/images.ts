/** Any well-formed id is an image, and a list has some that clients look for by name. No program of an image runs here. */
import { createHash } from 'node:crypto';
import type { ArchitectureValues, Image } from '@aws-sdk/client-ec2';

interface KnownImage {
  readonly name: string;
  readonly description: string;
  readonly ownerId: string;
  readonly ownerAlias?: string;
  readonly architecture: ArchitectureValues;
  readonly rootDevice: string;
  readonly created: string;
}

const AMAZON = { ownerId: '137112412989', ownerAlias: 'amazon', rootDevice: '/dev/xvda' };
const CANONICAL = { ownerId: '099720109477', ownerAlias: 'amazon', rootDevice: '/dev/sda1' };
const DEBIAN = { ownerId: '136693071363', rootDevice: '/dev/xvda' };

const KNOWN: readonly KnownImage[] = [
  {
    ...AMAZON,
    name: 'al2023-ami-2023.6.20250101.0-kernel-6.1-x86_64',
    description: 'Amazon Linux 2023 AMI 2023.6.20250101.0 x86_64 HVM kernel-6.1',
    architecture: 'x86_64',
    created: '2025-01-01T00:00:00.000Z',
  },
  {
    ...AMAZON,
    name: 'al2023-ami-2023.6.20250101.0-kernel-6.1-arm64',
    description: 'Amazon Linux 2023 AMI 2023.6.20250101.0 arm64 HVM kernel-6.1',
    architecture: 'arm64',
    created: '2025-01-01T00:00:00.000Z',
  },
  {
    ...AMAZON,
    name: 'amzn2-ami-hvm-2.0.20250101.0-x86_64-gp2',
    description: 'Amazon Linux 2 AMI 2.0.20250101.0 x86_64 HVM gp2',
    architecture: 'x86_64',
    created: '2025-01-01T00:00:00.000Z',
  },
  {
    ...CANONICAL,
    name: 'ubuntu/images/hvm-ssd/ubuntu-jammy-22.04-amd64-server-20250101',
    description: 'Canonical, Ubuntu, 22.04 LTS, amd64 jammy image',
    architecture: 'x86_64',
    created: '2025-01-01T00:00:00.000Z',
  },
  {
    ...CANONICAL,
    name: 'ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-20250101',
    description: 'Canonical, Ubuntu, 24.04 LTS, amd64 noble image',
    architecture: 'x86_64',
    created: '2025-01-01T00:00:00.000Z',
  },
  {
    ...DEBIAN,
    name: 'debian-12-amd64-20250101-0001',
    description: 'Debian 12 (20250101-0001)',
    architecture: 'x86_64',
    created: '2025-01-01T00:00:00.000Z',
  },
];

export const KNOWN_IMAGES: readonly Image[] = KNOWN.map(imageItem);

/** @param id a well-formed one */
export function imageOf(id: string): Image {
  const known = KNOWN_IMAGES.find(({ ImageId }) => ImageId === id);
  if (known !== undefined) return known;
  const [first] = KNOWN;
  if (first === undefined) throw new Error('there are images');
  return { ...imageItem({ ...first, name: id, description: '' }), ImageId: id };
}

function imageItem(known: KnownImage): Image {
  return {
    Architecture: known.architecture,
    BlockDeviceMappings: [
      {
        DeviceName: known.rootDevice,
        Ebs: {
          DeleteOnTermination: true,
          Encrypted: false,
          VolumeSize: 8,
          VolumeType: 'gp3',
          Iops: 3000,
          Throughput: 125,
        },
      },
    ],
    CreationDate: known.created,
    Description: known.description,
    EnaSupport: true,
    Hypervisor: 'xen',
    ImageId: `ami-${createHash('sha256').update(known.name).digest('hex').slice(0, 17)}`,
    ImageLocation: `${known.ownerAlias ?? known.ownerId}/${known.name}`,
    ImageOwnerAlias: known.ownerAlias,
    ImageType: 'machine',
    Name: known.name,
    OwnerId: known.ownerId,
    PlatformDetails: 'Linux/UNIX',
    ProductCodes: [],
    Public: true,
    RootDeviceName: known.rootDevice,
    RootDeviceType: 'ebs',
    SriovNetSupport: 'simple',
    State: 'available',
    Tags: [],
    UsageOperation: 'RunInstances',
    VirtualizationType: 'hvm',
  };
}
