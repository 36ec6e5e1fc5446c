import { fileURLToPath } from 'node:url';

/** What starts sglab once more, as a process of its own. */
export const MAIN = fileURLToPath(new URL('../cli/main.js', import.meta.url));
