import type { Section } from '../statement.js';

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
