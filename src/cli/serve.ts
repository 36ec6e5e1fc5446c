import { type Command, InvalidArgumentError, Option } from 'commander';
import { portOption } from './port-option.js';
import { up } from './up.js';

interface ServeOptions {
  readonly json?: boolean;
  readonly lab?: string;
  readonly region?: string;
  readonly port?: number;
}

export function registerServe(program: Command): void {
  program
    .command('serve')
    .summary('a Region with a default VPC, for EC2 clients to fill')
    .description(
      'Like up without a file: a Region with nothing but its default VPC, kept up with a controller and the EC2 API. What clients make is real. On the internet beside it is one machine, stranger (203.0.113.7, tcp/80 and tcp/443), to probe from and to.',
    )
    .option('--json', 'one JSON document on stdout')
    .option('--lab <name>', 'name of the lab (default: the Region)')
    .addOption(new Option('--region <region>', 'the Region (default: us-east-1)').argParser(checkRegion))
    .addOption(portOption())
    .addHelpText(
      'after',
      '\nExample:\n  $ sudo sglab serve --region eu-central-1\n  $ eval "$(sudo sglab env)"\n  $ aws ec2 describe-vpcs\n  $ sudo sglab probe stranger web-1 tcp/443',
    )
    .action(({ lab, region, ...options }: ServeOptions) =>
      up({ file: null, lab: lab ?? null, region: region ?? null }, options, (ready, state) => {
        return `${ready.lab} ${state}: the Region ${ready.region}. End it with \`sglab down ${ready.lab}\`.\n`;
      }),
    );
}

function checkRegion(word: string): string {
  if (/^[a-z]{2}(?:-[a-z]{1,12}){1,3}-\d{1,2}$/.test(word)) return word;
  throw new InvalidArgumentError('a Region is written like eu-central-1.');
}
