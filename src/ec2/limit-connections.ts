import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

const MAX_CONNECTIONS = 512;

/**
 * Makes room for a new client where half requests and idle connections fill a server: the one that has waited longest
 * goes. Of those that are being answered none does; when there are no others, Node refuses the new one.
 * @returns a function for a request to upgrade: its connection counts as one that is being answered, as long as it lasts
 */
export function limitConnections(server: Server): (request: IncomingMessage) => void {
  /** Each connection with its request under way, in the order in which they began to wait for one. */
  const connections = new Map<Socket, IncomingMessage | null>();
  server.maxConnections = MAX_CONNECTIONS + 1;
  server.on('connection', (socket: Socket) => {
    connections.set(socket, null);
    socket.once('close', () => connections.delete(socket));
    if (connections.size <= MAX_CONNECTIONS) return;
    const oldest = [...connections].find(([, request]) => request?.complete !== true);
    oldest?.[0].destroy();
  });
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    connections.set(socket, request);
    response.once('close', () => {
      if (connections.delete(socket)) connections.set(socket, null);
    });
  });
  return (request) => connections.set(request.socket, request);
}
