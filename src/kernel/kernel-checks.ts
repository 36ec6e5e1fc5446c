/** Kernel features, each tried in a namespace of its own. */
import fs from 'node:fs';
import type { Check } from './check.js';
import type { RunResult } from './process.js';
import { loadBridgeFilter } from './require-host.js';

/** Group number for a trial on the host's own log: far from those that programs usually take. */
const SPARE_LOG_GROUP = 49_917;

const chain = (hook: string, rule: string) => `table inet scratch { chain c { ${hook}; ${rule}; }; }\n`;
const FORWARD = 'type filter hook forward priority 0';

interface KernelFeature {
  readonly name: string;
  readonly usedBy: string;
  /** Absent if the feature cannot be a module. */
  readonly module?: string;
  readonly option: string;
  readonly needs?: readonly string[];
}

const kernelCheck = (feature: KernelFeature, test: () => Promise<unknown>): Check => ({
  name: feature.name,
  usedBy: feature.usedBy,
  remedy: `${feature.module === undefined ? '' : `modprobe ${feature.module}, or `}a kernel with ${feature.option}`,
  required: true,
  needs: ['privileges', 'npm module koffi', 'ip', 'unshare', ...(feature.needs ?? [])],
  test: async () => {
    await test();
    return '';
  },
});

const RULES = { needs: ['nft'] } as const;

/** A check comes after those that it needs. */
export const KERNEL_CHECKS: readonly Check[] = [
  kernelCheck({ name: 'network namespaces', usedBy: 'instances, cards, VPCs', option: 'CONFIG_NET_NS' }, () =>
    inScratchNamespace('true'),
  ),
  kernelCheck(
    { name: 'user namespaces', usedBy: 'root inside a machine', option: 'CONFIG_USER_NS, CONFIG_PID_NS' },
    () => inScratchNamespace('unshare --user --pid --fork true'),
  ),
  kernelCheck({ name: 'veth', usedBy: 'every cable', module: 'veth', option: 'CONFIG_VETH' }, () =>
    inScratchNamespace('ip link add name v0 type veth'),
  ),
  kernelCheck({ name: 'bridge', usedBy: 'every card', module: 'bridge', option: 'CONFIG_BRIDGE' }, () =>
    inScratchNamespace('ip link add name b0 type bridge'),
  ),
  kernelCheck(
    {
      name: 'br_netfilter',
      usedBy: 'groups outside the instance',
      module: 'br_netfilter',
      option: 'CONFIG_BRIDGE_NETFILTER',
    },
    testBridgeFilter,
  ),
  kernelCheck(
    { name: 'nftables inet', usedBy: 'every ruleset', module: 'nf_tables', option: 'CONFIG_NF_TABLES_INET', ...RULES },
    () => loadInScratchNamespace(chain(`${FORWARD}; policy drop`, 'meta mark 1 accept')),
  ),
  kernelCheck(
    {
      name: 'nftables netdev',
      usedBy: 'direction of a packet',
      module: 'nf_tables',
      option: 'CONFIG_NF_TABLES_NETDEV',
      ...RULES,
    },
    testNetdevIngress,
  ),
  kernelCheck(
    {
      name: 'interval maps',
      usedBy: 'a thousand rules at the cost of one',
      module: 'nf_tables',
      option: 'CONFIG_NF_TABLES, Linux 5.6 or later',
      ...RULES,
    },
    testIntervalMap,
  ),
  kernelCheck(
    {
      name: 'conntrack marks',
      usedBy: 'stateful groups',
      module: 'nft_ct',
      option: 'CONFIG_NF_CONNTRACK_MARK',
      ...RULES,
    },
    () => loadInScratchNamespace(chain(FORWARD, 'ct state established accept; ct mark set 1')),
  ),
  kernelCheck(
    {
      name: 'conntrack sysctls',
      usedBy: 'time-outs of each card',
      module: 'nf_conntrack',
      option: 'CONFIG_SYSCTL',
      ...RULES,
    },
    testConntrackSysctls,
  ),
  kernelCheck(
    {
      name: 'conntrack netlink',
      usedBy: 'which rule let a flow in',
      module: 'nf_conntrack_netlink',
      option: 'CONFIG_NF_CT_NETLINK',
      needs: ['conntrack'],
    },
    () => inScratchNamespace('conntrack -L'),
  ),
  kernelCheck(
    { name: 'nftables NAT', usedBy: 'public addresses', module: 'nft_nat', option: 'CONFIG_NFT_NAT', ...RULES },
    testNat,
  ),
  kernelCheck(
    {
      name: 'nftables log',
      usedBy: 'seeing what is dropped',
      module: 'nfnetlink_log',
      option: 'CONFIG_NETFILTER_NETLINK_LOG',
      needs: ['nft', 'npm module pcap'],
    },
    testLog,
  ),
];

