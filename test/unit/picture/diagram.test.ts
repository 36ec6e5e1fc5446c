import { describe, expect, it } from 'vitest';
import { named } from '../../../src/cloud/lookup.js';
import { groupHues } from '../../../src/picture/colours.js';
import { diagramOf } from '../../../src/picture/diagram.js';
import { FOLD_AUTO } from '../../../src/picture/machines.js';
import { type Diagram, nodeTitle } from '../../../src/picture/node.js';
import { largeCloud, SHOP } from './small-cloud.js';

const NODES = nodesOf(diagramOf(SHOP, FOLD_AUTO));

describe('the diagram of a lab', () => {
  it('has every machine in its subnet, with its groups', () => {
    const { vpcs } = diagramOf(SHOP, FOLD_AUTO);
    const subnets = vpcs.flatMap((vpc) => vpc.subnets);
    expect(
      Object.fromEntries(subnets.map(({ subnet, machines }) => [subnet.name, machines.map(({ name }) => name)])),
    ).toEqual({ public: ['web-1', 'web-2', 'front'], private: ['db-1'] });
    const db = NODES.find(({ name }) => name === 'db-1');
    expect(db?.groups.map(({ name }) => name)).toEqual(['db', 'web']);
    expect(db === undefined ? '' : nodeTitle(db)).toBe('Instance db-1, 10.0.2.4, security groups db, web');
  });

  it('shows what each route table and balancer leads to', () => {
    const { edges } = diagramOf(SHOP, FOLD_AUTO);
    const name = (id: string) => NODES.find((node) => node.id === id)?.name;
    const shown = edges
      .filter(({ kind }) => kind !== 'association')
      .map(({ from, to, label }) => [name(from), label, name(to)]);
    expect(shown).toContainEqual(['outward', '0.0.0.0/0', 'nat']);
    expect(shown).toContainEqual(['outward', '10.1.0.0/16', 'p']);
    expect(shown).toContainEqual(['shop.public', '0.0.0.0/0', 'shop']);
    expect(shown).toContainEqual(['front', 'port 80', 'web-2']);
    expect(shown).toContainEqual(['shop', '', 'Internet']);
  });

  it('marks a route whose target is gone', () => {
    const { edges } = diagramOf({ ...SHOP, peerings: ended() }, FOLD_AUTO);
    expect(edges.filter(({ isBlackhole }) => isBlackhole).map(({ label }) => label)).toEqual(['10.1.0.0/16']);
  });
});

describe('folding', () => {
  const cloud = largeCloud(400);

  it('makes one node of the machines of a subnet that have the same groups', () => {
    const machines = machineNames(diagramOf(cloud, FOLD_AUTO));
    expect(machines).toEqual(['40 machines', '160 machines', '200 machines']);
  });

  it('opens the one that was chosen', () => {
    const folded = diagramOf(cloud, FOLD_AUTO).vpcs[0]?.subnets[0]?.machines[0];
    const open = new Set([folded?.id ?? '']);
    expect(machineNames(diagramOf(cloud, { ...FOLD_AUTO, open }))).toHaveLength(42);
  });

  it('shows the machines that a search found, unfolded where they are few', () => {
    const [only] = named(cloud.instances, 'm-7');
    expect(machineNames(diagramOf(cloud, { ...FOLD_AUTO, only: new Set(only?.interfaceIds) }))).toEqual(['m-7']);
  });

  it('makes one node of each subnet where that is asked for', () => {
    expect(machineNames(diagramOf(cloud, { ...FOLD_AUTO, by: 'subnet' }))).toEqual(['200 machines', '200 machines']);
  });
});

describe('the colour of a group', () => {
  it('is its own among the first twelve, and stays when others come', () => {
    const ids = Array.from({ length: 12 }, (_, at) => `sg-${at * 7}`);
    const groups = (known: readonly string[]) =>
      ({ securityGroups: Object.fromEntries(known.map((id) => [id, {}])) }) as unknown as Parameters<
        typeof groupHues
      >[0];
    const all = groupHues(groups(ids));
    expect(new Set(all.values()).size).toBe(12);
    for (const [id, hue] of groupHues(groups(ids.slice(0, 5)))) expect(all.get(id)).toBe(hue);
  });
});

function ended() {
  return Object.fromEntries(
    Object.entries(SHOP.peerings).map(([id, peering]) => [id, { ...peering, status: 'deleted' as const }]),
  );
}

function machineNames({ vpcs }: Diagram): string[] {
  return vpcs.flatMap(({ subnets }) => subnets.flatMap(({ machines }) => machines.map(({ name }) => name)));
}

function nodesOf({ vpcs, shared, internet }: Diagram) {
  const inVpcs = vpcs.flatMap(({ vpc, subnets, routeTables, connections }) => [
    vpc,
    ...subnets.flatMap(({ subnet, machines }) => [subnet, ...machines]),
    ...routeTables,
    ...connections,
  ]);
  return [...inVpcs, ...shared, ...internet];
}
