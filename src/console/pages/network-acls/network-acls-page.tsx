import { findById } from '../../../cloud/lookup.js';
import { type CreatedInVpc, CreateInVpcPage } from '../../resources/create-in-vpc-page.js';
import { NotThere } from '../../resources/resource-page.js';
import type { PageProps } from '../../shell/page.js';
import { AclList } from './acl-list.js';
import { AclPage } from './acl-page.js';
import { EditEntriesPage } from './edit-entries-page.js';
import { EditSubnetsPage } from './edit-subnets-page.js';
import { aclPath, NETWORK_ACLS } from './places.js';

const CREATED: CreatedInVpc = {
  noun: 'network ACL',
  description:
    'A network ACL is an optional layer of security that acts as a firewall for controlling traffic in and out of a subnet.',
  action: 'CreateNetworkAcl',
  resourceType: 'network-acl',
  idOf: (answer) => (answer as { readonly NetworkAcl: { readonly NetworkAclId: string } }).NetworkAcl.NetworkAclId,
  pathOf: aclPath,
};

export function NetworkAclsPage({ live, route }: PageProps) {
  const [, id, task] = route.path;
  if (id === undefined) return <AclList live={live} />;
  if (id === 'create') {
    return <CreateInVpcPage live={live} kind={CREATED} crumbs={[NETWORK_ACLS]} back={NETWORK_ACLS.path} />;
  }
  const acl = findById(live.cloud.networkAcls, id);
  if (acl === undefined) return <NotThere crumbs={[NETWORK_ACLS]} id={id} />;
  if (task === 'edit-inbound-rules') return <EditEntriesPage key={task} live={live} acl={acl} direction="ingress" />;
  if (task === 'edit-outbound-rules') return <EditEntriesPage key={task} live={live} acl={acl} direction="egress" />;
  if (task === 'edit-subnet-associations') return <EditSubnetsPage live={live} acl={acl} />;
  return <AclPage live={live} acl={acl} tab={route.query.get('tab') ?? 'inbound'} />;
}
