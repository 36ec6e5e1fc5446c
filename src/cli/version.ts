import { createRequire } from 'node:module';

const { version } = createRequire(import.meta.url)('sglab/package.json') as { readonly version: string };

/** The version of sglab, which only package.json states. */
export const VERSION = version;
