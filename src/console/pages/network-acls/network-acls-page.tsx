import { findById } from '../../../cloud/lookup.js';
import { NotThere } from '../../resources/resource-page.js';
import type { PageProps } from '../../shell/page.js';
import { AclList } from './acl-list.js';
import { AclPage } from './acl-page.js';
import { EditEntriesPage } from './edit-entries-page.js';
import { NETWORK_ACLS } from './places.js';

export function NetworkAclsPage({ live, route }: PageProps) {
  const [, id, task] = route.path;
  if (id === undefined) return <AclList live={live} />;
  const acl = findById(live.cloud.networkAcls, id);
  if (acl === undefined) return <NotThere crumbs={[NETWORK_ACLS]} id={id} />;
  if (task === 'edit-inbound-rules') return <EditEntriesPage key={task} live={live} acl={acl} direction="ingress" />;
  if (task === 'edit-outbound-rules') return <EditEntriesPage key={task} live={live} acl={acl} direction="egress" />;
  return <AclPage live={live} acl={acl} tab={route.query.get('tab') ?? 'inbound'} />;
}
