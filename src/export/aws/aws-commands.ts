import { managedPrefixLists } from '../../cloud/groups/prefix-list.js';
import { byId } from '../../cloud/lookup.js';
import type { Cloud } from '../../cloud/types.js';
import { notRunning } from '../not-running.js';
import { groupLines, prefixListLines, ruleLines } from './group-lines.js';
import { endedPeeringLines, peeringLines, transitGatewayLines } from './link-lines.js';
import { instanceLines, natGatewayLines } from './machine-lines.js';
import { aclLines, vpcLines } from './network-lines.js';
import { endpointLines, tableLines } from './route-lines.js';
import { Script } from './script.js';

export interface ExportedCommands {
  readonly script: string;
  /** Parts of the cloud that the script does not make: one sentence each. */
  readonly notExported: readonly string[];
}

const HEAD = `#!/usr/bin/env bash
# Creates in an AWS account what sglab runs. Ids are passed on in variables.
set -euo pipefail
export AWS_PAGER=''`;

const REGION = `: "\${AWS_REGION:?the Region, such as eu-central-1}"`;

const IMAGE = `: "\${IMAGE_ID:?an AMI for the instances, such as ami-0123456789abcdef0}"
: "\${INSTANCE_TYPE:=t3.micro}"`;

const IPV6 = `
# AWS chooses IPv6 blocks. ipv6 BLOCK NUMBER REST: what has this subnet number (two digits) and rest in the block.
ipv6() {
  local a b c d
  IFS=: read -r a b c d <<<"\${1%%::*}"
  printf '%s:%s:%s:%x%s\\n' "$a" "\${b:-0}" "\${c:-0}" $(((0x\${d:-0} & 0xff00) | 0x$2)) "$3"
}`;

const WAIT_FOR = `
# wait_for STATE COMMAND...: until the command prints it.
wait_for() {
  for _ in {1..120}; do
    [ "$("\${@:2}")" = "$1" ] && return
    sleep 1
  done
  echo "still not $1: \${*:2}" >&2
  return 1
}`;

/** A shell script of `aws ec2 …` commands that make the cloud, up to ids and addresses that AWS chooses. */
export function awsCommands(cloud: Cloud): ExportedCommands {
  const script = new Script(cloud);
  const managed = managedPrefixLists(cloud.region);
  const each = <T>(things: Readonly<Record<string, T>>, lines: (script: Script, thing: T) => string[]) =>
    Object.values(things).flatMap((thing) => lines(script, thing));
  const own = Object.fromEntries(Object.entries(cloud.prefixLists).filter(([id]) => !Object.hasOwn(managed, id)));
  // What refers to something comes after it; rules refer to each other's groups, and across peerings.
  const lines = [
    ...each(cloud.vpcs, vpcLines),
    ...each(cloud.peerings, peeringLines),
    ...each(cloud.transitGateways, transitGatewayLines),
    ...each(own, prefixListLines),
    ...each(cloud.securityGroups, groupLines),
    ...each(cloud.securityGroups, ruleLines),
    ...each(cloud.networkAcls, aclLines),
    ...each(cloud.instances, natGatewayLines),
    ...each(cloud.instances, instanceLines),
    ...each(cloud.routeTables, tableLines),
    ...each(cloud.gatewayEndpoints, endpointLines),
    ...each(cloud.peerings, endedPeeringLines),
  ];
  const body = lines.join('\n');
  const helpers = [
    ...(body.includes('$AWS_REGION') ? [REGION] : []),
    ...(body.includes('$IMAGE_ID') ? [IMAGE] : []),
    ...(body.includes('$(ipv6 ') ? [IPV6] : []),
    ...(body.includes('\nwait_for ') ? [WAIT_FOR] : []),
  ];
  return {
    script: [HEAD, ...helpers, body, ''].join('\n'),
    notExported: [...script.notExported, ...leftOut(cloud)],
  };
}

function leftOut(cloud: Cloud): string[] {
  const machines = Object.values(cloud.instances);
  const other = machines.filter(({ kind }) => kind !== 'ec2' && kind !== 'nat-gateway');
  const publicIps = Object.values(cloud.networkInterfaces).flatMap(({ publicIp, instanceId }) =>
    publicIp === null || other.includes(byId(cloud.instances, instanceId)) ? [] : [publicIp],
  );
  return [
    ...notRunning(cloud),
    ...other.map(({ name, kind }) => `${name}: the script makes no ${kind}`),
    ...Object.keys(cloud.externalHosts).map((name) => `${name}: a machine on the internet`),
    ...(publicIps.length === 0 ? [] : [`the public addresses ${publicIps.join(', ')}: AWS chooses others`]),
    ...(machines.some(({ listen }) => listen.length > 0) ? ['what listens on the instances: their AMI decides'] : []),
  ];
}
