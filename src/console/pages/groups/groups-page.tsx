import { findById } from '../../../cloud/lookup.js';
import { NotThere } from '../../resources/resource-page.js';
import type { PageProps } from '../../shell/page.js';
import { CreateGroupPage } from './create-group-page.js';
import { EditRulesPage } from './edit-rules-page.js';
import { GroupList } from './group-list.js';
import { GroupPage } from './group-page.js';
import { GROUPS } from './places.js';

export function GroupsPage({ live, route }: PageProps) {
  const [, word, task] = route.path;
  if (word === undefined) return <GroupList live={live} />;
  if (word === 'create') return <CreateGroupPage live={live} />;
  const group = findById(live.cloud.securityGroups, word);
  if (group === undefined) return <NotThere crumbs={[GROUPS]} id={word} />;
  if (task === 'edit-inbound-rules') return <EditRulesPage key={task} live={live} group={group} direction="ingress" />;
  if (task === 'edit-outbound-rules') return <EditRulesPage key={task} live={live} group={group} direction="egress" />;
  return <GroupPage live={live} group={group} tab={route.query.get('tab') ?? 'inbound'} />;
}
