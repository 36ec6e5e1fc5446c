import type { Section } from '../types.js';

export const NETWORK_ACLS: Section = {
  number: '8.7',
  title: 'Network ACLs',
  statements: [
    {
      id: 'S91',
      title: '90 denies tcp/22, 100 allows all: 22 dropped, 80 passes; with the numbers exchanged 22 passes',
      source: 'NACL',
    },
    { id: 'S92', title: 'No entry matches: dropped ()', source: 'NACL' },
    {
      id: 'S93',
      title: 'Inbound 80 allowed, outbound only 443: the SYN arrives, the SYN-ACK to the ephemeral port is dropped',
      source: 'NACL',
    },
    { id: 'S94', title: 'S93 and outbound 1024–65535: works', source: 'NACL' },
    { id: 'S95', title: 'C and V in one subnet whose ACL denies all: only the groups decide', source: 'NACL' },
    {
      id: 'S96',
      title: 'C and V in two subnets: outbound list there and inbound list here; for replies the other two',
      source: 'NACL',
    },
    {
      id: 'S97',
      title: "A new custom ACL is associated: all that crosses the subnet's edge is dropped",
      source: 'LS, NACL',
    },
    { id: 'S98', title: 'The group allows and the ACL denies, or the reverse: dropped', source: 'SEC' },
    {
      id: 'S99',
      title:
        'Ping allowed in by group and ACL, ICMP denied out by the ACL, no egress rule: request ACCEPT, reply REJECT',
      source: 'FLOW',
    },
    { id: 'S100', title: 'The ACL allows all of IPv4: IPv6 is dropped unless an IPv6 entry allows it', source: 'NACL' },
    {
      id: 'S101',
      title:
        'A deny stops a tracked flow at once; removed before the idle time-out it lets the flow go on, even if its group rule was revoked meanwhile',
      source: 'CT, [3P]',
    },
    { id: 'S102', title: 'An ACL entry for protocol 132 with ports matches all SCTP', source: 'MODEL' },
  ],
};

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
    { id: 'S115', title: 'Out by an internet gateway to an RFC 1918 address: dropped there', source: 'RAC' },
    { id: 'S116', title: 'The same to an RFC 6598 address (100.64.0.0/10): dropped', source: 'RAC' },
    { id: 'S117', title: 'In by an internet gateway from an RFC 1918 source: dropped there', source: 'RAC' },
    { id: 'S118', title: 'The same from an RFC 6598 source: dropped', source: 'RAC' },
    {
      id: 'S119',
      title:
        'In by any gateway from a source that cannot stand behind it, of the VPC itself or of no attached network: dropped, whatever reference or block it would match',
      source: 'RAC, [DECISION] for peerings and transit gateways',
    },
    {
      id: 'S120',
      title:
        "A packet that claims an exempt service's or the router's address, sent by anything else: dropped, never exempt",
      source: '4.7, S103, [DECISION] for the stage',
    },
    {
      id: 'S121',
      title:
        'Neighbour discovery needs no rule between an interface and its link; a packet of these types for anybody else is judged as ICMPv6, and none leaves by a gateway without a rule',
      source: '4.7, RFC 4861, [DECISION]',
    },
    {
      id: 'S122',
      title: 'A permitted ICMPv6 message other than an echo request opens nothing for other types from that peer',
      source: '4.1, [DECISION]',
    },
    {
      id: 'S123',
      title: 'Through a gateway endpoint TCP and ICMP echo pass; UDP and everything else is dropped',
      source: 'RAC',
    },
    {
      id: 'S124',
      title:
        'A target calls its own network load balancer with client addresses preserved and is chosen: the connection times out',
      source: 'NLBT',
    },
    { id: 'S125', title: "The VPC's router takes no TTL and shows as no hop", source: '[3P]' },
    {
      id: 'S126',
      title: 'A network ACL has 20 entries in each direction and family, the last one counted',
      source: 'QUO, [3P]',
    },
  ],
};
