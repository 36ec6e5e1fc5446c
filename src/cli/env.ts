import type { Command } from 'commander';
import { readyHost } from './host.js';
import { print } from './output.js';

const HELP = `
Example:
  $ sudo sglab env
  $ eval "$(sudo sglab env)"
  $ aws ec2 describe-security-groups

The credentials are made up: whatever is signed is accepted, and reaches no cloud account. Every other AWS service is
pointed at the lab, too, and refused there.
AWS CLI before 2.13 and boto3 before 1.28 do not read AWS_ENDPOINT_URL:
  $ alias aws='aws --endpoint-url "$AWS_ENDPOINT_URL"'`;

export function registerEnv(program: Command): void {
  program
    .command('env [lab]')
    .summary('point AWS clients at a lab')
    .description('Prints the shell commands that point aws, boto3, SDKs and terraform at the EC2 API of a lab.')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', HELP)
    .action(env);
}

async function env(word: string | undefined, { json = false }: { json?: boolean }): Promise<void> {
  await readyHost();
  const [{ call, chooseLab }, { clientEnvironment, shellCommands }] = await Promise.all([
    import('../controller/client.js'),
    import('./report/client-environment.js'),
  ]);
  const { lab, endpoint, cloud } = await call(chooseLab(word), 'status', {});
  const environment = clientEnvironment(endpoint, cloud.region);
  await print(
    json,
    () => ({ lab, endpoint, region: cloud.region, ...environment }),
    () => shellCommands(environment),
  );
}
