import { fileURLToPath } from 'node:url';

/** The script to start for a further sglab process. */
export const MAIN = fileURLToPath(new URL('../cli/main.js', import.meta.url));
