import { commandLine, listFiles } from './host-state.js';
import type { TestHost } from './test-host.js';

/** All that the kernel and the disk hold for the labs of a host, apart from counters and from what time does. */
export interface LabState {
  /** Rulesets, links, addresses, rules, routes, neighbours and parameters, by namespace. */
  readonly kernel: Readonly<Record<string, readonly string[]>>;
  /** Command lines, each once: sglab has as many `nft` ready as it last needed. */
  readonly processes: readonly string[];
  /** Apart from what is kept of the last change and of the controller before. */
  readonly files: readonly string[];
}

const READ = `for name in $(ls /run/netns); do
  echo "# $name"
  ip netns exec $name sh -c '
    nft -s list ruleset
    echo "## in any order"
    ip -o link
    ip -o address
    ip rule; ip -6 rule
    ip route show table all; ip -6 route show table all
    ip neigh show nud permanent
    sysctl -e net.ipv4.ip_forward net.ipv6.conf.all.forwarding net.ipv4.conf.all.tag'
done`;

/** What is made again has another id, number or address: rules and their sets, links and the namespaces of their peers. */
const MADE_AGAIN = /sgr-[0-9a-f]+|0x[0-9a-f]+|^\d+: |(?<=@)if\d+|link-netns(?:id)? \S+|(?<=link\/ether )\S+/gm;

const OF_THE_PAST = /\/nft\/|\.before$/;

export async function readLabState(host: TestHost): Promise<LabState> {
  const [, ...sections] = (await host.run('sh', ['-c', READ])).split(/^# /m);
  const kernel = sections.map((section): [string, string[]] => {
    const [ordered = '', others = ''] = section.replaceAll(MADE_AGAIN, '…').split('## in any order\n');
    const [name = '', ...ruleset] = ordered.split('\n');
    return [name, [...ruleset, ...others.split('\n').sort()]];
  });
  return {
    kernel: Object.fromEntries(kernel),
    processes: [...new Set(host.processes().map(commandLine))].sort(),
    files: listFiles(host.runDirectory).filter((file) => !OF_THE_PAST.test(file)),
  };
}
