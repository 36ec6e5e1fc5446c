import type { Check } from './check.js';
import { findTool } from './find-tool.js';
import { REQUIRED_TOOLS } from './require-host.js';

interface Tool {
  readonly name: string;
  readonly debianPackage: string;
  readonly usedBy: string;
  /** Arguments that make the tool print its version. */
  readonly version: readonly string[];
  readonly minimum?: string;
}

const OTHER_PACKAGES: Readonly<Record<string, string>> = { unshare: 'util-linux' };

const TOOLS: readonly Tool[] = [
  { name: 'nft', usedBy: 'every ruleset', version: ['--version'], minimum: '1.0.2' },
  { name: 'ip', usedBy: 'namespaces, links, routes', version: ['-V'] },
  { name: 'conntrack', usedBy: 'tracked connections, moving time', version: ['-V'] },
  { name: 'perl', usedBy: 'starting many commands in namespaces', version: ['-e', 'printf "%vd", $^V'] },
  { name: 'unshare', usedBy: 'programs inside a machine (exec)', version: ['-V'] },
  { name: 'tcpdump', usedBy: 'looking inside an instance (exec)', version: ['--version'] },
].map((tool) => ({ ...tool, debianPackage: REQUIRED_TOOLS[tool.name] ?? OTHER_PACKAGES[tool.name] ?? tool.name }));

/** A tool is required if labs cannot be built without it. */
export const TOOL_CHECKS: readonly Check[] = TOOLS.map((tool) => ({
  name: tool.name,
  usedBy: tool.usedBy,
  remedy: `apt-get install ${tool.debianPackage}${tool.minimum === undefined ? '' : ` (version ${tool.minimum} or later)`}`,
  required: tool.name in REQUIRED_TOOLS,
  needs: ['npm module koffi'],
  test: () => toolVersion(tool),
}));

async function toolVersion(tool: Tool): Promise<string> {
  if (findTool(tool.name) === null) throw new Error('not on the PATH');
  const { run } = await import('./process.js');
  const { stdout, stderr } = await run(tool.name, tool.version, { allowFailure: true });
  const version = parseVersion(`${stdout}\n${stderr}`);
  if (version === null) return 'version unknown';
  if (tool.minimum !== undefined && isOlder(version, tool.minimum)) {
    throw new Error(`version ${version} is older than ${tool.minimum}`);
  }
  return version;
}

/** Finds the first text that looks like a version: `1.0.6`, `6.1.0`. */
export function parseVersion(output: string): string | null {
  return /\d+(?:\.\d+)+/.exec(output)?.[0] ?? null;
}

export function isOlder(version: string, minimum: string): boolean {
  const numbers = (text: string) => text.split('.').map(Number);
  const have = numbers(version);
  for (const [at, want] of numbers(minimum).entries()) {
    const part = have[at] ?? 0;
    if (part !== want) return part < want;
  }
  return false;
}
