import { type Cursor, isSet } from '../source/cursor.js';
import { pathText } from '../source/tree.js';
import type { UnsupportedItem } from './inventory.js';

/**
 * Attributes that change no packet: names, accounts, disks, images, what repeats another attribute. Everything else that
 * a source sets and sglab does not read is reported. docs/import-export.md has the same lists.
 */
export interface IrrelevantAttributes {
  /** Wherever they stand and whatever they are. */
  readonly always: readonly string[];
  /** Attributes that are irrelevant with one of these values, which are AWS's defaults. */
  readonly usual: Readonly<Record<string, readonly string[]>>;
}

/**
 * Lists the attributes of a resource that were not read, unless they are known to change no packet. `label`: the
 * resource, or its key.
 */
export function unreadAttributes(resource: Cursor, label: string, irrelevant: IrrelevantAttributes): UnsupportedItem[] {
  const isIrrelevant = (key: string, value: unknown) =>
    irrelevant.always.includes(key) ||
    // What has another default than off is told when it is off.
    (Object.hasOwn(irrelevant.usual, key)
      ? !(isSet(value) || typeof value === 'boolean') || irrelevant.usual[key]?.includes(String(value)) === true
      : !isSet(value));
  return resource.unread(isIrrelevant).map((cursor) => {
    const path = cursor.path.slice(resource.path.length);
    return {
      place: cursor.place(`${label}.${pathText(path)}`),
      attribute: pathText(path.filter((step) => typeof step === 'string')),
      reason: 'sglab does not build this attribute',
      of: [label],
    };
  });
}

/** Attributes in the answers of `aws ec2 describe-…`. */
export const AWS_IRRELEVANT: IrrelevantAttributes = {
  always: [
    ...['Tags', 'TagSet', 'Description', 'Message', 'StatusMessage', 'StateMessage', 'StateReason'],
    ...['StateTransitionReason', 'SecurityGroupArn', 'SecurityGroupRuleArn', 'SubnetArn', 'PrefixListArn'],
    ...['OwnerId', 'GroupOwnerId', 'IpOwnerId', 'InstanceOwnerId', 'NetworkInterfaceOwnerId', 'UserId', 'RequesterId'],
    ...['RequesterManaged', 'Operator', 'ServiceManaged', 'CreateTime', 'AttachTime', 'LaunchTime', 'ExpirationTime'],
    ...['AllocationId', 'AssociationId', 'AttachmentId', 'RouteTableAssociationId', 'NetworkAclAssociationId'],
    ...['ReservationId', 'AvailabilityZone', 'AvailabilityZoneId', 'AvailableIpAddressCount', 'DefaultForAz'],
    ...['AssignIpv6AddressOnCreation', 'InstanceTenancy', 'DhcpOptionsId', 'NetworkBorderGroup', 'Ipv6Pool'],
    ...['IpSource', 'PublicIpv4Pool', 'GroupName', 'VpcId', 'RouteTableId', 'NetworkAclId', 'VpcPeeringConnectionId'],
    ...['DeleteOnTermination', 'NetworkCardIndex', 'EnaSrdSpecification', 'EnaQueueCount', 'MacAddress', 'Primary'],
    ...['IsPrimary', 'IsPrimaryIpv6', 'Ipv6Address', 'PrivateDnsName', 'PublicDnsName', 'PublicIpv6DnsName'],
    ...['PublicIpDnsNameOptions', 'PrivateDnsNameOptions', 'PrivateDnsNameOptionsOnLaunch', 'Version', 'Origin'],
    ...['Architecture', 'BlockDeviceMappings', 'ClientToken', 'EbsOptimized', 'EnaSupport', 'Hypervisor', 'Platform'],
    ...['IamInstanceProfile', 'InstanceLifecycle', 'RootDeviceName', 'RootDeviceType', 'SpotInstanceRequestId'],
    ...['SriovNetSupport', 'VirtualizationType', 'CpuOptions', 'CapacityReservationId', 'HibernationOptions'],
    ...['CapacityReservationSpecification', 'Licenses', 'EnclaveOptions', 'BootMode', 'CurrentInstanceBootMode'],
    ...['PlatformDetails', 'UsageOperation', 'UsageOperationUpdateTime', 'TpmSupport', 'MaintenanceOptions'],
    ...['NetworkPerformanceOptions', 'ImageId', 'Code', 'KeyName', 'AmiLaunchIndex', 'ProductCodes', 'InstanceType'],
    ...['Placement', 'KernelId', 'RamdiskId', 'Monitoring', 'HttpTokens', 'HttpPutResponseHopLimit'],
    ...['InstanceMetadataTags'],
  ],
  usual: {
    State: ['available', 'active', 'attached', 'associated', 'applied', 'create-complete', 'modify-complete'],
    Status: ['available', 'in-use', 'attached', 'succeeded', 'active'],
    PeeringStatus: ['active'],
    InternetGatewayBlockMode: ['off'],
    Ipv6AddressAttribute: ['public'],
    Domain: ['vpc', 'standard'],
    HttpEndpoint: ['enabled'],
    HttpProtocolIpv6: ['disabled'],
    HostnameType: ['ip-name', 'resource-name'],
    AvailabilityMode: ['zonal'],
    InterfaceType: ['interface'],
  },
};

