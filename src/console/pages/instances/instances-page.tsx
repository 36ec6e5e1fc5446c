import { findInstance } from '../../../cloud/lookup.js';
import { NotThere } from '../../resources/resource-page.js';
import type { PageProps } from '../../shell/page.js';
import { ChangeGroupsPage } from './change-groups-page.js';
import { InstanceList } from './instance-list.js';
import { InstancePage } from './instance-page.js';
import { INSTANCES } from './places.js';

export function InstancesPage({ live, route }: PageProps) {
  const [, id, task] = route.path;
  if (id === undefined) return <InstanceList live={live} />;
  const instance = findInstance(live.cloud, id);
  if (instance === undefined) return <NotThere crumbs={[INSTANCES]} id={id} />;
  if (task === 'change-security-groups') return <ChangeGroupsPage live={live} instance={instance} />;
  return <InstancePage live={live} instance={instance} tab={route.query.get('tab') ?? 'security'} />;
}
