/**
 * `sglab capture`: captures packets of several links in one order, each with the verdicts of cards and routers on it.
 */

import { request } from 'node:http';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cloud } from '../cloud/types.js';
import { type Capture, openCapture } from '../kernel/capture.js';
import { closeNetns, openNetns } from '../kernel/netns.js';
import { compileFilter } from '../kernel/packet-filter.js';
import { controlSocket } from '../lab/run-directory.js';
import { directionOf } from '../records/capture/targets.js';
import { lengthOf, MARGIN, Timeline } from '../records/capture/timeline.js';
import type { CaptureTarget, SeenPacket } from '../records/capture/types.js';
import { ControllerEndedError, ControllerSilentError, NoControllerError } from './errors.js';
import type { ReportMessage } from './protocol.js';
import { timeLimit } from './silence.js';

export interface CaptureOptions {
  readonly cloud: Cloud;
  readonly targets: readonly CaptureTarget[];
  /** A pcap filter expression; empty for everything. */
  readonly filter: string;
  /** Whether to add the verdicts, and the packets that were dropped on their way. */
  readonly explain: boolean;
  /** Packets and seconds after which the capture ends; null: never. */
  readonly count: number | null;
  readonly seconds: number | null;
  readonly signal: AbortSignal;
  /** An error that it throws ends the capture. */
  readonly onPacket: (packet: SeenPacket) => void;
  /** Called as soon as every later packet is captured. An error that it throws ends the capture. */
  readonly onReady: () => void;
}

export type CaptureEnd = 'count' | 'time' | 'interrupt' | 'down';

export interface CaptureSummary {
  readonly interfaces: readonly { readonly name: string; readonly packets: number }[];
  readonly packets: number;
  /** Packets that arrived faster than they were read. */
  readonly lost: number;
  /** Milliseconds. */
  readonly ms: number;
  readonly ended: CaptureEnd;
}

/** How long a controller may take to send the last reports, in milliseconds. */
const LAST_REPORTS_MS = 2000;
const LAST_POLL_MS = 10;

class Run {
  readonly #options: CaptureOptions;
  readonly #matches: (frame: Buffer, length: number) => boolean;
  readonly #timeline: Timeline;
  readonly #packets: Map<string, number>;
  #total = 0;
  /** Times in microseconds since 1970: all reports up to the first have arrived, and the capture ends at the second. */
  #watermark = 0;
  #end = Number.POSITIVE_INFINITY;
  readonly ended: Promise<CaptureEnd>;
  finish: (reason: CaptureEnd) => void = () => {};
  fail: (error: unknown) => void = () => {};

  constructor(options: CaptureOptions) {
    this.#options = options;
    this.#matches = compileFilter(options.filter);
    this.#timeline = new Timeline(options.cloud, options.targets, options.explain);
    this.#packets = new Map(options.targets.map(({ name }) => [name, 0]));
    this.ended = new Promise((resolve, reject) => {
      this.finish = resolve;
      this.fail = reject;
    });
    this.ended.catch(() => {}); // it may fail while captures are still being opened
  }