/** Attributes of the resources of a Terraform plan or state. */
export const TERRAFORM_IRRELEVANT: IrrelevantAttributes = {
  always: [
    ...['id', 'arn', 'region', 'tags', 'tags_all', 'volume_tags', 'timeouts', 'description', 'name_prefix'],
    ...['owner_id', 'instance_owner_id', 'peer_owner_id', 'accept_status', 'auto_accept', 'allow_reassociation'],
    ...['allocation_id', 'association_id', 'attachment_id', 'device_index', 'ami', 'availability_zone'],
    ...['availability_zone_id', 'assign_ipv6_address_on_creation', 'capacity_reservation_specification'],
    ...['cpu_core_count', 'cpu_options', 'cpu_threads_per_core', 'credit_specification', 'default_network_acl_id'],
    ...['default_route_table_id', 'default_security_group_id', 'main_route_table_id', 'original_route_table_id'],
    ...['dhcp_options_id', 'disable_api_stop', 'disable_api_termination', 'domain', 'vpc', 'ebs_block_device'],
    ...['ebs_optimized', 'enable_dns_hostnames', 'enable_network_address_usage_metrics', 'enclave_options'],
    ...['enable_resource_name_dns_a_record_on_launch', 'enable_resource_name_dns_aaaa_record_on_launch'],
    ...['ephemeral_block_device', 'existing_default_subnet', 'existing_default_vpc', 'force_destroy'],
    ...['get_password_data', 'password_data', 'hibernation', 'host_id', 'host_resource_group_arn'],
    ...['iam_instance_profile', 'instance_initiated_shutdown_behavior', 'instance_lifecycle'],
    ...['instance_market_options', 'instance_state', 'instance_tenancy', 'instance_type', 'tenancy', 'ipam_pool_id'],
    ...['ipv6_association_id', 'ipv6_cidr_block_association_id', 'ipv6_cidr_block_network_border_group', 'key_name'],
    ...['mac_address', 'maintenance_options', 'metadata_options', 'monitoring', 'network_border_group', 'origin'],
    ...['placement_group', 'placement_partition_number', 'primary_network_interface_id', 'private_dns'],
    ...['private_dns_hostname_type_on_launch', 'private_dns_name', 'private_dns_name_options', 'private_ip_list'],
    ...['private_ip_list_enabled', 'ipv6_address_list', 'ipv6_address_list_enabled', 'ptr_record', 'public_dns'],
    ...['public_ipv4_pool', 'revoke_rules_on_delete', 'root_block_device', 'spot_instance_request_id', 'status'],
    ...['user_data', 'user_data_base64', 'user_data_replace_on_change', 'version'],
  ],
  usual: {
    enable_dns_support: ['true'],
    interface_type: ['interface'],
    state: ['active'],
  },
};

/** Properties of the resources of a CloudFormation template. */
export const TEMPLATE_IRRELEVANT: IrrelevantAttributes = {
  always: [
    ...['Tags', 'Description', 'AvailabilityZone', 'AvailabilityZoneId', 'InstanceTenancy', 'EnableDnsHostnames'],
    ...['AssignIpv6AddressOnCreation', 'PrivateDnsNameOptionsOnLaunch', 'ImageId', 'InstanceType', 'KeyName'],
    ...['UserData', 'IamInstanceProfile', 'BlockDeviceMappings', 'Volumes', 'Monitoring', 'EbsOptimized'],
    ...['DisableApiTermination', 'CreditSpecification', 'CpuOptions', 'HibernationOptions', 'EnclaveOptions'],
    ...['LicenseSpecifications', 'PropagateTagsToVolumeOnCreation', 'InstanceInitiatedShutdownBehavior', 'Tenancy'],
    ...['Affinity', 'HostId', 'HostResourceGroupArn', 'PlacementGroupName', 'PrivateDnsNameOptions', 'KernelId'],
    ...['RamdiskId', 'SsmAssociations', 'MetadataOptions', 'DeleteOnTermination', 'NetworkCardIndex', 'Domain'],
    ...['NetworkBorderGroup', 'PublicIpv4Pool', 'AllocationId', 'EIP', 'MaxDrainDurationSeconds', 'PeerOwnerId'],
    ...[
      'PeerRoleArn',
      'SourceSecurityGroupOwnerId',
      'DeviceIndex',
      'Primary',
      'AmazonProvidedIpv6CidrBlock',
      'Ipv6Pool',
    ],
  ],
  usual: { EnableDnsSupport: ['true'], InterfaceType: ['interface'] },
};
