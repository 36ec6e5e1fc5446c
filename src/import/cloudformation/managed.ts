import type { Cursor } from '../../source/cursor.js';
import type { Inventory, LoadBalancerItem } from '../inventory.js';
import { addDatabase, addListener, addMachine, addScalingGroup } from '../managed.js';
import { headOf, type TemplateReader, type TemplateResource } from './resource.js';

/** Read before the machines that are made by them. */
export const TEMPLATE_LAUNCH_READERS = withoutRest({
  'AWS::EC2::LaunchTemplate': (inventory, { key, properties }) => {
    readTemplate(inventory, key, properties.at('LaunchTemplateData'));
  },
  'AWS::AutoScaling::LaunchConfiguration': (inventory, { key, properties }) => {
    readTemplate(inventory, key, properties);
  },
});

export const TEMPLATE_MANAGED_READERS = withoutRest({
  'AWS::ElasticLoadBalancingV2::TargetGroup': readTargetGroup,
  'AWS::ElasticLoadBalancing::LoadBalancer': readClassicBalancer,
  'AWS::AutoScaling::AutoScalingGroup': readScalingGroup,
  'AWS::ElasticLoadBalancingV2::LoadBalancer': readBalancer,
  'AWS::ElasticLoadBalancingV2::Listener': readListener,
  'AWS::RDS::DBSubnetGroup': (inventory, { key, properties }) => {
    inventory.placements.push({ key, subnets: properties.texts('SubnetIds'), groups: [] });
  },
  'AWS::RDS::DBCluster': readCluster,
  'AWS::RDS::DBInstance': readDatabase,
  'AWS::Lambda::Function': readFunction,
});

/** What these read decides on packets; the other properties do not. */
function withoutRest(readers: Readonly<Record<string, TemplateReader>>): Readonly<Record<string, TemplateReader>> {
  return Object.fromEntries(
    Object.entries(readers).map(([type, read]): [string, TemplateReader] => [
      type,
      (inventory, resource) => {
        read(inventory, resource);
        resource.properties.ignore();
      },
    ]),
  );
}

function readTemplate(inventory: Inventory, key: string, data: Cursor): void {
  const [card] = data.items('NetworkInterfaces');
  const groups = [...data.texts('SecurityGroupIds'), ...data.texts('SecurityGroups'), ...(card?.texts('Groups') ?? [])];
  const publicIp = (card ?? data).flag('AssociatePublicIpAddress');
  inventory.launchTemplates.push({ key, groups: groups.length === 0 ? null : groups, publicIp });
}

function readTargetGroup(inventory: Inventory, { key, properties }: TemplateResource): void {
  const targets = properties.items('Targets').map((target) => target.needText('Id'));
  inventory.targetGroups.push({ key, port: properties.number('Port'), targets });
}

function readScalingGroup(inventory: Inventory, resource: TemplateResource): void {
  const { properties } = resource;
  const own = properties.at('LaunchTemplate');
  const mixed = properties.at('MixedInstancesPolicy').at('LaunchTemplate').at('LaunchTemplateSpecification');
  const template = [own, mixed].flatMap(
    (each) => each.text('LaunchTemplateId') ?? each.text('LaunchTemplateName') ?? [],
  );
  const classic = properties.texts('LoadBalancerNames');
  addScalingGroup(inventory, headOf(resource), {
    template: template[0] ?? properties.text('LaunchConfigurationName'),
    subnets: properties.texts('VPCZoneIdentifier'),
    capacity: countOf(properties.text('DesiredCapacity') ?? properties.text('MinSize')),
    targetGroups: [...properties.texts('TargetGroupARNs'), ...classic],
  });
}

function countOf(text: string | null): number | null {
  return text !== null && /^\d+$/.test(text) ? Number(text) : null;
}

function balancerOf(resource: TemplateResource, type: LoadBalancerItem['type']): LoadBalancerItem {
  const { properties } = resource;
  const mapped = properties.items('SubnetMappings').flatMap((each) => each.text('SubnetId') ?? []);
  return {
    ...headOf(resource),
    type,
    subnets: [...properties.texts('Subnets'), ...mapped],
    groups: properties.texts('SecurityGroups'),
    isPublic: properties.text('Scheme') !== 'internal',
    listeners: [],
  };
}

function readBalancer(inventory: Inventory, resource: TemplateResource): void {
  const type = resource.properties.text('Type');
  if (type === 'gateway') {
    inventory.unsupported.push({ place: resource.place, reason: 'sglab builds no gateway load balancers' });
    return;
  }
  inventory.loadBalancers.push(balancerOf(resource, type === 'network' ? 'network' : 'application'));
}

function readListener(inventory: Inventory, { properties, place }: TemplateResource): void {
  const actions = properties.items('DefaultActions');
  const groups = actions.flatMap((action) => [
    ...[action.text('TargetGroupArn') ?? []].flat(),
    ...action
      .at('ForwardConfig')
      .items('TargetGroups')
      .map((each) => each.needText('TargetGroupArn')),
  ]);
  const port = properties.number('Port');
  // One that redirects or answers by itself has no targets.
  if (groups.length === 0 || port === null) return;
  if (addListener(inventory, properties.needText('LoadBalancerArn'), port, groups)) return;
  inventory.unsupported.push({ place, reason: 'its load balancer is not in the template' });
}

/** Its machines are a target group by its own name, to which an Auto Scaling group adds its own later. */
function readClassicBalancer(inventory: Inventory, resource: TemplateResource): void {
  const { properties, key } = resource;
  const balancer = balancerOf(resource, 'application');
  const targets = properties.texts('Instances');
  inventory.targetGroups.push({ key, port: null, targets });
  for (const listener of properties.items('Listeners')) {
    const port = listener.number('LoadBalancerPort');
    if (port !== null) balancer.listeners.push({ port, targetPort: listener.number('InstancePort'), targets });
  }
  inventory.loadBalancers.push(balancer);
}

function readCluster(inventory: Inventory, { key, properties }: TemplateResource): void {
  const group = properties.text('DBSubnetGroupName');
  const groups = properties.texts('VpcSecurityGroupIds');
  inventory.placements.push({ key, subnets: group === null ? [] : [group], groups });
}

function readDatabase(inventory: Inventory, resource: TemplateResource): void {
  const { properties } = resource;
  addDatabase(inventory, headOf(resource), {
    engine: properties.text('Engine'),
    port: countOf(properties.text('Port')),
    groups: properties.texts('VPCSecurityGroups'),
    placements: [properties.text('DBSubnetGroupName'), properties.text('DBClusterIdentifier')],
    isPublic: properties.flag('PubliclyAccessible') ?? false,
  });
}

/** A function outside every VPC has no interface, and no group concerns it. */
function readFunction(inventory: Inventory, resource: TemplateResource): void {
  const place = resource.properties.at('VpcConfig');
  const [subnet] = place.texts('SubnetIds');
  if (subnet === undefined) return;
  const groups = place.texts('SecurityGroupIds');
  addMachine(inventory, headOf(resource), {
    kind: 'lambda',
    subnet,
    groups: groups.length === 0 ? null : groups,
    publicIp: false,
  });
}
