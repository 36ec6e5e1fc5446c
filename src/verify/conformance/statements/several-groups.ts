import type { Section } from '../statement.js';

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
