import { createRequire } from 'node:module';

const { version } = createRequire(import.meta.url)('sglab/package.json') as { readonly version: string };

/** The version of sglab as package.json has it: the one place where it is written. */
export const VERSION = version;
