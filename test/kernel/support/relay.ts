/**
 * A connection from the test's process to a port on a test host's loopback: it uses a socket in the file system, which
 * network namespaces do not separate.
 */
import { Agent } from 'node:http';
import path from 'node:path';
import type { TestHost } from './test-host.js';

const RELAY = `const net = require('node:net');
net.createServer((near) => {
  const far = net.connect(Number(process.argv[2]), '127.0.0.1');
  near.pipe(far).pipe(near);
  for (const [end, other] of [[near, far], [far, near]]) end.on('error', () => other.destroy());
}).listen(process.argv[1], () => console.log('up'));`;

export class Relay {
  private constructor(
    readonly agent: Agent,
    readonly stop: () => Promise<void>,
  ) {}

  static async start(host: TestHost, port: number): Promise<Relay> {
    const socketPath = path.join(host.directory, `relay-${port}.sock`);
    const relay = host.start(process.execPath, ['-e', RELAY, socketPath, String(port)]);
    await new Promise((resolve) => relay.process.stdout?.once('data', resolve));
    const agent = new Agent({ keepAlive: true, socketPath } as object);
    return new Relay(agent, async () => {
      agent.destroy();
      relay.process.kill('SIGKILL');
      await relay.result;
    });
  }
}
