import type { Section } from '../types.js';

export const TRACKING: Section = {
  number: '8.5',
  title: 'Tracking',
  statements: [
    {
      id: 'S58',
      title:
        "In: tcp/22 from C's /32; out: all. With a session open the ingress rule is revoked: both directions go on",
      source: 'CT',
    },
    { id: 'S59', title: 'At that moment a second SYN from C is dropped', source: 'CT' },
    {
      id: 'S60',
      title: 'S58, and then all groups of V are replaced by an empty one: the session goes on',
      source: 'IR',
    },
    {
      id: 'S61',
      title:
        'In: tcp/22 from v4-any; out: -1 to v4-any. Session open, ingress rule revoked: the next packet is dropped, the session hangs',
      source: 'CT',
    },
    {
      id: 'S62',
      title: 'S61, but the rule is changed to a /32: hangs if that is not C, goes on if it is',
      source: 'CT',
    },
    { id: 'S63', title: 'S61 with out: tcp/443 only. The flow was tracked and does not notice', source: 'CT' },
    { id: 'S64', title: 'S61 with out: tcp 0–65535 to v4-any. Untracked, as in S61', source: 'CT' },
    { id: 'S65', title: 'S61 with out: -1 to 10.0.0.0/8, where C is. Tracked', source: 'CT' },
    {
      id: 'S66',
      title: 'S61 over IPv6: untracked with v6-any both ways, tracked if egress is v4-any only',
      source: 'CT',
    },
    {
      id: 'S67',
      title:
        'Example of 4.2 without its IPv4 egress rule: new HTTP over IPv4 survives revocation of its rule, over IPv6 it does not',
      source: 'CT',
    },
    {
      id: 'S68',
      title: "S61's flow comes through an NLB, NAT gateway, interface endpoint …: tracked, survives",
      source: 'CT',
    },
    {
      id: 'S69',
      title: 'In: icmp from v4-any; out: all. A running ping survives revocation, a new one (new identifier) does not',
      source: 'CT, bardev.com',
    },
    {
      id: 'S70',
      title: 'UDP with any-peer rules both ways, ingress revoked: the next request is dropped',
      source: 'CT',
    },
    {
      id: 'S71',
      title:
        'C (egress udp, no ingress) sends one datagram: a reply after 20 s passes, after 35 s it does not (UdpTimeout 30)',
      source: 'CT',
    },
    { id: 'S72', title: 'S71 with UdpTimeout=60 at C: a reply after 45 s passes', source: 'CT' },
    {
      id: 'S73',
      title:
        "After two requests with replies, V's datagram passes 100 s later and is dropped 200 s later (stream, 180)",
      source: 'CT',
    },
    {
      id: 'S74',
      title: "After one request with its reply, V's datagram 60 s later is dropped: no stream",
      source: 'CT',
    },
    { id: 'S75', title: "S71, but C's ingress allows udp from V: the late reply passes by that rule", source: 'CT' },
    {
      id: 'S76',
      title:
        "TcpEstablishedTimeout=60 at V, in: 22 from C's /32, out: nothing. V's data passes after 50 s of silence, not after 70 s; C's reopens the flow",
      source: 'CT; reopening [UNCERTAIN]',
    },
    { id: 'S77', title: 'S76 with a keepalive every 30 s: never expires', source: 'CT' },
    {
      id: 'S78',
      title: "S58's session idles beyond its time-out after the revocation: dead in both directions",
      source: 'CT',
    },
    {
      id: 'S79',
      title: "C (no ingress) sends GRE to V: V's GRE is admitted until 600 s after the last packet, then dropped",
      source: 'CT',
    },
    {
      id: 'S80',
      title: "C sends SCTP to V's port 1: V's SCTP from any port to any port is admitted, as ports are not tracked",
      source: 'CT',
    },
    {
      id: 'S81',
      title:
        'Allowance used up: a new tracked flow is dropped and conntrack_allowance_exceeded rises; existing flows and a new untracked one pass',
      source: 'CT, ENA',
    },
    {
      id: 'S82',
      title:
        'ICMP 3/4 about a tracked TCP flow: with reading rules dropped unless an ingress rule allows icmp 3/4, with related always delivered',
      source: 'MTU [UNCERTAIN]',
    },
    {
      id: 'S83',
      title: 'A fragmented UDP datagram arrives whole at an allowed port; no fragment arrives at a forbidden one',
      source: '[DECISION]',
    },
    { id: 'S84', title: "C's egress rule is revoked during C's tracked flow: both directions go on", source: 'CT' },
    {
      id: 'S85',
      title: 'V is gone and another interface gets its address: nothing remembered of V applies to it',
      source: '[DECISION]',
    },
    { id: 'S86', title: 'A SYN is dropped, then a rule is added: the repeated SYN passes', source: 'SGR' },
  ],
};

export const EXEMPT_SERVICES: Section = {
  number: '8.6',
  title: 'Exempt services',
  statements: [
    {
      id: 'S87',
      title: 'No egress rule: DNS over UDP and TCP to VPC + 2 and to 169.254.169.253 is answered',
      source: 'SEC, DNS',
    },
    { id: 'S88', title: 'No egress rule: DNS to any other address is dropped', source: 'SEC' },
    {
      id: 'S89',
      title: 'No rule at all: HTTP to 169.254.169.254, NTP to 169.254.169.123 and renewing the DHCP lease work',
      source: 'SEC',
    },
    { id: 'S90', title: 'The network ACL denies everything: S87 and S89 hold nevertheless', source: 'NACL, SEC' },
  ],
};
