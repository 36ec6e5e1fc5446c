/** Machines that AWS makes: balancers, scaling groups, databases and functions, of templates and of plans. */
import { expect, it } from 'vitest';
import type { Cloud } from '../../../src/cloud/types.js';
import { imported, type Planned, planOf } from './support/sources.js';

const ref = (name: string) => ({ Ref: name });
const template = (resources: Readonly<Record<string, readonly [string, object]>>) => ({
  Parameters: { Ami: { Type: 'AWS::EC2::Image::Id' } },
  Resources: Object.fromEntries(
    Object.entries(resources).map(([key, [type, Properties]]) => [key, { Type: `AWS::${type}`, Properties }]),
  ),
});

const STACK = template({
  Vpc: ['EC2::VPC', { CidrBlock: '10.0.0.0/16' }],
  Igw: ['EC2::InternetGateway', {}],
  Attach: ['EC2::VPCGatewayAttachment', { VpcId: ref('Vpc'), InternetGatewayId: ref('Igw') }],
  A: ['EC2::Subnet', { VpcId: ref('Vpc'), CidrBlock: '10.0.1.0/24', MapPublicIpOnLaunch: true }],
  B: ['EC2::Subnet', { VpcId: ref('Vpc'), CidrBlock: '10.0.2.0/24' }],
  Web: ['EC2::SecurityGroup', { GroupDescription: 'web', VpcId: ref('Vpc') }],
  Db: ['EC2::SecurityGroup', { GroupDescription: 'db', VpcId: ref('Vpc') }],
  Template: ['EC2::LaunchTemplate', { LaunchTemplateData: { ImageId: ref('Ami'), SecurityGroupIds: [ref('Web')] } }],
  Machine: [
    'EC2::Instance',
    { SubnetId: ref('B'), LaunchTemplate: { LaunchTemplateId: ref('Template'), Version: '1' } },
  ],
  Targets: ['ElasticLoadBalancingV2::TargetGroup', { Port: 8080, Protocol: 'HTTP', VpcId: ref('Vpc') }],
  Scaling: [
    'AutoScaling::AutoScalingGroup',
    {
      ...{ MinSize: '2', MaxSize: '9', VPCZoneIdentifier: [ref('A'), ref('B')], TargetGroupARNs: [ref('Targets')] },
      LaunchTemplate: { LaunchTemplateId: ref('Template'), Version: '1' },
    },
  ],
  Balancer: ['ElasticLoadBalancingV2::LoadBalancer', { Subnets: [ref('A'), ref('B')], SecurityGroups: [ref('Web')] }],
  Listener: [
    'ElasticLoadBalancingV2::Listener',
    {
      ...{ LoadBalancerArn: ref('Balancer'), Port: 80, Protocol: 'HTTP' },
      DefaultActions: [{ Type: 'forward', TargetGroupArn: ref('Targets') }],
    },
  ],
  Subnets: ['RDS::DBSubnetGroup', { DBSubnetGroupDescription: 'x', SubnetIds: [ref('B')] }],
  Cluster: ['RDS::DBCluster', { DBSubnetGroupName: ref('Subnets'), VpcSecurityGroupIds: [ref('Db')] }],
  Writer: ['RDS::DBInstance', { Engine: 'aurora-postgresql', DBClusterIdentifier: ref('Cluster') }],
  Function: [
    'Lambda::Function',
    { VpcConfig: { SubnetIds: [ref('B')], SecurityGroupIds: [ref('Web')] }, Runtime: 'x' },
  ],
  Outside: ['Lambda::Function', { Runtime: 'x' }],
});

