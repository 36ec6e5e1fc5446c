import { createCloud } from '../../../src/cloud/create-cloud.js';
import { CloudError } from '../../../src/cloud/errors.js';
import { createPrefixList } from '../../../src/cloud/groups/prefix-list.js';
import type { RuleSpec } from '../../../src/cloud/groups/rules.js';
import { createSecurityGroup } from '../../../src/cloud/groups/security-group.js';
import type { SecurityGroup } from '../../../src/cloud/groups/types.js';
import { createExternalHost } from '../../../src/cloud/instances/external-host.js';
import { runInstance } from '../../../src/cloud/instances/instance.js';
import type { Instance } from '../../../src/cloud/instances/types.js';
import type { InterfaceInput } from '../../../src/cloud/interfaces/new-interface.js';
import { createSubnet } from '../../../src/cloud/network/subnet.js';
import { createVpc } from '../../../src/cloud/network/vpc.js';
import { resolveGroup } from '../../../src/cloud/text/resolve.js';
import type { Cloud, Quotas } from '../../../src/cloud/types.js';

/** Two VPCs (`shop` with IPv6 and an internet gateway, `pay`), subnets, groups web and db in shop, one host. */
export function makeShop(quotas: Partial<Quotas> = {}) {
  const shop = createVpc(createCloud({ name: 'shop-lab', quotas }), {
    name: 'shop',
    cidrs: ['10.0.0.0/16'],
    ipv6Cidr: '2001:db8:1::/56',
    internetGateway: true,
  });
  const pay = createVpc(shop.cloud, { name: 'pay', cidrs: ['10.5.0.0/16'] });
  const publicSubnet = createSubnet(pay.cloud, {
    vpcId: shop.vpc.id,
    name: 'public',
    cidr: '10.0.1.0/24',
    ipv6Cidr: '2001:db8:1::/64',
    public: true,
  });
  const privateSubnet = createSubnet(publicSubnet.cloud, { vpcId: shop.vpc.id, name: 'private', cidr: '10.0.2.0/24' });
  const paySubnet = createSubnet(privateSubnet.cloud, { vpcId: pay.vpc.id, name: 'pay-a', cidr: '10.5.1.0/24' });
  const web = createSecurityGroup(paySubnet.cloud, { vpcId: shop.vpc.id, name: 'web', description: 'Web servers' });
  const db = createSecurityGroup(web.cloud, { vpcId: shop.vpc.id, name: 'db', description: 'Databases' });
  const payApi = createSecurityGroup(db.cloud, { vpcId: pay.vpc.id, name: 'pay-api', description: 'Payments' });
  const list = createPrefixList(payApi.cloud, {
    name: 'partners',
    family: 'ipv4',
    maxEntries: 55,
    entries: [{ cidr: '10.1.0.0/16' }],
  });
  const { cloud } = createExternalHost(list.cloud, {
    name: 'office',
    addresses: ['198.51.100.10', '2001:db8:ffff::10'],
  });
  return {
    cloud,
    vpcId: shop.vpc.id,
    payVpcId: pay.vpc.id,
    publicSubnetId: publicSubnet.subnet.id,
    privateSubnetId: privateSubnet.subnet.id,
    paySubnetId: paySubnet.subnet.id,
    web: web.group.id,
    db: db.group.id,
    payApi: payApi.group.id,
    prefixListId: list.prefixList.id,
  };
}

export function launch(cloud: Cloud, name: string, ...interfaces: [InterfaceInput, ...InterfaceInput[]]) {
  return runInstance(cloud, { name, interfaces });
}

/** The shop with web-1 (web; public; a secondary address) and db-1 (db on its first interface, web on its second). */
export function makeLab() {
  const shop = makeShop();
  const subnetId = shop.publicSubnetId;
  const web1 = launch(shop.cloud, 'web-1', {
    subnetId,
    groupIds: [shop.web],
    publicIp: true,
    secondaryIps: ['10.0.1.77'],
  });
  const db1 = launch(
    web1.cloud,
    'db-1',
    { subnetId: shop.privateSubnetId, groupIds: [shop.db] },
    { subnetId, groupIds: [shop.web] },
  );
  return { ...shop, cloud: db1.cloud };
}

/** The interfaces of an instance, in order. */
export function enisOf(cloud: Cloud, instance: Instance) {
  return Object.values(cloud.networkInterfaces).filter((eni) => eni.instanceId === instance.id);
}

export function ingress(protocol: string, ports: readonly [number, number] | null, cidr: string): RuleSpec {
  const [fromPort = null, toPort = null] = ports ?? [];
  return { direction: 'ingress', protocol, fromPort, toPort, peer: { type: 'cidr', cidr } };
}

export function fromGroup(groupId: string, port = 3306): RuleSpec {
  return { direction: 'ingress', protocol: 'tcp', fromPort: port, toPort: port, peer: { type: 'group', groupId } };
}

export function group(cloud: Cloud, word: string): SecurityGroup {
  return resolveGroup(cloud, word);
}

/** The action's error as `Code: message`, so that a table can hold AWS's own texts. */
export function errorOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof CloudError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'no error';
}
