/** Finds the machine's aws CLI, if it has one. */
import { spawnSync } from 'node:child_process';

// The CLI must answer: pyenv's shim may exist without one.
const asked = spawnSync('aws', ['--version'], { encoding: 'utf8' });
/** AWS_ENDPOINT_URL is read since 2.13 and 1.29. */
export const isOldAws = /^aws-cli\/(2\.(\d|1[0-2])|1\.(\d|1\d|2[0-8]))\./.test(asked.stdout ?? '');

export const hasAws = asked.status === 0;

/** Goes before shell commands that use the CLI. */
export const AWS_ALIAS = isOldAws ? 'aws() { command aws --endpoint-url "$AWS_ENDPOINT_URL" "$@"; }\n' : '';
