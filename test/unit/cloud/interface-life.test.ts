import { expect, it } from 'vitest';
import { groupMembers } from '../../../src/cloud/groups/members.js';
import { deleteSecurityGroup } from '../../../src/cloud/groups/security-group.js';
import { startInstance, stopInstance, terminateInstance } from '../../../src/cloud/instances/instance-life.js';
import {
  allocateAddress,
  associateAddress,
  disassociateAddress,
  releaseAddress,
} from '../../../src/cloud/interfaces/elastic-ip.js';
import { assignAddresses, unassignAddresses } from '../../../src/cloud/interfaces/interface-addresses.js';
import {
  attachNetworkInterface,
  createNetworkInterface,
  deleteNetworkInterface,
  detachNetworkInterface,
} from '../../../src/cloud/interfaces/interface-life.js';
import { getAnyInterface } from '../../../src/cloud/lookup.js';
import { resolveInstance } from '../../../src/cloud/text/endpoint.js';
import type { Cloud } from '../../../src/cloud/types.js';
import { errorOf, makeLab } from './shop.js';

const lab = makeLab();
const webId = resolveInstance(lab.cloud, 'web-1').id;
const dbId = resolveInstance(lab.cloud, 'db-1').id;
const primaryOf = (cloud: Cloud, id: string) => cloud.instances[id]?.interfaceIds[0] ?? '';

it('keeps an interface with its addresses and groups while it is attached nowhere, and moves it between instances', () => {
  const made = createNetworkInterface(lab.cloud, { subnetId: lab.publicSubnetId, groupIds: [lab.db] });
  const { id, privateIpAddresses } = made.networkInterface;
  expect(groupMembers(made.cloud, lab.db, 'ipv4')).toContain(privateIpAddresses[0]);
  expect(errorOf(() => deleteSecurityGroup(made.cloud, lab.db))).toMatch(/^DependencyViolation/);

  const attached = attachNetworkInterface(made.cloud, id, { instanceId: webId, deviceIndex: 1 });
  expect(attached.networkInterfaces[id]).toMatchObject({ instanceId: webId, deviceIndex: 1, privateIpAddresses });
  expect(attached.instances[webId]?.interfaceIds).toEqual([primaryOf(attached, webId), id]);
  expect(errorOf(() => deleteNetworkInterface(attached, id))).toMatch(
    /^InvalidParameterValue: Network interface '.*' is currently in use\./,
  );
  expect(errorOf(() => attachNetworkInterface(attached, id, { instanceId: dbId, deviceIndex: 2 }))).toMatch(/InUse/);

  const moved = attachNetworkInterface(detachNetworkInterface(attached, id), id, { instanceId: dbId, deviceIndex: 2 });
  expect(moved.networkInterfaces[id]).toMatchObject({ instanceId: dbId, deviceIndex: 2, privateIpAddresses });
  const gone = deleteNetworkInterface(detachNetworkInterface(moved, id), id);
  expect(errorOf(() => getAnyInterface(gone, id))).toMatch(/^InvalidNetworkInterfaceID.NotFound/);
});

it('refuses a place that is taken, a primary interface and another VPC', () => {
  const made = createNetworkInterface(lab.cloud, { subnetId: lab.paySubnetId });
  const eniId = made.networkInterface.id;
  const attach = (deviceIndex: number) => () =>
    attachNetworkInterface(made.cloud, eniId, { instanceId: dbId, deviceIndex });
  expect(errorOf(attach(1))).toMatch(/already has an interface attached at device index '1'/);
  expect(errorOf(attach(2))).toMatch(/^InvalidParameterCombination/);
  expect(errorOf(attach(0))).toMatch(/^InvalidParameterValue/);
  expect(errorOf(() => detachNetworkInterface(lab.cloud, primaryOf(lab.cloud, dbId)))).toMatch(
    /^OperationNotPermitted/,
  );
  expect(errorOf(() => detachNetworkInterface(made.cloud, eniId))).toMatch(/^InvalidAttachmentID.NotFound/);
});

it('stops and starts: private and elastic addresses stay, an address of the pool is given anew', () => {
  const before = lab.cloud.networkInterfaces[primaryOf(lab.cloud, webId)];
  const stopped = stopInstance(lab.cloud, webId);
  expect(errorOf(() => resolveInstance(stopped, 'web-1'))).toMatch(/^IncorrectInstanceState/);
  expect(groupMembers(stopped, lab.web, 'ipv4')).toContain('10.0.1.77');
  const started = startInstance(stopped, webId);
  expect(started.networkInterfaces[before?.id ?? '']).toEqual({ ...before, publicIp: '198.18.0.1' });

  const allocated = allocateAddress(lab.cloud);
  const { id, publicIp } = allocated.elasticIp;
  const associated = associateAddress(allocated.cloud, id, { interfaceId: before?.id ?? '' }).cloud;
  const again = startInstance(stopInstance(associated, webId), webId);
  expect(again.networkInterfaces[before?.id ?? '']?.publicIp).toBe(publicIp);
  expect(errorOf(() => releaseAddress(again, id))).toMatch(/^InvalidIPAddress.InUse/);
  const free = disassociateAddress(again, id);
  expect(free.networkInterfaces[before?.id ?? '']?.publicIp).toBeNull();
  expect(releaseAddress(free, id).elasticIps).toEqual({});
});

it('terminates: its own interfaces go, those attached later stay available, an elastic address is free again', () => {
  const made = createNetworkInterface(lab.cloud, { subnetId: lab.publicSubnetId });
  const allocated = allocateAddress(made.cloud);
  const eniId = made.networkInterface.id;
  const attached = attachNetworkInterface(allocated.cloud, eniId, { instanceId: webId, deviceIndex: 1 });
  const interfaceId = primaryOf(attached, webId);
  const associated = associateAddress(attached, allocated.elasticIp.id, { interfaceId }).cloud;
  for (const state of [associated, stopInstance(associated, webId)]) {
    const gone = terminateInstance(state, webId);
    expect(gone.idleInterfaces).toEqual({ [eniId]: made.networkInterface });
    expect(gone.elasticIps[allocated.elasticIp.id]?.association).toBeNull();
    expect(errorOf(() => getAnyInterface(gone, interfaceId))).toMatch(/NotFound/);
    expect(errorOf(() => resolveInstance(gone, 'web-1'))).toMatch(/^InvalidInstanceID.NotFound/);
  }
});

it('assigns and unassigns secondary addresses', () => {
  const id = primaryOf(lab.cloud, webId);
  const more = assignAddresses(assignAddresses(lab.cloud, id, 'ipv4', 1), id, 'ipv4', ['10.0.1.99']);
  const addresses = more.networkInterfaces[id]?.privateIpAddresses ?? [];
  expect(addresses).toHaveLength(4);
  expect(unassignAddresses(more, id, 'ipv4', ['10.0.1.99']).networkInterfaces[id]?.privateIpAddresses).toHaveLength(3);
  expect(errorOf(() => unassignAddresses(more, id, 'ipv4', [addresses[0] ?? '']))).toMatch(/primary address/);
  expect(errorOf(() => assignAddresses(more, id, 'ipv4', ['10.0.1.99']))).toMatch(/^InvalidIPAddress.InUse/);
});
