import type { Section } from '../types.js';

export const REFERENCES: Section = {
  number: '8.4',
  title: 'References to groups',
  statements: [
    {
      id: 'S41',
      title: 'In: tcp/22 from group X. C, in X, passes; D, in the same subnet and not in X, does not',
      source: 'SGR',
    },
    { id: 'S42', title: "D gets X: D's next SYN passes, and no rule changed", source: 'SGR' },
    { id: 'S43', title: "C loses X: C's next new SYN is dropped, C's tracked session goes on", source: 'SGR, CT, IR' },
    { id: 'S44', title: 'C sends from a secondary private address of its interface: passes', source: 'BF' },
    {
      id: 'S45',
      title: "C goes to V's public address through the internet gateway, thus from its own public one: dropped",
      source: 'SGEC2',
    },
    {
      id: 'S46',
      title: 'Two members of an untouched default group exchange any protocol; others are dropped',
      source: 'DSG',
    },
    { id: 'S47', title: 'Two members of another group without a rule for itself: dropped', source: 'REF' },
    { id: 'S48', title: "V allows X, and X's group allows Y: members of Y are dropped at V", source: 'SGR' },
    {
      id: 'S49',
      title: "C's egress allows group X only: to a member passes, to others is dropped at C",
      source: 'SGR',
    },
    {
      id: 'S50',
      title:
        "C and V in two subnets, M forwards between them: a rule with C's group does not match, one with C's subnet does",
      source: 'SGR',
    },
    { id: 'S51', title: 'V allows a group of a peered VPC (peering active, routes there): passes', source: 'PEERSG' },
    {
      id: 'S52',
      title:
        'That peering is deleted: new flows are dropped, the rule is listed as stale; peering the same VPCs again revives it',
      source: 'PEERSG',
    },
    {
      id: 'S53',
      title: 'The peering is still pending-acceptance: the reference does not match (Authorize is refused [UNCERTAIN])',
      source: 'PEERSG',
    },
    {
      id: 'S54',
      title:
        'Transit gateway: an ingress reference matches if referencing is on at gateway and both attachments, else not; an egress one never',
      source: 'TGW',
    },
    {
      id: 'S55',
      title:
        'V behind an NLB with group N, client addresses kept, in: from N. Clients of the NLB pass, going to V directly is dropped',
      source: 'NLBSG',
    },
    {
      id: 'S56',
      title:
        "Instance Connect Endpoint with group E, no ingress rules; V allows 22 from E: works if E's egress allows V's 22, else not",
      source: 'EICE',
    },
    { id: 'S57', title: 'C, in X, goes to V over IPv6; V allows X: passes', source: 'TGW [UNCERTAIN]' },
  ],
};

export const DEFAULT_DENY: Section = {
  number: '8.1',
  title: 'Default deny and statefulness; refused or timed out',
  statements: [
    {
      id: 'S1',
      title: "V's group is new. A SYN to any port is dropped; connect() times out",
      source: 'SGR, TroubleshootingInstancesConnecting.md',
    },
    {
      id: 'S2',
      title:
        "In: tcp/80, nobody listens. V's RST comes back and connect() is refused at once, even if V has no egress rule",
      source: 'CT',
    },
    { id: 'S3', title: 'In: nothing. A UDP datagram is dropped and no port unreachable is sent', source: 'SGR' },
    {
      id: 'S4',
      title: "C's group is new. TCP, UDP and ICMP from C to an open V pass: the default egress rule",
      source: 'SGR',
    },
    { id: 'S5', title: "C has no egress rule. C's SYN is dropped at C; nothing reaches V's interface", source: 'SGR' },
    { id: 'S6', title: 'In: tcp/80; out: nothing. C fetches a page, from SYN to FIN', source: 'CT' },
    { id: 'S7', title: 'C has all egress and no ingress. C fetches a page', source: 'CT' },
    { id: 'S8', title: 'S6 with a UDP request: the reply arrives', source: 'CT' },
    { id: 'S9', title: "In: icmp 8/−1; out: nothing. C's ping is answered", source: 'CT, FLOW' },
    { id: 'S10', title: "C: egress icmp, ingress nothing. The answers to C's ping are admitted", source: 'CT' },
    { id: 'S11', title: 'In: tcp/80; out: nothing. A connection that V itself opens to C is dropped', source: 'SGR' },
    {
      id: 'S12',
      title:
        "During a flow from C to V's port 80, V sends from port 80 to another port of C: a new flow, judged by V's egress rules",
      source: 'CT (five-tuple)',
    },
  ],
};

