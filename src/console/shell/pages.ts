/** Every page of the console, in the order of the navigation. A page is added here and nowhere else. */

import { FindingsPage } from '../pages/findings/findings-page.js';
import { GroupsPage } from '../pages/groups/groups-page.js';
import { HistoryPage } from '../pages/history/history-page.js';
import { InstancesPage } from '../pages/instances/instances-page.js';
import { LabPage } from '../pages/lab/lab-page.js';
import { MACHINE_PANEL } from '../pages/lab/machine-panel.js';
import { LessonPage } from '../pages/lesson/lesson-page.js';
import { NetworkAclsPage } from '../pages/network-acls/network-acls-page.js';
import { ReachabilityPage } from '../pages/reachability/reachability-page.js';
import { RouteTablesPage } from '../pages/route-tables/route-tables-page.js';
import { TerminalPage } from '../pages/terminal/terminal-page.js';
import { WayPage } from '../pages/way/way-page.js';
import type { Page } from './page.js';

export const PAGES: readonly Page[] = [
  { word: 'lab', title: 'Resource map', section: null, component: LabPage, panel: MACHINE_PANEL },
  {
    word: 'lesson',
    title: 'Lesson',
    section: null,
    component: LessonPage,
    isShown: ({ lab }) => lab === 'learn',
  },
  { word: 'instances', title: 'Instances', section: 'Instances', component: InstancesPage },
  {
    word: 'terminal',
    title: 'Terminal',
    section: 'Instances',
    component: TerminalPage,
    isShown: ({ terminals }) => terminals,
  },
  { word: 'groups', title: 'Security groups', section: 'Network & Security', component: GroupsPage },
  { word: 'network-acls', title: 'Network ACLs', section: 'VPC', component: NetworkAclsPage },
  { word: 'route-tables', title: 'Route tables', section: 'VPC', component: RouteTablesPage },
  { word: 'reachability', title: 'Reachability', section: 'Observe', component: ReachabilityPage },
  { word: 'way', title: 'Reachability Analyzer', section: 'Observe', component: WayPage },
  { word: 'history', title: 'History', section: 'Observe', component: HistoryPage },
  { word: 'findings', title: 'Findings', section: 'Observe', component: FindingsPage },
];