const vpc = { vpc_id: ['aws_vpc.main.id'] };
const PLAN = planOf(
  { address: 'aws_vpc.main', values: { cidr_block: '10.0.0.0/16' } },
  { address: 'aws_internet_gateway.main', references: vpc },
  { address: 'aws_subnet.a', values: { cidr_block: '10.0.1.0/24', map_public_ip_on_launch: true }, references: vpc },
  { address: 'aws_subnet.b', values: { cidr_block: '10.0.2.0/24' }, references: vpc },
  { address: 'aws_security_group.web', values: { name: 'web' }, references: vpc },
  { address: 'aws_security_group.db', values: { name: 'db' }, references: vpc },
  { address: 'aws_launch_template.web', references: { vpc_security_group_ids: ['aws_security_group.web.id'] } },
  {
    address: 'aws_instance.machine',
    values: { launch_template: [{}] },
    references: { launch_template: ['aws_launch_template.web.id'], subnet_id: ['aws_subnet.b.id'] },
  },
  { address: 'aws_lb_target_group.web', values: { port: 8080 } },
  {
    address: 'aws_autoscaling_group.scaling',
    values: { min_size: 2, launch_template: [{}] },
    references: {
      launch_template: ['aws_launch_template.web.id'],
      vpc_zone_identifier: ['aws_subnet.a.id', 'aws_subnet.b.id'],
      target_group_arns: ['aws_lb_target_group.web.arn'],
    },
  },
  {
    address: 'aws_lb.balancer',
    values: { load_balancer_type: 'application' },
    references: {
      subnets: ['aws_subnet.a.id', 'aws_subnet.b.id'],
      security_groups: ['aws_security_group.web.id'],
    },
  },
  {
    address: 'aws_lb_listener.http',
    values: { port: 80, default_action: [{ type: 'forward' }] },
    references: { load_balancer_arn: ['aws_lb.balancer.arn'], default_action: ['aws_lb_target_group.web.arn'] },
  },
  { address: 'aws_db_subnet_group.db', values: { name: 'data' }, references: { subnet_ids: ['aws_subnet.b.id'] } },
  {
    address: 'aws_rds_cluster.db',
    values: { cluster_identifier: 'db', db_subnet_group_name: 'data' },
    references: { vpc_security_group_ids: ['aws_security_group.db.id'] },
  },
  {
    address: 'aws_rds_cluster_instance.writer',
    values: { engine: 'aurora-postgresql' },
    references: { cluster_identifier: ['aws_rds_cluster.db.id'] },
  },
  {
    address: 'aws_lambda_function.function',
    values: { vpc_config: [{}] },
    references: { vpc_config: ['aws_subnet.b.id', 'aws_security_group.web.id'] },
  },
  { address: 'aws_lambda_function.outside', values: { vpc_config: [] } } satisfies Planned,
);

/** `scaling-1: ec2 in a, web, public` */
function machinesOf(cloud: Cloud): Record<string, string> {
  return Object.fromEntries(
    Object.values(cloud.instances).map(({ name, kind, interfaceIds: [id = ''], listen }) => {
      const eni = cloud.networkInterfaces[id];
      const groups = eni?.groupIds.map((group) => cloud.securityGroups[group]?.name).join(' ');
      const ports = listen.flatMap((each) => (each.protocol === 'raw' ? [] : each.port)).join(' ');
      const about = [
        kind,
        cloud.subnets[eni?.subnetId ?? '']?.name,
        groups,
        eni?.publicIp === null ? '' : 'public',
        ports,
      ];
      return [name, about.filter((word) => word !== '').join(', ')];
    }),
  );
}

it.each([
  ['template', STACK],
  ['plan', PLAN],
])('are made of a %s', async (_what, source) => {
  const { cloud, unsupported } = await imported(source);
  expect(unsupported).toEqual([]);
  expect(machinesOf(cloud)).toEqual({
    machine: 'ec2, b, web',
    'scaling-1': 'ec2, a, web, public',
    'scaling-2': 'ec2, b, web',
    writer: 'rds, b, db, 5432',
    function: 'lambda, b, web',
    balancer: 'application-load-balancer, a, web, public',
  });
  const balancer = Object.values(cloud.instances).find(({ name }) => name === 'balancer');
  expect(balancer?.forwarding?.ports).toMatchObject([{ port: 80, targetPort: 8080, targetIds: { length: 2 } }]);
});
