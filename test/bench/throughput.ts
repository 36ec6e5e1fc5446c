/** Bulk TCP through two cards, against the same bridges without rules. */

import { cardNamespace, instanceNamespace } from '../../src/kernel/lab-names.js';
import { run, spawn } from '../../src/kernel/process.js';
import { writeSysctls } from '../../src/kernel/sysctl.js';
import { filteringNamespaces } from '../../src/lab/filtering-namespaces.js';
import { Lab } from '../../src/lab/lab.js';
import { planLab } from '../../src/lab/plan-lab.js';
import { type Benchmark, interleave, LAB_OPTIONS } from './benchmark.js';
import { webAndDatabases } from './clouds.js';
import { figure, skippedFigure } from './figure.js';

const CLIENT = 'i-0';
const SERVER = 'i-1';
const PORT = 3306;
/** Short and often: a slow moment of the machine then spoils single ratios, not the median. */
const SECONDS = 1;

export const throughput: Benchmark = {
  name: 'throughput',
  summary: 'bulk TCP with groups in force, against the same bridges without rules',
  run: async (context) => {
    const found = await run('sh', ['-c', 'command -v iperf3'], { allowFailure: true });
    if (found.exitCode !== 0) {
      return [skippedFigure('throughput', 'bulk TCP', 'iperf3 is not installed (apt install iperf3)')];
    }
    const labs: Lab[] = [];
    try {
      for (const role of ['groups', 'plain']) {
        labs.push(await Lab.up(webAndDatabases(context.labName(role), 2), LAB_OPTIONS));
      }
      const [groups, plain] = labs;
      if (groups === undefined || plain === undefined) return [];
      await removeRules(plain);
      const rates = await interleave(context, context.quick ? 3 : 21, {
        groups: () => transfer(groups),
        plain: () => transfer(plain),
      });
      return [
        figure({
          name: 'throughput',
          what: 'bulk TCP through two cards with groups',
          unit: 'Gbit/s',
          values: rates.groups,
          baseline: { what: 'no rules, no br_netfilter', values: rates.plain },
          budget: { of: 'ratio', bound: 'at least', limit: 0.95 },
        }),
      ];
    } finally {
      for (const lab of labs) await lab.down();
    }
  },
};

/** Leaves bridges and routes alone: without rules nothing is tracked either. */
async function removeRules(lab: Lab): Promise<void> {
  for (const { namespace } of filteringNamespaces(lab.cloud, planLab(lab.cloud))) {
    await run('nft', ['flush', 'ruleset'], { namespace: lab.namespaces.netns(namespace) });
  }
  for (const name of [CLIENT, SERVER]) {
    writeSysctls(lab.namespaces.netns(cardNamespace(lab.name, name, 0)), {
      'bridge.bridge-nf-call-iptables': 0,
      'bridge.bridge-nf-call-ip6tables': 0,
    });
  }
}

/** Gigabits per second that arrived. */
async function transfer(lab: Lab): Promise<number> {
  const [client, server] = [CLIENT, SERVER].map((name) => lab.namespaces.netns(instanceNamespace(lab.name, name)));
  const address = Object.values(lab.cloud.networkInterfaces)[1]?.privateIpAddresses[0] ?? '';
  if (client === undefined || server === undefined) throw new RangeError('a transfer has two ends');
  const { subprocess } = spawn('iperf3', ['--server', '--one-off', '--forceflush', '--port', String(PORT)], {
    namespace: server,
    stdout: 'pipe',
    reject: false,
  });
  try {
    await Promise.race([new Promise((resolve) => subprocess.stdout?.once('data', resolve)), subprocess]);
    const args = ['--client', address, '--port', String(PORT), '--time', String(SECONDS), '--json'];
    const { stdout } = await run('iperf3', args, { namespace: client, timeout: (SECONDS + 10) * 1000 });
    const { end } = JSON.parse(stdout) as { end: { sum_received: { bits_per_second: number } } };
    return end.sum_received.bits_per_second / 1e9;
  } finally {
    subprocess.kill();
    await subprocess;
  }
}
