import type { Command } from 'commander';
import { shown } from '../cloud/text/quote.js';
import { SglabError } from '../errors.js';
import type { BlockSink, PcapngWriter as Writer } from '../records/capture/pcapng-file.js';
import type { SeenPacket } from '../records/capture/types.js';
import { readyHost } from './host.js';
import { note, onInterrupt, print } from './output.js';

interface Options {
  readonly write?: string;
  readonly filter?: string;
  readonly count?: string;
  readonly for?: string;
  readonly explain?: boolean;
  readonly json?: boolean;
  readonly lab?: string;
}

/** The value of `-w` that means standard output. */
const STANDARD_OUTPUT = '-';

export function registerCapture(program: Command): void {
  program
    .command('capture <instance...>')
    .summary('packets at the interfaces of instances, live or as a pcapng file')
    .description(
      'Captures what instances and external hosts see: one readable line per packet, or a pcapng file for Wireshark.\n' +
        'INSTANCE may be LAB/INSTANCE, and web-1.eth1 for one interface. Ctrl-C ends it.',
    )
    .option('-w, --write <file>', 'write pcapng; - for standard output')
    .option('--filter <expression>', 'only packets that match this tcpdump filter')
    .option('--count <n>', 'stop after this many packets')
    .option('--for <time>', 'stop after this time: 500ms, 10s, 2m')
    .option('--explain', 'add verdicts and rules, and the packets that were dropped before they could be seen')
    .option('--lab <name>', 'the lab (default: the only one that is up)')
    .option('--json', 'one JSON document on stdout, at the end')
    .addHelpText(
      'after',
      '\nExample:\n  $ sudo sglab capture web-1 --explain --filter "tcp port 22"\n' +
        '  $ sudo sglab capture web-1 db-1 -w shop.pcapng --for 10s\n' +
        '  $ sudo sglab capture web-1 -w - | tshark -r -',
    )
    .action(capture);
}

async function capture(words: string[], options: Options): Promise<void> {
  const { explain = false, json = false, filter = '', write: file } = options;
  if (json && file === STANDARD_OUTPUT) {
    throw new SglabError('BadUsage', '--json and -w - both want standard output', { hint: 'write to a file: -w FILE' });
  }
  const count = options.count === undefined ? null : countOf(options.count);
  const { parseDuration } = await import('../scenario/duration.js');
  const seconds = options.for === undefined ? null : parseDuration(options.for) / 1000;
  await readyHost();
  const signal = onInterrupt();
  const [{ call, chooseLab }, { captureTargets }, { capturePackets }] = await Promise.all([
    import('../controller/client.js'),
    import('../records/capture/targets.js'),
    import('../controller/capture.js'),
  ]);
  const { lab, names } = splitWords(words, options.lab);
  const { cloud } = await call(chooseLab(lab), 'status', {});
  const targets = captureTargets(cloud, names);
  const output = await outputOf(
    options,
    targets.map(({ name }) => name),
  );
  const summary = await capturePackets({
    cloud,
    targets,
    filter,
    explain,
    count,
    seconds,
    signal,
    onPacket: (packet) => output.take(packet),
    onReady: () => {
      output.open();
      note(`capturing at ${targets.map(({ name }) => name).join(', ')}; Ctrl-C ends it`);
    },
  });
  await output.close();
  const { captureDocument, formatCaptureSummary } = await import('./report/capture.js');
  if (!json) return note(formatCaptureSummary(summary));
  await print(
    true,
    () => captureDocument(cloud.name, summary, file ?? null, output.packets),
    () => '',
  );
}

interface Output {
  /** Collects the packets for the JSON document. */
  readonly packets: readonly SeenPacket[];
  open(): void;
  take(packet: SeenPacket): void;
  close(): Promise<void>;
}

/** The output is the file or pipe of `-w`; otherwise the document of --json, or lines. */
async function outputOf(
  { write: file, filter = '', json = false }: Options,
  names: readonly string[],
): Promise<Output> {
  if (file !== undefined) {
    const { openFile, openOutput, PcapngWriter } = await import('../records/capture/pcapng-file.js');
    let writer: Writer | null = null;
    let sink: BlockSink | null = null;
    return {
      packets: [],
      open: () => {
        sink = file === STANDARD_OUTPUT ? openOutput(process.stdout) : openFile(file);
        writer = new PcapngWriter(sink, names, filter);
      },
      take: (packet) => writer?.write(packet),
      close: async () => sink?.close(),
    };
  }
  const packets: SeenPacket[] = [];
  if (json) return { packets, open: () => {}, take: (packet) => packets.push(packet), close: async () => {} };
  const [{ formatPacket }, { styleFor }, { openOutput }] = await Promise.all([
    import('./report/packet.js'),
    import('./report/style.js'),
    import('../records/capture/pcapng-file.js'),
  ]);
  const style = styleFor();
  const width = Math.max(...names.map((name) => name.length)) + ' card'.length;
  const sink = openOutput(process.stdout);
  return {
    packets,
    open: () => {},
    take: (packet) => sink.write(Buffer.from(shown(formatPacket(packet, width, style)))),
    close: () => sink.close(),
  };
}

/** `LAB/web-1 db-1` names machines of one lab. */
function splitWords(words: readonly string[], lab: string | undefined): { lab: string | undefined; names: string[] } {
  const parts = words.map((word) => (word.includes('/') ? word.split('/', 2) : [undefined, word]));
  const labs = new Set([lab, ...parts.map(([named]) => named)].filter((named) => named !== undefined));
  if (labs.size > 1) {
    throw new SglabError('BadUsage', `one capture is about one lab, not ${[...labs].join(' and ')}`, {
      hint: 'start one for each lab',
    });
  }
  return { lab: [...labs][0], names: parts.map(([, name = '']) => name) };
}

function countOf(word: string): number {
  if (/^[1-9]\d{0,8}$/.test(word)) return Number(word);
  throw new SglabError('BadUsage', `${JSON.stringify(word)} is not a number of packets`, { hint: 'use --count 100' });
}
