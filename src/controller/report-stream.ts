/** The commands' side of `reports`: what cards and routers say about packets, as it happens. */
import { request } from 'node:http';
import { createInterface } from 'node:readline';
import { controlSocket } from '../lab/run-directory.js';
import { ControllerEndedError, NoControllerError } from './client.js';
import type { ReportMessage } from './protocol.js';

export interface ReportStream {
  /** Resolves when the lab goes down. @throws ControllerEndedError when its controller ends without a word */
  readonly ended: Promise<void>;
  close(): void;
}

/** Resolves when every later report will be told. @throws NoControllerError */
export function listenToReports(lab: string, onMessage: (message: ReportMessage) => void): Promise<ReportStream> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath: controlSocket(lab), path: '/reports', method: 'POST' }, (response) => {
      const lines = createInterface({ input: response });
      let closed = false;
      const ended = new Promise<void>((resolveEnd, rejectEnd) => {
        lines.on('line', (line) => {
          const message = JSON.parse(line) as ReportMessage;
          onMessage(message);
          if (message.type === 'down') resolveEnd();
        });
        for (const each of [lines, response]) each.on('error', () => {}); // an end without a word, which is heard below
        response.once('close', () => {
          if (closed) resolveEnd();
          else rejectEnd(new ControllerEndedError(lab, response.errored));
        });
      });
      ended.catch(() => {}); // whoever waits for it hears of it
      const close = () => {
        closed = true;
        asked.destroy();
      };
      lines.once('line', () => resolve({ ended, close }));
    });
    asked.on('error', () => reject(new NoControllerError(lab)));
    asked.end();
  });
}
