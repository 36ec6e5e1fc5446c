import type { Section } from '../statement.js';

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
