/**
 * Answers DHCP renewals (RFC 2131 4.3.2, 4.3.6): the lease of an interface never changes, so that ACK and NAK are the
 * only answers.
 */

import { byId, interfacesOfVpc } from '../../cloud/lookup.js';
import { nthAddress, parseAddress, parseCidr } from '../../cloud/network/cidr.js';
import { privateDnsDomain } from '../../cloud/network/dns-names.js';
import { TIME, vpcResolver } from '../../cloud/network/link-local.js';
import type { Subnet } from '../../cloud/network/types.js';
import type { Cloud } from '../../cloud/types.js';

const HEADER = 240; // with the magic cookie
const COOKIE = 0x6382_5363;
const OP = { request: 1, reply: 2 } as const;
const OPTION = { pad: 0, mask: 1, router: 3, dns: 6, domain: 15, mtu: 26, ntp: 42, lease: 51, type: 53, server: 54 };
const END = 255;
const TYPE = { request: 3, ack: 5, nak: 6 } as const;
const LEASE_SECONDS = 3600;
const VPC_MTU = 9001;
const CLIENT_ADDRESS = 12;
const YOUR_ADDRESS = 16;

/**
 * An ACK for a DHCPREQUEST that renews the address of an interface of the subnet, a NAK for another address, else null.
 */
export function answerDhcp(cloud: Cloud, subnet: Subnet, message: Buffer): Buffer | null {
  if (message.length < HEADER || message.readUInt8(0) !== OP.request || message.readUInt32BE(236) !== COOKIE)
    return null;
  if (optionOf(message, OPTION.type)?.[0] !== TYPE.request) return null;
  const address = message.subarray(CLIENT_ADDRESS, CLIENT_ADDRESS + 4).join('.');
  if (address === '0.0.0.0') return null; // not a renewal
  const isLeaseRenewable = interfacesOfVpc(cloud, subnet.vpcId).some(
    (eni) => eni.subnetId === subnet.id && eni.privateIpAddresses[0] === address,
  );
  const reply = Buffer.alloc(HEADER);
  message.copy(reply, 0, 0, 44); // hardware type, transaction, addresses, hardware address
  reply.writeUInt8(OP.reply, 0);
  reply.fill(0, YOUR_ADDRESS, 28);
  if (isLeaseRenewable) message.copy(reply, YOUR_ADDRESS, CLIENT_ADDRESS, CLIENT_ADDRESS + 4);
  else reply.fill(0, CLIENT_ADDRESS, YOUR_ADDRESS);
  reply.writeUInt32BE(COOKIE, 236);
  const router = bytes(routerOf(subnet));
  const common = [option(OPTION.type, [isLeaseRenewable ? TYPE.ack : TYPE.nak]), option(OPTION.server, router)];
  return Buffer.concat([
    reply,
    ...common,
    ...(isLeaseRenewable ? leaseOptions(cloud, subnet) : []),
    Buffer.from([END]),
  ]);
}

export function routerOf(subnet: Subnet): string {
  return nthAddress(parseCidr(subnet.cidr), 1n);
}

function leaseOptions(cloud: Cloud, subnet: Subnet): Buffer[] {
  const { prefixLength } = parseCidr(subnet.cidr);
  const mask = (2 ** 32 - 2 ** (32 - prefixLength)) >>> 0;
  return [
    option(OPTION.lease, uint32(LEASE_SECONDS)),
    option(OPTION.mask, uint32(mask)),
    option(OPTION.router, bytes(routerOf(subnet))),
    option(OPTION.dns, vpcResolver(byId(cloud.vpcs, subnet.vpcId)).flatMap(bytes)),
    option(OPTION.domain, [...Buffer.from(privateDnsDomain(cloud))]),
    option(OPTION.mtu, [VPC_MTU >> 8, VPC_MTU & 0xff]),
    option(OPTION.ntp, bytes(TIME.ipv4)),
  ];
}

function optionOf(message: Buffer, wanted: number): Buffer | null {
  let at = HEADER;
  while (at + 1 < message.length && message.readUInt8(at) !== END) {
    if (message.readUInt8(at) === OPTION.pad) {
      at += 1;
      continue;
    }
    const length = message.readUInt8(at + 1);
    if (message.readUInt8(at) === wanted) return message.subarray(at + 2, at + 2 + length);
    at += 2 + length;
  }
  return null;
}

function option(code: number, data: readonly number[]): Buffer {
  return Buffer.from([code, data.length, ...data]);
}

function bytes(address: string): number[] {
  return uint32(Number(parseAddress(address).value));
}

function uint32(value: number): number[] {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff);
}
