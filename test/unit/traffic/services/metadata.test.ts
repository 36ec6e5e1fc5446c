import { describe, expect, it } from 'vitest';
import { launchOf } from '../../../../src/cloud/instances/instance.js';
import { metadataOf, readTree } from '../../../../src/traffic/services/metadata-tree.js';
import { launch, makeShop } from '../../cloud/shop.js';

const shop = makeShop();
const { cloud, instance } = launch(
  shop.cloud,
  'web-1',
  { subnetId: shop.publicSubnetId, groupIds: [shop.web, shop.db], publicIp: '198.18.0.9' },
  { subnetId: shop.privateSubnetId, groupIds: [shop.db] },
);
const read = (path: string) => readTree(metadataOf(cloud, instance), path.split('/').slice(1));

describe('instance metadata', () => {
  it.each([
    ['/latest/meta-data/instance-id', instance.id],
    ['/latest/meta-data/local-ipv4', '10.0.1.4'],
    ['/latest/meta-data/hostname', 'ip-10-0-1-4.ec2.internal'],
    ['/latest/meta-data/public-hostname', 'ec2-198-18-0-9.compute-1.amazonaws.com'],
    ['/latest/meta-data/security-groups', 'web\ndb'],
    ['/latest/meta-data/placement/region', 'us-east-1'],
    ['/latest', 'dynamic/\nmeta-data/'],
    ['/latest/meta-data/nothing', null],
    ['/latest/meta-data/instance-id/below', null],
    ['/latest/meta-data/constructor', null],
  ])('%s', (path, expected) => {
    expect(read(path)).toBe(expected);
  });

  it('has a directory for each interface, without what it lacks', () => {
    const macs = '/latest/meta-data/network/interfaces/macs';
    const second = cloud.networkInterfaces[instance.interfaceIds[1] ?? '']?.macAddress;
    expect(read(macs)?.split('\n')).toHaveLength(2);
    expect(read(`${macs}/${second}/local-ipv4s`)).toBe('10.0.2.4');
    expect(read(`${macs}/${second}/device-number`)).toBe('1');
    expect(read(`${macs}/${second}`)?.split('\n')).not.toContain('public-ipv4s');
  });

  it('tells what the instance was launched with, user data included', () => {
    const userData = Buffer.from('#!/bin/sh\n').toString('base64');
    const imageId = 'ami-0abcdef1234567890';
    const launched = { ...instance, launch: { ...launchOf(instance), imageId, userData } };
    const tree = metadataOf(cloud, launched);
    expect(readTree(tree, ['latest', 'user-data'])).toBe('#!/bin/sh\n');
    expect(readTree(tree, ['latest', 'meta-data', 'ami-id'])).toBe(imageId);
  });

  it('has the identity document as JSON', () => {
    expect(JSON.parse(read('/latest/dynamic/instance-identity/document') ?? '')).toMatchObject({
      instanceId: instance.id,
      privateIp: '10.0.1.4',
      region: 'us-east-1',
    });
  });
});
