/** One EC2 client with one connection, as the SDKs keep it. */
import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';

export class ApiClient {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /**
   * @returns the answer's document
   * @throws for an error document
   */
  call(action: string, parameters: Readonly<Record<string, string>>): Promise<string> {
    const form = new URLSearchParams({ Action: action, Version: '2016-11-15', ...parameters });
    const headers = {
      'Content-Type': 'application/x-www-form-urlencoded',
      Authorization: 'AWS4-HMAC-SHA256 Credential=bench/20260101/us-east-1/ec2/aws4_request',
    };
    return new Promise((resolve, reject) => {
      const sent = request(this.#url, { method: 'POST', headers, agent: this.#agent }, (response) => {
        text(response).then((document) => {
          if (response.statusCode === 200) resolve(document);
          else reject(new Error(`${action}: ${document}`));
        }, reject);
      });
      sent.on('error', reject).end(form.toString());
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
