import { createRequire } from 'node:module';
import path from 'node:path';

/** The folder of sglab's package.json. No other path is relative to a file of the program, which is bundled. */
export const PACKAGE_ROOT = path.dirname(createRequire(import.meta.url).resolve('sglab/package.json'));
