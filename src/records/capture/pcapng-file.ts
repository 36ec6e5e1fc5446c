/** Where a capture is written: a file, or a pipe on standard output. */
import fs from 'node:fs';
import { EXIT, SglabError } from '../../errors.js';
import { diskError } from '../../kernel/errors.js';
import { createFile, REPORT } from '../../kernel/safe-file.js';
import { enhancedPacket, interfaceDescription, sectionHeader } from './pcapng.js';
import type { SeenPacket } from './types.js';

export const SNAPLEN = 65_535;

/** @throws SglabError what has been taken is whole, and nothing of the rest is there */
export interface BlockSink {
  write(block: Buffer): void;
  /** Resolves when everything has been taken. */
  close(): Promise<void>;
}

/** Packets as pcapng; interfaces that first appear later are described when they do. */
export class PcapngWriter {
  readonly #sink: BlockSink;
  readonly #filter: string;
  readonly #interfaces = new Map<string, number>();

  /** @param interfaces described at once, so that they are there even when nothing happens */
  constructor(sink: BlockSink, interfaces: readonly string[], filter: string) {
    this.#sink = sink;
    this.#filter = filter;
    sink.write(sectionHeader('sglab capture'));
    for (const name of interfaces) this.#describe(name, `inside ${name.replace(/\.eth\d+$/, '')}`);
  }

  write({ interface: name, ...packet }: SeenPacket): void {
    const index =
      this.#interfaces.get(name) ?? this.#describe(name, 'packets that it dropped, as the kernel reported them');
    this.#sink.write(enhancedPacket({ ...packet, interfaceIndex: index }));
  }

  #describe(name: string, description: string): number {
    const index = this.#interfaces.size;
    this.#interfaces.set(name, index);
    this.#sink.write(interfaceDescription({ name, description, snaplen: SNAPLEN, filter: this.#filter }));
    return index;
  }
}

/** @throws SglabError `CannotWrite`, KernelError for a full disk */
export function openFile(path: string): BlockSink {
  const fd = open(path);
  let written = 0;
  return {
    write: (block) => {
      try {
        for (let at = 0; at < block.length; ) at += fs.writeSync(fd, block, at);
        written += block.length;
      } catch (cause) {
        if (fs.fstatSync(fd).isFile()) fs.ftruncateSync(fd, written);
        throw nobodyReads(cause) ? closedPipe() : diskError(cause);
      }
    },
    close: async () => fs.closeSync(fd),
  };
}

function open(path: string): number {
  try {
    return createFile(path, REPORT);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOSPC') throw diskError(cause);
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SglabError('CannotWrite', `the capture cannot be written: ${reason}`, {
      hint: 'name a file in a directory that exists, or - for standard output',
      cause,
    });
  }
}

/** Standard output, as a pipe to another program. */
export function openOutput(stream: NodeJS.WriteStream): BlockSink {
  let failure: unknown = null;
  stream.on('error', (error) => {
    failure = nobodyReads(error) ? closedPipe() : diskError(error);
  });
  const check = () => {
    if (failure !== null) throw failure;
  };
  return {
    write: (block) => {
      check();
      stream.write(block);
      check();
    },
    close: () =>
      new Promise((resolve, reject) => stream.write('', () => (failure === null ? resolve() : reject(failure)))),
  };
}

function nobodyReads(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EPIPE';
}

function closedPipe(): SglabError {
  return new SglabError(
    'OutputClosed',
    'nobody reads the captured packets any more: the other end of the pipe is closed',
    {
      exitCode: EXIT.expectationFailed,
      hint: 'write to a file with -w FILE to keep them all',
    },
  );
}
