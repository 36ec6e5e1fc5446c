import type { Cloud } from '../cloud/types.js';

/** Lists what no export can express, because nothing of it runs: one sentence each. */
export function notRunning(cloud: Cloud): string[] {
  const { idleInterfaces, stoppedInstances, routeTables } = cloud;
  const routes = Object.values(routeTables).flatMap(({ name, routes: all }) =>
    all.flatMap(({ target }) =>
      target.type === 'interface' && isIdle(cloud, target.interfaceId)
        ? [`${name}: the route to the interface ${target.interfaceId}`]
        : [],
    ),
  );
  return [
    ...Object.values(stoppedInstances).map(({ name }) => `${name}: an instance that does not run`),
    ...Object.keys(idleInterfaces).map((id) => `${id}: a network interface of no running instance`),
    ...routes,
  ];
}

/** Whether an interface has no card, or is gone. */
export function isIdle({ networkInterfaces }: Cloud, interfaceId: string): boolean {
  return !Object.hasOwn(networkInterfaces, interfaceId);
}
