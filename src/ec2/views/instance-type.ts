import type { InstanceTypeInfo } from '@aws-sdk/client-ec2';
import type { InstanceType } from '../instance-types.js';
import { unlisted } from './common.js';

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
