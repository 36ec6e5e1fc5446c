import type { FakeKernel, FakeNamespace } from '../../../src/kernel/fake-kernel.js';
import { routeKey, rule, set, setRoute } from '../../../src/kernel/ip-text.js';
import { FINGERPRINT } from '../../../src/kernel/lab-names.js';
import type { Ruleset } from '../../../src/ruleset/ruleset.js';

/** Everything that the kernel holds, to be compared. */
export function contents(kernel: FakeKernel): Record<string, unknown> {
  return Object.fromEntries(
    [...kernel.held]
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([name, held]) => [
        name,
        {
          sysctls: Object.fromEntries([...held.sysctls].filter(([key]) => !saysNothing(key, held)).sort()),
          links: [...held.links].map(([link, { isUp }]) => `${link} ${isUp}`).sort(),
          settings: [...held.settings.values()].map(set).sort(),
          rules: held.routing.rules.map((each) => rule('add', each)).sort(),
          routes: [...new Map(held.routing.routes.map((route) => [routeKey(route), setRoute(route)])).values()].sort(),
          ruleset: held.ruleset === null ? null : inOrder(held.ruleset),
        },
      ]),
  );
}

/** The mark, after a change that needs no command, such as another order of addresses; forwarding of a family that is off. */
function saysNothing(key: string, { sysctls }: FakeNamespace): boolean {
  return (
    key === FINGERPRINT || (key === 'ipv6.conf.all.forwarding' && sysctls.get('ipv6.conf.all.disable_ipv6') === '1')
  );
}

/** The order of a set's elements means nothing. */
function inOrder({ tables }: Ruleset): unknown {
  return tables.map((table) => ({
    ...table,
    sets: table.sets
      .map((each) => ({ ...each, elements: [...each.elements].sort(([a], [b]) => a.localeCompare(b)) }))
      .sort((a, b) => a.name.localeCompare(b.name)),
    chains: [...table.chains].sort((a, b) => a.name.localeCompare(b.name)),
  }));
}
