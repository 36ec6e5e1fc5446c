/**
 * Terminals of the page: each is `sglab exec MACHINE -- bash` on a terminal of its own, so the shell is shut in its machine as
 * every other program there. It ends with the page's socket; when the machine or the lab goes, the socket ends with it.
 */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import { resolveMachine } from '../../cloud/text/endpoint.js';
import { SglabError } from '../../errors.js';
import { endSession, loadPty, type Pty } from '../../kernel/pty.js';
import type { Lab } from '../../lab/lab.js';
import { MAIN } from '../main-script.js';
import type { TerminalMessage } from './protocol.js';

const MAX_TERMINALS = 16;
/** Bytes of a message: more than anybody pastes. */
const MAX_MESSAGE = 2 ** 20;
/** Characters on their way to the page, after which the program waits. */
const MAX_UNSEEN = 2 ** 18;

/** Codes of RFC 6455 for the end of a socket; the page shows the reason. */
const CLOSE = { ended: 1000, badMessage: 1007, failed: 1011, busy: 1013 } as const;

const CELLS = z.int().min(1).max(1000);
const MESSAGE: z.ZodType<TerminalMessage> = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('input'), data: z.string() }),
  z.strictObject({ type: z.literal('size'), columns: CELLS, rows: CELLS }),
  z.strictObject({ type: z.literal('seen'), characters: z.int().min(0) }),
]);

export class Terminals {
  readonly #live: Lab;
  readonly #sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE });

  constructor(live: Lab) {
    this.#live = live;
  }

  /** Opens one for a request to upgrade that may have it. @throws SglabError where there is no such machine */
  async open(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const { cloud } = this.#live;
    const machine = machineOf(this.#live, new URL(request.url ?? '', 'http://console').searchParams.get('machine'));
    // By its id: the name of an instance may be any text.
    const args = [MAIN, 'exec', `${cloud.name}/${machine}`, '--', 'bash'];
    const start = await loadPty().catch((error: SglabError) => error);
    this.#sockets.handleUpgrade(request, socket, head, (page) => {
      page.on('error', () => {}); // it is closed then
      if (this.#sockets.clients.size > MAX_TERMINALS) {
        page.close(CLOSE.busy, `${MAX_TERMINALS} terminals are open, and no more can be.`);
      } else if (start instanceof SglabError) page.close(CLOSE.failed, `There are no terminals: ${start.message}.`);
      else attach(page, start(process.execPath, args));
    });
  }

  close(): void {
    for (const page of this.#sockets.clients) page.terminate();
  }
}

/** @returns the id of an instance, or the name of a host */
function machineOf({ cloud }: Lab, word: string | null): string {
  try {
    const machine = resolveMachine(cloud, word ?? '');
    return machine.kind === 'instance' ? machine.id : machine.name;
  } catch {
    throw new SglabError('NoMachine', `the lab has no machine ${JSON.stringify((word ?? '').slice(0, 100))}`);
  }
}

function attach(page: WebSocket, pty: Pty): void {
  let unseen = 0;
  pty.onData((text) => {
    unseen += text.length;
    if (unseen > MAX_UNSEEN) pty.pause();
    page.send(text);
  });
  let ended = false;
  pty.onExit(({ exitCode }) => {
    ended = true;
    page.close(CLOSE.ended, `The shell ended with exit code ${exitCode}.`);
  });
  page.on('message', (data) => {
    const message = readMessage(data);
    if (message === null) return page.close(CLOSE.badMessage, 'The page sent what is no message.');
    if (ended) return;
    if (message.type === 'input') pty.write(message.data);
    else if (message.type === 'size') pty.resize(message.columns, message.rows);
    else {
      unseen -= message.characters;
      if (unseen <= MAX_UNSEEN) pty.resume();
    }
  });
  page.once('close', () => void endSession(pty.pid));
}

function readMessage(data: RawData): TerminalMessage | null {
  try {
    return MESSAGE.parse(JSON.parse(String(data)));
  } catch {
    return null;
  }
}
