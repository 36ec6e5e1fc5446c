/** The port of a lab's endpoint, beside its journal: whoever takes the lab over listens where clients look for it. */
import fs from 'node:fs';
import path from 'node:path';
import { onDisk } from '../kernel/on-disk.js';
import { labDirectory } from '../lab/run-directory.js';

const portFile = (lab: string) => path.join(labDirectory(lab), 'endpoint.port');

/** null when the lab had none, or its file is lost. */
export function portBefore(lab: string): number | null {
  try {
    const port = Number(fs.readFileSync(portFile(lab), 'utf8'));
    return Number.isInteger(port) && port > 0 && port < 2 ** 16 ? port : null;
  } catch {
    return null;
  }
}

/** @throws KernelError */
export function rememberPort(lab: string, port: number): void {
  onDisk(() => fs.writeFileSync(portFile(lab), `${port}\n`));
}
