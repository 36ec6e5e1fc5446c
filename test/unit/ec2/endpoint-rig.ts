/** The endpoint on a port of its own, on a cloud without a kernel; with HTTP as clients send it, and malformed HTTP. */
import { request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { XMLParser } from 'fast-xml-parser';
import type { Cloud } from '../../../src/cloud/types.js';
import type { ApiLab } from '../../../src/ec2/ec2-api.js';
import { Endpoint } from '../../../src/ec2/endpoint.js';
import type { Credentials } from '../../../src/ec2/signature.js';

const FORM = 'application/x-www-form-urlencoded; charset=utf-8';

export interface Answer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

export class EndpointRig {
  private constructor(
    readonly endpoint: Endpoint,
    readonly region: string,
  ) {}

  /** @param cloud null: the lab is still being built */
  static async start(cloud: Cloud | null, credentials: Credentials | null = null): Promise<EndpointRig> {
    const endpoint = await Endpoint.listen({ wanted: null, before: null });
    if (cloud !== null) endpoint.serve(inMemory(cloud), credentials);
    return new EndpointRig(endpoint, cloud?.region ?? 'us-east-1');
  }

  stop(): void {
    this.endpoint.destroy();
  }

  credentials(region = this.region, service = 'ec2'): string {
    return `AWS4-HMAC-SHA256 Credential=AKID/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=00`;
  }

  /** Adds headers to those of a client; undefined leaves one out. */
  send(
    body: string | Buffer,
    {
      method = 'POST',
      path = '/',
      headers = {},
    }: { method?: string; path?: string; headers?: NodeJS.Dict<string> } = {},
  ): Promise<Answer> {
    const all = { 'content-type': FORM, authorization: this.credentials(), ...headers };
    const given = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
    return new Promise((resolve, reject) => {
      const options = { host: '127.0.0.1', port: this.endpoint.port, method, path, headers: given, agent: false };
      const sent = request(options, (response) => {
        text(response).then(
          (answer) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: answer }),
          reject,
        );
      });
      sent.on('error', reject).end(body);
    });
  }

  /** Writes bytes, closes the connection, and returns the answer. */
  raw(bytes: string | Buffer): Promise<string> {
    const socket = connect(this.endpoint.port, '127.0.0.1');
    socket.on('error', () => {}); // a refusal is an answer, too
    socket.end(bytes);
    return text(socket).catch(() => '');
  }
}

function inMemory(cloud: Cloud): ApiLab {
  let current = cloud;
  return {
    get cloud() {
      return current;
    },
    change: async (mutate) => {
      current = mutate(current);
      return current;
    },
  };
}

/** `Code: message` of an error document. */
export function errorOf({ body }: Answer): string {
  const { Response: document } = new XMLParser().parse(body);
  return document === undefined ? body : `${document.Errors.Error.Code}: ${document.Errors.Error.Message}`;
}