export const PROTOCOLS: Section = {
  number: '8.2',
  title: 'Protocols, ports, families',
  statements: [
    { id: 'S13', title: 'In: tcp 7000–8000. 7000 and 8000 pass, 6999 and 8001 do not', source: 'SGR' },
    { id: 'S14', title: 'In: tcp/53. UDP to port 53 is dropped', source: 'MODEL' },
    { id: 'S15', title: 'In: tcp 0–65535. TCP ports 0 and 65535 pass; ping and UDP are dropped', source: 'MODEL' },
    { id: 'S16', title: 'In: -1. TCP, UDP, ICMP, GRE (47), ESP (50) and SCTP (132) pass', source: 'MODEL' },
    { id: 'S17', title: '-1 asked for with ports 80–80: TCP 443 and ICMP pass', source: 'MODEL' },
    { id: 'S18', title: 'In: protocol 50. ESP passes; TCP and AH (51) are dropped', source: 'MODEL' },
    {
      id: 'S19',
      title: 'In: protocol 132 with ports 5000–5000. SCTP to 6000 passes, as the ports mean nothing',
      source: 'MODEL',
    },
    { id: 'S20', title: 'In: protocol 6, 22–22. The same as tcp 22', source: 'MODEL; how it is shown is [UNCERTAIN]' },
    { id: 'S21', title: 'In: tcp/80. From source port 80 to port 5000: dropped', source: 'SGR' },
    {
      id: 'S22',
      title: "C: egress tcp/443 only. To V's 443 from any source port passes, to V's 80 does not",
      source: 'SGR',
    },
    { id: 'S23', title: 'In: icmp 8/−1. An echo request passes, a timestamp request (13) does not', source: 'MODEL' },
    { id: 'S24', title: 'In: icmp −1/−1. Every type of ICMPv4 passes, no ICMPv6 does', source: 'MODEL' },
    { id: 'S25', title: 'In: icmp 3/4. Type 3 code 4 passes, type 3 code 1 does not', source: 'MODEL' },
    { id: 'S26', title: 'In: icmpv6 128 from v6-any. Ping over IPv6 passes, over IPv4 it does not', source: 'REF' },
    { id: 'S27', title: 'In: icmpv6 without type and code. All of ICMPv6 passes', source: 'MODEL' },
    {
      id: 'S28',
      title: 'In: tcp/80 from v4-any only. A SYN over IPv6 is dropped; and the same with the families exchanged',
      source: 'REF, BF',
    },
    { id: 'S29', title: 'C: egress -1 to v4-any only. What C sends over IPv6 is dropped', source: 'DSG' },
    { id: 'S30', title: 'A rule for 100.68.0.18/18 admits 100.68.63.255 and not 100.68.64.0', source: 'MODEL' },
    { id: 'S31', title: 'A rule for 10.0.1.5/32 admits 10.0.1.5 and not 10.0.1.6', source: 'SGR' },
    {
      id: 'S32',
      title:
        'A rule with a list of 10.1.0.0/16: new flows of 10.2.x pass once the list has 10.2.0.0/16, and no longer once it has not; no rule changes',
      source: 'MPL',
    },
    {
      id: 'S33',
      title: 'ARP and neighbour discovery work between two empty groups: a flow allowed later finds its addresses',
      source: '[DECISION] 4.7',
    },
  ],
};

export const SEVERAL_GROUPS: Section = {
  number: '8.3',
  title: 'Several rules, several groups',
  statements: [
    { id: 'S34', title: 'V has groups A (tcp/80) and B (tcp/22): both ports pass', source: 'SGR' },
    { id: 'S35', title: 'A allows 22 from 203.0.113.1/32, B from v4-any: everybody passes', source: 'SGEC2' },
    { id: 'S36', title: 'B is taken from V: new flows of others to 22 are dropped, 80 stays open', source: 'SGR' },
    { id: 'S37', title: 'Two interfaces share a group: one call that adds a rule opens both', source: 'SGR' },
    {
      id: 'S38',
      title: 'An instance has two interfaces with different groups: each is judged by its own',
      source: 'SGEC2',
    },
    { id: 'S39', title: 'The order in which rules are added makes no difference', source: 'SGR' },
    { id: 'S40', title: 'V gets an additional empty group: nothing changes', source: 'SGR' },
  ],
};
