import type { Cursor } from '../../source/cursor.js';
import type { LoadBalancerItem } from '../inventory.js';
import { addDatabase, addListener, addMachine, addScalingGroup, addTargets } from '../managed.js';
import { GROUP_TYPES, type ReadResource, type Refusal, type ResourceReader, SUBNET_TYPES } from './resource-reader.js';

export const TEMPLATE_TYPES = ['aws_launch_template', 'aws_launch_configuration'];
const BALANCER_TYPES = ['aws_lb', 'aws_alb'];
const TARGET_GROUP_TYPES = ['aws_lb_target_group', 'aws_alb_target_group'];

/** Read before the machines that are made by them. */
export const LAUNCH_READERS = withoutRest({
  aws_launch_template: readTemplate,
  aws_launch_configuration: readTemplate,
});

export const MANAGED_READERS = withoutRest({
  aws_lb_target_group: readTargetGroup,
  aws_alb_target_group: readTargetGroup,
  aws_elb: readClassicBalancer,
  aws_autoscaling_group: readScalingGroup,
  aws_lb_target_group_attachment: (reader) => readTargets(reader, reader.one('target_id', ['aws_instance'])),
  aws_alb_target_group_attachment: (reader) => readTargets(reader, reader.one('target_id', ['aws_instance'])),
  aws_lb: readBalancer,
  aws_alb: readBalancer,
  aws_lb_listener: readListener,
  aws_alb_listener: readListener,
  aws_db_subnet_group: readSubnetGroup,
  aws_rds_cluster: readCluster,
  aws_db_instance: readDatabase,
  aws_rds_cluster_instance: readDatabase,
  aws_lambda_function: readFunction,
});

/** What these read decides on packets; the other attributes do not. */
function withoutRest(readers: Readonly<Record<string, ReadResource>>): Readonly<Record<string, ReadResource>> {
  return Object.fromEntries(
    Object.entries(readers).map(([type, read]): [string, ReadResource] => [
      type,
      (reader) => {
        const refusal = read(reader);
        reader.values.ignore();
        return refusal;
      },
    ]),
  );
}

function readTemplate(reader: ResourceReader): undefined {
  const { values, inventory, address } = reader;
  const [card] = values.items('network_interfaces');
  const inCard = card === undefined ? [] : inBlock(reader, 'network_interfaces', card, 'security_groups', GROUP_TYPES);
  const groups = [
    ...reader.many('vpc_security_group_ids', GROUP_TYPES),
    ...reader.many('security_groups', GROUP_TYPES),
    ...inCard,
  ];
  const publicIp = (card ?? values).flag('associate_public_ip_address');
  inventory.launchTemplates.push({ key: address, groups: groups.length === 0 ? null : groups, publicIp });
}

/** What an attribute of a block names: while it is not known, that is what the whole block refers to. */
export function inBlock(
  reader: ResourceReader,
  block: string,
  values: Cursor,
  attribute: string,
  types: readonly string[],
): readonly string[] {
  const isKnown = values.at(attribute).value !== undefined;
  return isKnown ? reader.many(attribute, types, values) : reader.unknown(block, types);
}

function readTargetGroup({ inventory, address, values }: ResourceReader): undefined {
  inventory.targetGroups.push({ key: address, port: values.number('port'), targets: [] });
}

function readScalingGroup(reader: ResourceReader): undefined {
  const { values, inventory } = reader;
  const [block] = values.items('launch_template');
  const named = block === undefined ? [] : inBlock(reader, 'launch_template', block, 'id', TEMPLATE_TYPES);
  const [template] = [...named, ...reader.many('launch_configuration', TEMPLATE_TYPES)];
  addScalingGroup(inventory, reader.head('asg'), {
    template: template ?? null,
    subnets: reader.many('vpc_zone_identifier', SUBNET_TYPES),
    capacity: values.number('desired_capacity') ?? values.number('min_size'),
    targetGroups: [
      ...reader.many('target_group_arns', TARGET_GROUP_TYPES),
      ...reader.many('load_balancers', ['aws_elb']),
    ],
  });
}

