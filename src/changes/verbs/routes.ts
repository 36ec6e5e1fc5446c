/** `routes` adds and removes routes of a route table. */
import { changeRoutes } from '../../cloud/network/routes.js';
import { resolveRouteTable } from '../../cloud/text/resolve.js';
import { resolveDestination, routeText, toRouteInput, type UnresolvedRoute } from '../../cloud/text/route-text.js';
import { listOf } from '../read-parts.js';
import type { SchemaParts } from '../schema-parts.js';
import { listKey } from '../step-form.js';
import type { DefinitionOf, Verb } from '../verb.js';

interface ChangeRoutes {
  readonly type: 'routes';
  /** A name or id. */
  readonly table: string;
  readonly add: readonly UnresolvedRoute[];
  /** Destinations: blocks, or names of prefix lists. */
  readonly remove: readonly string[];
}

const schema = ({ z, oneOrMany, routeSchema }: SchemaParts) =>
  z
    .strictObject({
      table: z.string().describe('The route table’s name. Example: `table: dmz`'),
      add: oneOrMany(routeSchema).optional().describe('Routes. Example: `add: { to: 10.0.2.0/24, via: fw-1 }`'),
      remove: oneOrMany(z.string()).optional().describe('Destinations. Example: `remove: 10.0.2.0/24`'),
    })
    .describe(
      'Changes routes, all or none; removals come first. Example: `routes: { table: dmz, remove: 10.0.2.0/24, add: { to: 10.0.2.0/24, via: fw-2 } }`',
    );

export const routes: Verb<ChangeRoutes, DefinitionOf<typeof schema>> = {
  key: 'routes',
  schema,
  read({ problems, path }, { table, add, remove }) {
    const added = listOf(add).flatMap(({ to, via }) => listOf(to).map((each) => ({ to: each, via })));
    const removed = listOf(remove);
    if (added.length + removed.length === 0) {
      problems.add(path, { message: 'nothing to change', hint: 'Write `add` or `remove`.' });
    }
    return { mutation: { type: 'routes', table, add: added, remove: removed } };
  },
  apply(cloud, change) {
    const add = change.add.map((route) => toRouteInput(cloud, route));
    const remove = change.remove.map((word) => resolveDestination(cloud, word));
    return changeRoutes(cloud, resolveRouteTable(cloud, change.table).id, { add, remove });
  },
  text({ table, add, remove }) {
    const changes = [...remove.map((to) => `-${to}`), ...add.map((route) => `+${routeText(route)}`)];
    return `route table ${table}: ${changes.join(', ')}`;
  },
  step: ({ table, add, remove }) => ({ table, ...listKey('remove', remove), ...listKey('add', add) }),
};
