import type { Section } from '../statement.js';

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