  onMessage(message: ReportMessage): void {
    if (message.type === 'told') {
      // Packets that the links have shown by now must be read first.
      setImmediate(() => {
        this.#watermark = message.until;
        this.#try(message.until);
      });
    } else if (message.type === 'report' && this.#options.explain) {
      const frame = Buffer.from(message.report.frame, 'base64');
      if (this.#matches(frame, lengthOf(frame))) this.#timeline.addReport({ ...message, frame });
    }
  }

  open(target: CaptureTarget): Capture {
    const netns = openNetns(target.namespace);
    try {
      return openCapture(netns, target.link, { filter: this.#options.filter }, (packet, at) => {
        const frame = Buffer.from(packet);
        this.#timeline.addPacket(target, { ...at, direction: directionOf(target, frame), frame });
      });
    } finally {
      closeNetns(netns);
    }
  }

  /** Waits for the verdicts on what was captured until now, and releases it. */
  async releaseRest(awaitReports: boolean): Promise<void> {
    this.#end = Date.now() * 1000;
    const deadline = performance.now() + LAST_REPORTS_MS;
    while (awaitReports && this.#watermark < this.#end + MARGIN && performance.now() < deadline)
      await sleep(LAST_POLL_MS);
    this.#release(Number.POSITIVE_INFINITY);
  }

  summary(ms: number, ended: CaptureEnd, lost: number): CaptureSummary {
    const interfaces = [...this.#packets].map(([name, packets]) => ({ name, packets }));
    return { interfaces, packets: this.#total, lost, ms, ended };
  }

  #try(until: number): void {
    try {
      this.#release(until);
    } catch (error) {
      this.fail(error);
    }
  }

  #release(until: number): void {
    const { count, onPacket } = this.#options;
    for (const packet of this.#timeline.release(until)) {
      if (this.#total === count || packet.time > this.#end) continue;
      onPacket(packet);
      this.#packets.set(packet.interface, (this.#packets.get(packet.interface) ?? 0) + 1);
      this.#total++;
      if (this.#total === count) this.finish('count');
    }
  }
}

/** @throws SglabError `BadFilter`; NoControllerError; KernelError; ControllerEndedError; what `onPacket` and `onReady` throw */
export async function capturePackets(options: CaptureOptions): Promise<CaptureSummary> {
  const { signal, seconds } = options;
  const run = new Run(options);
  const interrupt = () => run.finish('interrupt');
  const stream = await listenToReports(options.cloud.name, (message) => run.onMessage(message));
  const captures: Capture[] = [];
  let timer: NodeJS.Timeout | undefined;
  try {
    for (const target of options.targets) captures.push(run.open(target));
    options.onReady();
    const started = performance.now();
    stream.ended.then(() => run.finish('down'), run.fail);
    signal.addEventListener('abort', interrupt);
    if (signal.aborted) interrupt();
    if (seconds !== null) timer = setTimeout(() => run.finish('time'), seconds * 1000);
    const reason = await run.ended;
    const ms = performance.now() - started;
    if (reason !== 'count') await run.releaseRest(reason !== 'down');
    const lost = captures.reduce((sum, capture) => sum + capture.lost(), 0);
    return run.summary(ms, reason, lost);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', interrupt);
    for (const capture of captures) capture.close();
    stream.close();
  }
}

interface ReportStream {
  /**
   * Resolves when the lab goes down.
   * @throws ControllerEndedError when its controller ends without announcing it
   */
  readonly ended: Promise<void>;
  close(): void;
}

/**
 * Resolves when every later report is certain to be sent.
 * @throws NoControllerError
 */
function listenToReports(lab: string, onMessage: (message: ReportMessage) => void): Promise<ReportStream> {
  return new Promise((resolve, reject) => {
    const seconds = timeLimit();
    // A controller says every moment up to when its reports are complete.
    const silence = setTimeout(() => asked.destroy(new ControllerSilentError(lab, seconds)), seconds * 1000);
    const asked = request({ socketPath: controlSocket(lab), path: '/reports', method: 'POST' }, (response) => {
      const lines = createInterface({ input: response });
      let closed = false;
      const ended = new Promise<void>((resolveEnd, rejectEnd) => {
        lines.on('line', (line) => {
          silence.refresh();
          const message = JSON.parse(line) as ReportMessage;
          onMessage(message);
          if (message.type === 'down') resolveEnd();
        });
        for (const each of [lines, response]) each.on('error', () => {}); // an end without notice, which is handled below
        response.once('close', () => {
          clearTimeout(silence);
          if (closed) resolveEnd();
          else if (response.errored instanceof ControllerSilentError) rejectEnd(response.errored);
          else rejectEnd(new ControllerEndedError(lab, response.errored));
        });
      });
      ended.catch(() => {}); // reported to the caller that awaits it
      const close = () => {
        closed = true;
        asked.destroy();
      };
      lines.once('line', () => resolve({ ended, close }));
    });
    asked.on('error', (error) => {
      clearTimeout(silence);
      reject(error instanceof ControllerSilentError ? error : new NoControllerError(lab));
    });
    asked.end();
  });
}