async function testBridgeFilter(): Promise<void> {
  await loadBridgeFilter();
  // A kernel before 5.3 has the switch only once for the whole host.
  await inScratchNamespace('echo 1 > /proc/sys/net/bridge/bridge-nf-call-iptables');
}

function testNetdevIngress(): Promise<unknown> {
  const hook = 'type filter hook ingress device "v0" priority 0';
  return loadInScratchNamespace(`table netdev scratch { chain c { ${hook}; meta mark set 1; }; }\n`);
}

function testIntervalMap(): Promise<unknown> {
  return loadInScratchNamespace(`table inet scratch {
  map m { type ipv4_addr . inet_proto . inet_service : mark; flags interval; elements = { 10.0.0.0/24 . tcp . 80-90 : 1 }; }
  chain c { ${FORWARD}; ct mark set ip saddr . meta l4proto . th dport map @m; }
}
`);
}

function testConntrackSysctls(): Promise<unknown> {
  return inScratchNamespace(
    'nft -f -; cd /proc/sys/net/netfilter; echo 77 > nf_conntrack_udp_timeout; echo 1 > nf_conntrack_acct',
    chain(FORWARD, 'ct state established accept'),
  );
}

function testNat(): Promise<unknown> {
  return loadInScratchNamespace(`table ip scratch {
  chain in { type nat hook prerouting priority dstnat; dnat to ip daddr map { 192.0.2.1 : 10.0.0.1 }; }
  chain out { type nat hook postrouting priority srcnat; snat to ip saddr map { 10.0.0.1 : 192.0.2.1 }; }
}
`);
}

async function testLog(): Promise<void> {
  await loadInScratchNamespace(chain(FORWARD, 'log prefix "scratch" group 1 snaplen 64 queue-threshold 1'));
  const { openLog } = await import('./nflog.js');
  const fd = fs.openSync('/proc/self/ns/net', 'r');
  try {
    openLog({ name: 'host', fd }, SPARE_LOG_GROUP, () => {}).close();
  } finally {
    fs.closeSync(fd);
  }
}

const TIMEOUT = 10_000; // milliseconds

/**
 * Runs a shell command in a network namespace without a name, which the kernel removes with its last process: nothing
 * can be left behind, not even after kill -9.
 * @throws KernelError if the command fails
 */
async function inScratchNamespace(command: string, input?: string): Promise<RunResult> {
  // Loaded late, so that the native modules can be checked without depending on them.
  const { run } = await import('./process.js');
  const options = { timeout: TIMEOUT, ...(input === undefined ? {} : { input }) };
  return run('unshare', ['--net', 'sh', '-ec', command], options);
}

/** Loads a ruleset into a scratch namespace that has a pair of links, `v0` and `v1`. */
function loadInScratchNamespace(ruleset: string): Promise<RunResult> {
  return inScratchNamespace('ip link add name v0 type veth peer name v1; exec nft -f -', ruleset);
}
