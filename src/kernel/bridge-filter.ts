import fs from 'node:fs';
import { KernelError } from './errors.js';
import { BRIDGE_SYSCTLS } from './require-host.js';

/** What the module switches on for every bridge of the host when it is loaded. */
const SWITCHED_ON = ['bridge-nf-call-iptables', 'bridge-nf-call-ip6tables', 'bridge-nf-call-arptables'];

/**
 * Makes sure that bridged packets can be sent through nftables. Where the module has to be loaded first, it would at once
 * filter the host's own bridges too: that is switched off again, so that they go on as before. Each card switches it on
 * for itself.
 * @throws KernelError when this kernel has no br_netfilter
 */
export async function loadBridgeFilter(): Promise<void> {
  if (fs.existsSync(BRIDGE_SYSCTLS)) return;
  const { run } = await import('./process.js');
  await run('modprobe', ['br_netfilter']);
  if (!fs.existsSync(BRIDGE_SYSCTLS)) {
    throw new KernelError({ command: 'modprobe br_netfilter', stderr: `${BRIDGE_SYSCTLS} did not appear` });
  }
  for (const name of SWITCHED_ON) fs.writeFileSync(`${BRIDGE_SYSCTLS}/${name}`, '0');
}
