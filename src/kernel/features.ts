/** Checks the features that sglab needs of a host by using each of them. */
import fs from 'node:fs';
import type { Check } from './check.js';
import { KERNEL_CHECKS } from './kernel-checks.js';
import { missingPrivileges } from './require-host.js';
import { TOOL_CHECKS } from './tool-checks.js';

export type CheckStatus = 'ok' | 'missing' | 'not tried';

export interface CheckResult {
  readonly name: string;
  readonly status: CheckStatus;
  readonly required: boolean;
  /**
   * The version found; if it is missing, the error message of the kernel or the tool; if it was not tried, the reason.
   */
  readonly detail: string;
  readonly usedBy: string;
  /** null if nothing needs to be done. */
  readonly remedy: string | null;
}

export interface HostReport {
  /** Whether every required feature is available. */
  readonly ok: boolean;
  readonly kernel: string;
  readonly checks: readonly CheckResult[];
}

const moduleCheck = (name: string, usedBy: string, load: () => Promise<unknown>): Check => ({
  name: `npm module ${name}`,
  usedBy,
  remedy: 'delete node_modules and run `sudo scripts/sglab` again: it is compiled anew',
  required: true,
  needs: [],
  test: async () => {
    await load();
    return '';
  },
});

/** A check comes after those that it needs. */
const CHECKS: readonly Check[] = [
  {
    name: 'privileges',
    usedBy: 'everything but validate',
    remedy: 'run it with sudo; in a container: --privileged',
    required: true,
    needs: [],
    test: async () => {
      const missing = missingPrivileges();
      if (missing.length > 0) throw new Error(`not ${missing.join(', ')}`);
      return 'root';
    },
  },
  moduleCheck('koffi', 'entering namespaces', async () => (await import('./libc.js')).libcCalls),
  moduleCheck('pcap', 'seeing what is dropped', () => import('pcap')),
  moduleCheck('raw-socket', 'packets of any protocol', () => import('raw-socket')),
  ...TOOL_CHECKS,
  ...KERNEL_CHECKS,
];

/** Tries every check, one after the other: half a second. Leaves nothing behind but modules that the kernel loaded. */
export async function checkHost(): Promise<HostReport> {
  const checks: CheckResult[] = [];
  for (const check of CHECKS) checks.push(await perform(check, checks));
  return { ok: checks.every(({ status, required }) => status === 'ok' || !required), kernel: kernelRelease(), checks };
}

async function perform(check: Check, earlier: readonly CheckResult[]): Promise<CheckResult> {
  const { name, usedBy, remedy, required, needs, test } = check;
  const lacking = needs.find((need) => earlier.some((each) => each.name === need && each.status !== 'ok'));
  if (lacking !== undefined) {
    return { name, status: 'not tried', required, detail: `needs ${lacking}`, usedBy, remedy: null };
  }
  try {
    return { name, status: 'ok', required, detail: await test(), usedBy, remedy: null };
  } catch (error) {
    return { name, status: 'missing', required, detail: firstLine(error), usedBy, remedy };
  }
}

/** The first line of a failed tool's output, without the command line. */
function firstLine(error: unknown): string {
  const toolOutput = error instanceof Error && 'stderr' in error ? String(error.stderr) : '';
  const text = toolOutput || (error instanceof Error ? error.message : String(error));
  return text.trim().split('\n')[0] ?? '';
}

function kernelRelease(): string {
  return fs.readFileSync('/proc/sys/kernel/osrelease', 'utf8').trim();
}
