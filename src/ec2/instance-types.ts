/** Instance types are read from their names: the answer about `t3.micro` follows from its parts. No packet depends on the size. */
import type { InstanceTypeInfo } from '@aws-sdk/client-ec2';
import { printable } from '../cloud/text/quote.js';
import { Ec2Error } from './ec2-error.js';
import { unlisted } from './views/common.js';

export interface InstanceType {
  readonly name: string;
  readonly architecture: 'x86_64' | 'arm64';
  readonly cores: number;
  readonly threadsPerCore: number;
  readonly memoryMiB: number;
  /** AWS has CPU credits for T types. */
  readonly isBurstable: boolean;
  /** Types on Nitro v6 forget idle TCP connections sooner (CT). */
  readonly nitro: 'v6' | null;
}

/** A request without names gets these; any other well-formed name is answered when a request names it. */
export const COMMON_TYPES: readonly string[] = [
  't2.micro',
  't3.nano',
  't3.micro',
  't3.small',
  't3.medium',
  't3.large',
  't4g.micro',
  't4g.small',
  'm5.large',
  'm5.xlarge',
  'm6i.large',
  'm7g.large',
  'm8i.large',
  'c5.large',
  'c6i.large',
  'c7g.large',
  'r5.large',
  'r6i.large',
];

const NAME = /^([a-z]+)(\d+)([a-z]*)(?:-[a-z0-9]+)*\.(?:(nano|micro|small|medium|large)|(\d*)xlarge|metal(?:-\d+xl)?)$/;
const BURSTABLE_MEMORY: Readonly<Record<string, number>> = { nano: 512, micro: 1024, small: 2048, medium: 4096 };
const GIB_PER_CPU: Readonly<Record<string, number>> = { c: 2, r: 8, x: 16 };
const FIRST_NITRO_V6 = 8;

/** @throws Ec2Error for a name that no type can have */
export function instanceType(name: string): InstanceType {
  const found = NAME.exec(name);
  if (found === null) {
    throw new Ec2Error(
      'InvalidInstanceType',
      `The following supplied instance types do not exist: [${printable(name)}]`,
    );
  }
  const [, family = '', generation = '', traits = '', size, multiple] = found;
  const isArm = traits.includes('g') || family === 'a';
  const isBurstable = family === 't';
  const cpus = cpusOf(size, multiple, isBurstable);
  const threadsPerCore = isArm || (family === 't' && generation === '2') || cpus === 1 ? 1 : 2;
  const memory = isBurstable && size !== undefined ? BURSTABLE_MEMORY[size] : undefined;
  return {
    name,
    architecture: isArm ? 'arm64' : 'x86_64',
    cores: cpus / threadsPerCore,
    threadsPerCore,
    memoryMiB: memory ?? cpus * (GIB_PER_CPU[family] ?? 4) * 1024,
    isBurstable,
    nitro: Number(generation) >= FIRST_NITRO_V6 && !/^gd?$/.test(traits) ? 'v6' : null,
  };
}

function cpusOf(size: string | undefined, multiple: string | undefined, isBurstable: boolean): number {
  if (size !== undefined) return size === 'large' || isBurstable ? 2 : 1;
  return multiple === undefined ? 96 : 4 * Number(multiple === '' ? 1 : multiple);
}

export function instanceTypeItem({
  name,
  architecture,
  cores,
  threadsPerCore,
  memoryMiB,
  isBurstable,
}: InstanceType): InstanceTypeInfo {
  const isBareMetal = name.includes('.metal');
  return {
    InstanceType: unlisted(name),
    CurrentGeneration: true,
    FreeTierEligible: /^t[23]\.micro$/.test(name),
    SupportedUsageClasses: ['on-demand', 'spot'],
    SupportedRootDeviceTypes: ['ebs'],
    SupportedVirtualizationTypes: ['hvm'],
    BareMetal: isBareMetal,
    Hypervisor: isBareMetal ? undefined : 'nitro',
    ProcessorInfo: { SupportedArchitectures: [architecture], SustainedClockSpeedInGhz: 2.5 },
    VCpuInfo: {
      DefaultVCpus: cores * threadsPerCore,
      DefaultCores: cores,
      DefaultThreadsPerCore: threadsPerCore,
      ValidCores: [cores],
      ValidThreadsPerCore: threadsPerCore === 1 ? [1] : [1, 2],
    },
    MemoryInfo: { SizeInMiB: memoryMiB },
    InstanceStorageSupported: false,
    EbsInfo: { EbsOptimizedSupport: 'default', EncryptionSupport: 'supported', NvmeSupport: 'required' },
    NetworkInfo: {
      NetworkPerformance: 'Up to 5 Gigabit',
      MaximumNetworkInterfaces: 15,
      MaximumNetworkCards: 1,
      DefaultNetworkCardIndex: 0,
      NetworkCards: [{ NetworkCardIndex: 0, NetworkPerformance: 'Up to 5 Gigabit', MaximumNetworkInterfaces: 15 }],
      Ipv4AddressesPerInterface: 50,
      Ipv6AddressesPerInterface: 50,
      Ipv6Supported: true,
      EnaSupport: 'required',
      EfaSupported: false,
    },
    PlacementGroupInfo: { SupportedStrategies: ['partition', 'spread'] },
    HibernationSupported: false,
    BurstablePerformanceSupported: isBurstable,
    DedicatedHostsSupported: false,
    AutoRecoverySupported: true,
    SupportedBootModes: ['legacy-bios', 'uefi'],
  };
}
