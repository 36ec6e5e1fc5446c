/** Defects that the suite must notice: each is one edit of the compiled code, and the statements that it makes fail. */
export interface Defect {
  readonly name: string;
  /** Below dist/. */
  readonly file: string;
  /** Must be in the file exactly once: else the code has changed, and so must the defect. */
  readonly from: string;
  readonly to: string;
  /** Ids of the statements that fail with it. */
  readonly fails: readonly string[];
  /** Ids of statements that it does not touch. */
  readonly holds?: readonly string[];
}

export const DEFECTS: readonly Defect[] = [
  {
    name: 'the last rule of a group is dropped',
    file: 'ruleset/rules.js',
    from: 'group.rules.filter(',
    to: 'group.rules.slice(0, -1).filter(',
    fails: ['S4', 'S6', 'S13', 'S41'],
  },
  {
    name: 'only the first group of an interface counts',
    file: 'ruleset/rules.js',
    from: '[...new Set(groupIds)].flatMap',
    to: '[...new Set(groupIds)].slice(0, 1).flatMap',
    fails: ['S34', 'S35'],
    holds: ['S13'],
  },
  {
    name: 'the last group of an interface narrows the others',
    file: 'ruleset/rules.js',
    from: '[...new Set(groupIds)].flatMap',
    to: '[...new Set(groupIds)].slice(-1).flatMap',
    fails: ['S34', 'S40'],
    holds: ['S13'],
  },
  {
    name: 'ingress and egress are exchanged',
    file: 'ruleset/card.js',
    from: "mark === FROM_GUEST ? 'egress' : 'ingress'",
    to: "mark === FROM_GUEST ? 'ingress' : 'egress'",
    fails: ['S1', 'S5', 'S7', 'S11'],
  },
  {
    name: 'what a direction does not admit is let through',
    file: 'ruleset/direction.js',
    from: ', [drop(`sg-',
    to: ", ['accept', drop(`sg-",
    fails: ['S1', 'S3', 'S5', 'S14', 'S47'],
  },
  {
    name: 'answers are judged like everything else: no tracking',
    file: 'ruleset/card.js',
    from: 'ct state new,established ct mark 0x1-',
    to: 'ct state new ct mark 0x1-',
    fails: ['S2', 'S6', 'S8', 'S9', 'S10'],
  },
  {
    name: 'source ports are matched instead of destination ports',
    file: 'ruleset/axis.js',
    from: ' dport`',
    to: ' sport`',
    fails: ['S13', 'S20', 'S34'],
    holds: ['S16'],
  },
  {
    name: 'a range leaves its last port out',
    file: 'ruleset/axis.js',
    from: '[{ first: rule.fromPort ?? 0, last: rule.toPort ?? WHOLE_LINE.last }]',
    to: '[{ first: rule.fromPort ?? 0, last: Math.max(rule.fromPort ?? 0, (rule.toPort ?? WHOLE_LINE.last) - 1) }]',
    fails: ['S13', 'S15'],
    holds: ['S14'],
  },
  {
    name: 'protocol -1 forgets what has no ports',
    file: 'ruleset/axis.js',
    from: "packetClass === 'other' ? otherProtocols(family) : [WHOLE_LINE]",
    to: "packetClass === 'other' ? [] : [WHOLE_LINE]",
    fails: ['S16', 'S46'],
    holds: ['S4'],
  },
  {
    name: 'a TCP rule admits UDP too',
    file: 'ruleset/axis.js',
    from: 'rule.protocol === packetClass ? [{',
    to: "packetClass === 'tcp' || packetClass === 'udp' ? [{",
    fails: ['S14', 'S15', 'S20'],
    holds: ['S13'],
  },
  {
    name: 'ICMP is matched without its code and type',
    file: 'ruleset/axis.js',
    from: 'if (fromPort === null || fromPort === -1)',
    to: 'if (fromPort !== undefined)',
    fails: ['S9', 'S23', 'S26'],
    holds: ['S10'],
  },
  {
    name: 'a rule for ICMPv4 admits ICMPv6',
    file: 'ruleset/axis.js',
    from: 'rule.protocol === ICMP[family].name ? [icmpSpan(rule)]',
    to: "rule.protocol !== '' ? [icmpSpan(rule)]",
    fails: ['S24'],
    holds: ['S23'],
  },
  {
    name: 'an IPv4 block means every family',
    file: 'ruleset/rules.js',
    from: "peer.type === 'cidr' && peer.family === family && parseCidr",
    to: "peer.type === 'cidr' && parseCidr",
    fails: ['S28', 'S29'],
    holds: ['S57'],
  },
  {
    name: 'a reference stands for primary addresses only',
    file: 'cloud/members.js',
    from: 'flatMap((eni) => addressesOf(eni, family))',
    to: 'flatMap((eni) => addressesOf(eni, family).slice(0, 1))',
    fails: ['S44'],
    holds: ['S41'],
  },
  {
    name: 'a reference stands for public addresses too',
    file: 'cloud/members.js',
    from: 'flatMap((eni) => addressesOf(eni, family))',
    to: "flatMap((eni) => [...addressesOf(eni, family), ...(family === 'ipv4' && eni.publicIp !== null ? [eni.publicIp] : [])])",
    fails: ['S45'],
    holds: ['S44'],
  },
  {
    name: 'a reference stands for IPv4 addresses only',
    file: 'cloud/members.js',
    from: 'flatMap((eni) => addressesOf(eni, family))',
    to: "flatMap((eni) => (family === 'ipv4' ? addressesOf(eni, family) : []))",
    fails: ['S57'],
    holds: ['S41'],
  },
  {
    name: 'a reference stands for nobody',
    file: 'ruleset/groups.js',
    from: 'groupMembers(cloud, id, family)',
    to: '[]',
    fails: ['S41', 'S46', 'S47', 'S49'],
  },
  {
    name: 'every flow is untracked',
    file: 'ruleset/rules.js',
    from: '(rule.index | MARK_UNTRACKED) >>> 0 : rule.index',
    to: '(rule.index | MARK_UNTRACKED) >>> 0 : (rule.index | MARK_UNTRACKED) >>> 0',
    fails: ['S2', 'S6', 'S8', 'S9', 'S43'],
  },
  {
    name: 'a change does not reach the kernel',
    file: 'lab/lab.js',
    from: 'update(planLab(next))',
    to: 'update(planLab(before))',
    fails: ['S32', 'S36', 'S37', 'S42', 'S43'],
    holds: ['S41'],
  },
  {
    name: 'a prefix list has its first entry only',
    file: 'ruleset/rules.js',
    from: 'entries.map(({ cidr })',
    to: 'entries.slice(0, 1).map(({ cidr })',
    fails: ['S32'],
    holds: ['S31'],
  },
  {
    name: 'neighbour discovery needs a rule',
    file: 'ruleset/exempt.js',
    from: 'nd-neighbor-solicit, ',
    to: '',
    fails: ['S33'],
    holds: ['S26'],
  },
  {
    name: 'a peering carries packets in whatever state',
    file: 'ruleset/peering.js',
    from: "status === 'active'",
    to: "status !== ''",
    fails: ['S53'],
    holds: ['S51'],
  },
];
