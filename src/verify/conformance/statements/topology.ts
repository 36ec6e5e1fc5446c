import type { Section } from '../statement.js';

export const TOPOLOGY: Section = {
  number: '8.8',
  title: 'Topology',
  statements: [
    {
      id: 'S103',
      title:
        'Source/destination check on: packets from or to a foreign address are dropped at the interface; off: they pass',
      source: 'ENI',
    },
    { id: 'S104', title: 'A–B and B–C are peered: A to C by way of B is dropped', source: 'PEER' },
    { id: 'S105', title: "Using a peer's internet gateway, NAT gateway or gateway endpoint: dropped", source: 'PEER' },
    {
      id: 'S106',
      title:
        "From the internet to V's Elastic IP, in: the client's public /32. Passes, and V sees its private address as the destination",
      source: 'IGW',
    },
    {
      id: 'S107',
      title: 'No public address, although a route leads to the internet gateway: no IPv4 internet',
      source: 'IGW',
    },
    {
      id: 'S108',
      title:
        "Through a NAT gateway: outside sees the gateway's address; unasked inbound is dropped; after 350 s idle the next packet gets a RST",
      source: 'NAT, NATT, NATC',
    },
    {
      id: 'S109',
      title: 'Egress-only gateway: IPv6 out and its replies work, new flows in are dropped',
      source: 'EIGW',
    },
    { id: 'S110', title: 'NAT gateway: fragments of TCP and ICMP are dropped, of UDP forwarded', source: 'NATC' },
    { id: 'S111', title: "A broadcast to the subnet's last address is not delivered", source: 'SUB' },
    {
      id: 'S112',
      title:
        "Gateway endpoint, C's egress allows only the service's prefix list: the service is reachable, the rest of the internet not",
      source: 'GWE, MPL',
    },
    { id: 'S113', title: 'Interface endpoint whose group does not admit 443: the client times out', source: 'CT, REF' },
    {
      id: 'S114',
      title: 'An instance reaches its own private address: local, no group is asked',
      source: '[DECISION]',
    },
  ],
};
