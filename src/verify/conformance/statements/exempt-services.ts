import type { Section } from '../statement.js';

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
