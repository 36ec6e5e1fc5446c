/** Streams the packet reports of a lab's cards and routers to clients: the kernel allows one reader, the controller. */
import type { ServerResponse } from 'node:http';
import type { Cloud } from '../cloud/types.js';
import type { Lab } from '../lab/lab.js';
import { type DescribeRule, ruleDescriber } from '../verdict/describe-rule.js';
import { reportText } from '../verdict/phrases.js';
import type { ReportMessage } from './protocol.js';

/** The interval at which a client learns up to which time its reports are complete. */
const WATERMARK_MS = 50;

/** Answers with one `ReportMessage` a line until the client disconnects or the lab goes down. */
export function streamReports(live: Lab, response: ServerResponse): void {
  const send = (message: ReportMessage) => {
    if (!response.writableEnded) response.write(`${JSON.stringify(message)}\n`);
  };
  const sendWatermark = () => {
    const until = Date.now() * 1000;
    // Node reads pending input after its timers and before its immediates.
    setImmediate(() => send({ type: 'told', until }));
  };
  const unlisten = live.traffic.onReport(
    (report) => send({ type: 'report', report, words: reportText(report, describerOf(live.cloud)) }),
    () => {
      send({ type: 'down' });
      response.end();
    },
  );
  const timer = setInterval(sendWatermark, WATERMARK_MS);
  response.writeHead(200, { 'Content-Type': 'application/x-ndjson' });
  sendWatermark();
  response.once('close', () => {
    unlisten();
    clearInterval(timer);
  });
}

const describers = new WeakMap<Cloud, DescribeRule>();

/** Built once for each state of the lab, because it formats every rule. */
function describerOf(cloud: Cloud): DescribeRule {
  const known = describers.get(cloud) ?? ruleDescriber(cloud);
  describers.set(cloud, known);
  return known;
}