function readTargets(reader: ResourceReader, target: string | null): Refusal {
  const group = reader.one('target_group_arn', TARGET_GROUP_TYPES);
  if (group === null || target === null) return reader.leaveOut('a target that is no instance of the plan');
  addTargets(reader.inventory, group, [target]);
}

function balancerOf(reader: ResourceReader, type: LoadBalancerItem['type']): LoadBalancerItem {
  const { values } = reader;
  const mapped = values.items('subnet_mapping').flatMap((each) => each.text('subnet_id') ?? []);
  return {
    ...reader.head('lb'),
    type,
    subnets: [...reader.many('subnets', SUBNET_TYPES), ...mapped],
    groups: reader.many('security_groups', GROUP_TYPES),
    isPublic: values.flag('internal') !== true,
    listeners: [],
  };
}

function readBalancer(reader: ResourceReader): Refusal {
  const type = reader.values.text('load_balancer_type');
  if (type === 'gateway') return reader.leaveOut('sglab builds no gateway load balancers');
  reader.inventory.loadBalancers.push(balancerOf(reader, type === 'network' ? 'network' : 'application'));
}

function readListener(reader: ResourceReader): Refusal {
  const { values, inventory } = reader;
  const balancer = reader.one('load_balancer_arn', BALANCER_TYPES);
  const groups = values
    .items('default_action')
    .filter((action) => action.text('type') === 'forward')
    .flatMap((action) => inBlock(reader, 'default_action', action, 'target_group_arn', TARGET_GROUP_TYPES));
  const port = values.number('port');
  // One that redirects or answers by itself has no targets.
  if (groups.length === 0 || port === null) return;
  if (balancer === null || !addListener(inventory, balancer, port, groups)) return 'its load balancer is not known';
}

/** Its machines are a target group by its own name, to which an Auto Scaling group adds its own later. */
function readClassicBalancer(reader: ResourceReader): undefined {
  const { values, inventory, address } = reader;
  const balancer = balancerOf(reader, 'application');
  const targets = [...reader.many('instances', ['aws_instance'])];
  inventory.targetGroups.push({ key: address, port: null, targets });
  for (const listener of values.items('listener')) {
    const port = listener.number('lb_port');
    if (port !== null) balancer.listeners.push({ port, targetPort: listener.number('instance_port'), targets });
  }
  inventory.loadBalancers.push(balancer);
}

/** Others name it by its name, which the plan knows. */
function readSubnetGroup(reader: ResourceReader): undefined {
  const subnets = reader.many('subnet_ids', SUBNET_TYPES);
  for (const key of [reader.address, reader.values.text('name')]) {
    if (key !== null) reader.inventory.placements.push({ key, subnets, groups: [] });
  }
}

function readCluster(reader: ResourceReader): undefined {
  const group = reader.one('db_subnet_group_name', ['aws_db_subnet_group']);
  const groups = reader.many('vpc_security_group_ids', GROUP_TYPES);
  for (const key of [reader.address, reader.values.text('cluster_identifier')]) {
    if (key !== null) reader.inventory.placements.push({ key, subnets: group === null ? [] : [group], groups });
  }
}

function readDatabase(reader: ResourceReader): undefined {
  const { values } = reader;
  addDatabase(reader.inventory, reader.head('db'), {
    engine: values.text('engine'),
    port: values.number('port'),
    groups: reader.many('vpc_security_group_ids', GROUP_TYPES),
    placements: [
      reader.one('db_subnet_group_name', ['aws_db_subnet_group']),
      reader.one('cluster_identifier', ['aws_rds_cluster']),
    ],
    isPublic: values.flag('publicly_accessible') ?? false,
  });
}

/** A function outside every VPC has no interface, and no group concerns it. */
function readFunction(reader: ResourceReader): undefined {
  const [block] = reader.values.items('vpc_config');
  if (block === undefined) return;
  const [subnet] = inBlock(reader, 'vpc_config', block, 'subnet_ids', SUBNET_TYPES);
  const groups = inBlock(reader, 'vpc_config', block, 'security_group_ids', GROUP_TYPES);
  if (subnet === undefined) return;
  addMachine(reader.inventory, reader.head('fn'), {
    kind: 'lambda',
    subnet,
    groups: groups.length === 0 ? null : groups,
    publicIp: false,
  });
}
