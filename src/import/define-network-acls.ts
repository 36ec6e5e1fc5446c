import type { ScenarioDefinition } from '../scenario/schema.js';
import type { EntryDefinition } from '../scenario/schema-network-acls.js';
import { type Draft, idPart } from './draft.js';
import type { NetworkAclEntryItem } from './inventory.js';
import { Names } from './names.js';
import { trafficDefinition } from './traffic.js';

type NetworkAcls = NonNullable<ScenarioDefinition['networkAcls']>;

const DEFAULT = 'default';

/** Decides what the network ACLs are called, for the subnets behind them. */
export function nameNetworkAcls(draft: Draft): void {
  const names = new Names([DEFAULT]);
  for (const { key, id, name, isDefault } of draft.inventory.networkAcls) {
    draft.words.set(key, isDefault ? DEFAULT : names.take(name, id, key));
  }
}

export function defineNetworkAcls(draft: Draft): NetworkAcls {
  const { networkAcls } = draft.inventory;
  const keys = new Names(networkAcls.filter(({ isDefault }) => !isDefault).map(({ key }) => draft.word(key)));
  const hasOneDefault = networkAcls.filter(({ isDefault }) => isDefault).length === 1;
  return Object.fromEntries(
    networkAcls.map((acl) => {
      const name = draft.word(acl.key);
      const key = acl.isDefault && !hasOneDefault ? keys.take(`${draft.word(acl.vpc)}-${DEFAULT}`) : name;
      draft.origin(['networkAcls', key], acl.place);
      const list = (direction: string) =>
        acl.entries.filter((entry) => entry.direction === direction).map(entryDefinition);
      const head = { ...idPart(acl), ...(name === key ? {} : { name }), ...draft.vpcPart(acl) };
      return [key, { ...head, inbound: list('ingress'), outbound: list('egress') }];
    }),
  );
}

function entryDefinition(entry: NetworkAclEntryItem): EntryDefinition {
  const { number: rule, action, cidr, direction } = entry;
  const { protocol, ports, type, code } = trafficDefinition(entry);
  return {
    rule,
    action,
    protocol,
    ...(ports === undefined || Array.isArray(ports) ? {} : { ports }),
    ...(type === undefined ? {} : { type }),
    ...(code === undefined ? {} : { code }),
    ...(direction === 'ingress' ? { from: cidr } : { to: cidr }),
  };
}
