import { type Command, InvalidArgumentError } from 'commander';
import { EXIT, SglabError } from '../errors.js';
import { readyHost } from './host.js';
import { endProgress, note, onInterrupt, print, progress, reportInterrupt } from './output.js';

interface VerifyOptions {
  readonly json?: boolean;
  readonly model?: string;
  readonly shard?: { readonly index: number; readonly count: number };
  readonly fuzz?: number;
  readonly seed?: number;
}

export function registerVerify(program: Command): void {
  program
    .command('verify [file]')
    .summary('compare a model with the kernel, packet by packet')
    .description(
      'Asks a model and the kernel the same questions: every pair of ends in FILE, with all traffic that the rules\n' +
        'distinguish. Or, with --fuzz, plays random histories of changes, traffic and time to both.',
    )
    .option('--model <command>', 'your own model instead of sglab’s (docs/foreign-models.md)')
    .option('--shard <i/n>', 'only part i of n of the questions', shard)
    .option('--fuzz <n>', 'play n random histories', count)
    .option('--seed <s>', 'seed of the random histories (default: a new one)', count)
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'after',
      '\nExample:\n  $ sudo sglab verify scenarios/securecart-web.yaml\n  $ sudo sglab verify --fuzz 300',
    )
    .action(verify);
}

async function verify(file: string | undefined, options: VerifyOptions): Promise<void> {
  if (options.fuzz !== undefined) return verifyByFuzzing(options.fuzz, options);
  if (file === undefined)
    throw new SglabError('BadUsage', 'there is nothing to verify', { hint: 'name a FILE, or --fuzz N' });
  const { loadScenario } = await import('../import/load.js');
  const { cloud, name } = await loadScenario(file);
  await readyHost();
  const { verifyCloud } = await import('../verify/verify-lab.js');
  const stop = onInterrupt();
  try {
    const report = await verifyCloud(cloud, file, {
      signal: stop,
      command: options.model ?? null,
      shard: options.shard ?? { index: 1, count: 1 },
      onProgress: (done, total) => progress(`${done} of ${total} cells`),
    }).finally(endProgress);
    const [{ formatVerification, verificationDocument }, { styleFor }, { ruleDescriber }] = await Promise.all([
      import('./report/verify.js'),
      import('./report/style.js'),
      import('../verdict/describe-rule.js'),
    ]);
    await print(
      options.json ?? false,
      () => verificationDocument(name, report),
      () => `${formatVerification(name, report, { style: styleFor(), describeRule: ruleDescriber(cloud, cloud) })}\n`,
    );
    process.exitCode =
      report.differences.length > 0 ? EXIT.expectationFailed : report.unknown.length > 0 ? EXIT.unknown : EXIT.ok;
  } catch (error) {
    if (!stop.aborted) throw error;
    reportInterrupt();
  }
}

async function verifyByFuzzing(runs: number, { seed = newSeed(), json = false, model }: VerifyOptions): Promise<void> {
  if (model !== undefined) {
    throw new SglabError('BadUsage', 'a foreign model is asked about a FILE', { hint: 'leave --fuzz or --model out' });
  }
  await readyHost();
  const [{ fuzzCloudOf }, { fuzzCloud }] = await Promise.all([
    import('../verify/verify-lab.js'),
    import('../verify/fuzz/lab.js'),
  ]);
  const stop = onInterrupt();
  try {
    const onRun = (done: number) => progress(`${done} of ${runs} histories, seed ${seed}`);
    const cloud = fuzzCloud(`fuzz-${process.pid}`);
    const result = await fuzzCloudOf(cloud, { runs, seed, signal: stop, onRun }).finally(endProgress);
    const { fuzzDocument, formatFuzz } = await import('./report/verify.js');
    await print(
      json,
      () => fuzzDocument(result),
      () => formatFuzz(result),
    );
    if (result.failure !== null)
      note('run it again with the same --seed; the scenario above is the smallest one found');
    const unknown = result.failure?.disagreement === 'unknown';
    process.exitCode = result.failure === null ? EXIT.ok : unknown ? EXIT.unknown : EXIT.expectationFailed;
  } catch (error) {
    if (!stop.aborted) throw error;
    reportInterrupt();
  }
}

function newSeed(): number {
  return Math.floor(Math.random() * 2 ** 31);
}

function count(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Write a whole number.');
  return Number(text);
}

function shard(text: string): { index: number; count: number } {
  const [, index, total] = /^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? [];
  const read = { index: Number(index), count: Number(total) };
  if (!(read.index >= 1 && read.index <= read.count)) throw new InvalidArgumentError('Write i/n, such as 1/4.');
  return read;
}
