import type { Section } from '../statement.js';

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
