import { type DecodedPacket, decode, encode, type Question, RECURSION_DESIRED } from 'dns-packet';
import { describe, expect, it } from 'vitest';
import type { Cloud } from '../../../../src/cloud/types.js';
import { answerDns } from '../../../../src/traffic/services/dns-zone.js';
import { launch, makeShop } from '../../cloud/shop.js';

const shop = makeShop();
const web = launch(shop.cloud, 'web-1', {
  subnetId: shop.publicSubnetId,
  privateIp: '10.0.1.10',
  secondaryIps: ['10.0.1.11'],
  publicIp: '198.18.0.9',
});
const { cloud } = launch(web.cloud, 'pay-1', { subnetId: shop.paySubnetId });

function ask(from: Cloud, vpcId: string, name: string, type: Question['type'] = 'A'): DecodedPacket {
  const query = encode({ type: 'query', id: 7, flags: RECURSION_DESIRED, questions: [{ type, name }] });
  const answer = answerDns(from, vpcId, query);
  if (answer === null) throw new Error('no answer');
  return decode(answer);
}

function data(name: string, type: Question['type'] = 'A', vpcId = shop.vpcId): unknown[] {
  return (ask(cloud, vpcId, name, type).answers ?? []).map((answer) => ('data' in answer ? answer.data : null));
}

describe('the resolver of a VPC', () => {
  it.each([
    ['ip-10-0-1-10.ec2.internal', 'A', ['10.0.1.10']],
    ['ip-10-0-1-11.ec2.internal', 'A', ['10.0.1.11']],
    ['IP-10-0-1-10.EC2.internal', 'A', ['10.0.1.10']],
    ['web-1', 'A', ['10.0.1.10']],
    ['web-1.shop.internal', 'AAAA', ['2001:db8:1::4']],
    ['ip-10-0-1-10.ec2.internal', 'AAAA', []],
    ['web-1', 'TXT', []],
    ['ec2-198-18-0-9.compute-1.amazonaws.com', 'A', ['10.0.1.10']],
    ['11.1.0.10.in-addr.arpa', 'PTR', ['ip-10-0-1-11.ec2.internal']],
    ['9.0.18.198.in-addr.arpa', 'PTR', ['ec2-198-18-0-9.compute-1.amazonaws.com']],
    ['office', 'A', ['198.51.100.10']],
  ] as const)('answers %s %s', (name, type, expected) => {
    expect(data(name, type)).toEqual(expected);
  });

  it('leads to public addresses from elsewhere', () => {
    expect(data('web-1', 'A', shop.payVpcId)).toEqual(['198.18.0.9']);
    expect(data('ec2-198-18-0-9.compute-1.amazonaws.com', 'A', shop.payVpcId)).toEqual(['198.18.0.9']);
  });

  it('says that there is no such name, and keeps the question', () => {
    for (const name of ['ip-10-0-1-99.ec2.internal', 'pay-1', 'example.com', '99.1.0.10.in-addr.arpa']) {
      const answer = ask(cloud, shop.vpcId, name);
      expect(answer).toMatchObject({
        id: 7,
        rcode: 'NXDOMAIN',
        flag_qr: true,
        flag_ra: true,
        flag_rd: true,
        answers: [],
      });
      expect(answer.questions).toMatchObject([{ name, type: 'A' }]);
    }
  });

  it('says that a name is there where only the type is missing', () => {
    expect(ask(cloud, shop.vpcId, 'web-1', 'MX')).toMatchObject({ rcode: 'NOERROR', answers: [] });
  });

  it('names machines of other regions by these', () => {
    const elsewhere = { ...cloud, region: 'eu-west-1' };
    expect(ask(elsewhere, shop.vpcId, 'ip-10-0-1-10.eu-west-1.compute.internal').answers).toHaveLength(1);
    expect(ask(elsewhere, shop.vpcId, 'ip-10-0-1-10.ec2.internal')).toMatchObject({ rcode: 'NXDOMAIN' });
  });

  it('is silent about what is no question', () => {
    expect(answerDns(cloud, shop.vpcId, Buffer.from('hello'))).toBeNull();
    expect(answerDns(cloud, shop.vpcId, encode({ type: 'response', id: 1 }))).toBeNull();
  });
});
