/**
 * An EC2 client over HTTP: it sends wire parameters and returns members of the answer. It keeps its connection, as real
 * clients do.
 */
import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { XMLParser } from 'fast-xml-parser';

const PARSER = new XMLParser({ parseTagValue: false, isArray: (name) => name === 'item' });

export interface Ec2Answer {
  readonly status: number;
  /** The code of an error; otherwise null. */
  readonly code: string | null;
  /** Lists are arrays of `item`; an empty one is ''. */
  readonly answer: ReturnType<XMLParser['parse']>;
}

export class Ec2Client {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });

  constructor(
    readonly url: string,
    readonly region = 'us-east-1',
  ) {}

  async send(action: string, parameters: Readonly<Record<string, string | number>> = {}): Promise<Ec2Answer> {
    const form = new URLSearchParams({ Action: action, Version: '2016-11-15' });
    for (const [name, value] of Object.entries(parameters)) form.set(name, String(value));
    const { status, body } = await this.#post(form.toString());
    const [root] = Object.values(PARSER.parse(body.replace(/^<\?xml.*\?>\n/, ''))) as [Ec2Answer['answer']];
    return { status, code: root.Errors?.Error?.Code ?? null, answer: root };
  }

  close(): void {
    this.#agent.destroy();
  }

  #post(body: string): Promise<{ status: number; body: string }> {
    const headers = {
      'Content-Type': 'application/x-www-form-urlencoded',
      Authorization: `AWS4-HMAC-SHA256 Credential=AKID/20260101/${this.region}/ec2/aws4_request, SignedHeaders=host, Signature=00`,
    };
    return new Promise((resolve, reject) => {
      const sent = request(this.url, { method: 'POST', headers, agent: this.#agent }, (response) => {
        text(response).then((answer) => resolve({ status: response.statusCode ?? 0, body: answer }), reject);
      });
      sent.on('error', reject).end(body);
    });
  }
}
