/** Operations as a script for a shell, which a reviewer can read, and root could run. */
import { addBridge, addLink, addNamespace, removeLink, removeNamespace, routingLines, set, unset } from './ip-text.js';
import { NO_ROUTING } from './objects.js';
import type { Create, Operation } from './operation.js';

/** The lines of one operation; none where nothing is run. */
export function scriptLines(operation: Operation): string[] {
  const inside = (line: string) => `ip -n ${operation.namespace} ${line}`;
  switch (operation.type) {
    case 'remove':
      return [
        ...operation.farEnds.map(({ namespace, name }) => `ip -n ${namespace} ${removeLink(name)}`),
        `ip ${removeNamespace(operation.namespace)}`,
      ];
    case 'create':
      return [`ip ${addNamespace(operation.namespace)}${ownerRemark(operation)}`];
    case 'sysctls':
      return Object.entries(operation.sysctls).map(
        ([key, value]) => `ip netns exec ${operation.namespace} sysctl -qw net.${key}=${value}`,
      );
    case 'bridge':
      return [`ip ${addBridge(operation.namespace, operation.bridge)}`];
    case 'link':
      return [`ip ${addLink(operation.link)}`];
    case 'load ruleset':
    case 'change ruleset':
      return nft(operation.namespace, operation.text);
    case 'set':
      return operation.settings.map(set).map(inside);
    case 'unset':
      return operation.settings.flatMap(unset).map(inside);
    case 'route':
      return routingLines(operation.from ?? NO_ROUTING, operation.to).map(inside);
    case 'free names':
      return [`# ${operation.namespace}: until there is no ${operation.links.join(', ')}`];
    case 'carrier':
      return [`# ${operation.namespace}: until ${operation.links.join(', ')} can carry packets`];
  }
}

/** No command makes such a namespace. */
function ownerRemark({ owner }: Create): string {
  return owner === null ? '' : ` # in a user namespace of its own, whose owner is ${owner}`;
}

function nft(namespace: string, text: string): string[] {
  return [`ip netns exec ${namespace} nft -f - <<'END'`, ...text.trimEnd().split('\n'), 'END'];
}
