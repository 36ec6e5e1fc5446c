import { describe, expect, it } from 'vitest';
import { byId } from '../../../../src/cloud/lookup.js';
import { answerDhcp } from '../../../../src/traffic/services/dhcp-answer.js';
import { answerTime } from '../../../../src/traffic/services/link-local.js';
import { launch, makeShop } from '../../cloud/shop.js';

const shop = makeShop();
const { cloud } = launch(shop.cloud, 'web-1', { subnetId: shop.publicSubnetId });
const subnet = byId(cloud.subnets, shop.publicSubnetId);

function request(address: readonly number[], options: readonly number[] = [53, 1, 3]): Buffer {
  const message = Buffer.alloc(240);
  message.set([1, 1, 6, 0, 0xde, 0xad, 0xbe, 0xef]);
  message.set(address, 12);
  message.set([99, 130, 83, 99], 236);
  return Buffer.concat([message, Buffer.from([...options, 255])]);
}

describe('a lease', () => {
  it('is renewed with all that belongs to it', () => {
    const reply = answerDhcp(cloud, subnet, request([10, 0, 1, 4], [0, 53, 1, 3]));
    expect([...(reply?.subarray(0, 8) ?? [])]).toEqual([2, 1, 6, 0, 0xde, 0xad, 0xbe, 0xef]);
    expect([...(reply?.subarray(16, 20) ?? [])]).toEqual([10, 0, 1, 4]);
    const options = reply?.subarray(240).toString('hex');
    expect(options).toMatch(/^350105/);
    for (const [what, hex] of Object.entries({
      server: '36040a000101',
      mask: '0104ffffff00',
      router: '03040a000101',
      resolver: '06040a000002',
      mtu: '1a022329',
      time: '2a04a9fea97b',
    })) {
      expect(options, what).toContain(hex);
    }
  });

  it('of another address is refused, and nothing but a renewal is answered', () => {
    expect(
      answerDhcp(cloud, subnet, request([10, 0, 1, 9]))
        ?.subarray(240)
        .toString('hex'),
    ).toMatch(/^350106/);
    expect(answerDhcp(cloud, subnet, request([0, 0, 0, 0]))).toBeNull();
    expect(answerDhcp(cloud, subnet, request([10, 0, 1, 4], [53, 1, 1]))).toBeNull();
    expect(answerDhcp(cloud, subnet, request([10, 0, 1, 4], [53]))).toBeNull();
    expect(answerDhcp(cloud, subnet, Buffer.from('hello'))).toBeNull();
  });
});

describe('the time', () => {
  it('comes with what the client sent as origin', () => {
    const query = Buffer.alloc(48, 7);
    query[0] = 0x23;
    const answer = answerTime(query, 1_700_000_000_500);
    expect(answer?.[0]).toBe(0x24);
    expect(answer?.subarray(24, 32)).toEqual(query.subarray(40));
    expect(answer?.readUInt32BE(40)).toBe(1_700_000_000 + 2_208_988_800);
    expect(answer?.readUInt32BE(44)).toBe(2 ** 31);
  });

  it('is told to clients only', () => {
    expect(answerTime(Buffer.alloc(48, 0x24), 0)).toBeNull();
    expect(answerTime(Buffer.alloc(8, 0x23), 0)).toBeNull();
  });
});
