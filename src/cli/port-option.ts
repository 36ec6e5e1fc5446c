import { InvalidArgumentError, Option } from 'commander';

export function portOption(): Option {
  return new Option(
    '--port <n>',
    'port of the EC2 API on loopback (default: 4580, or the next one that is free)',
  ).argParser((word: string) => {
    const port = /^\d{1,5}$/.test(word) ? Number(word) : 0;
    if (port < 1 || port > 65_535) throw new InvalidArgumentError('a port is a number from 1 to 65535.');
    return port;
  });
}
