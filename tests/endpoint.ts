import * as http from "node:http";
import * as https from "node:https";
import type { AddressInfo } from "node:net";

/** A request as it came over the wire. */
export interface Received {
  method: string;
  path: string;
  headers: http.IncomingHttpHeaders;
  body: Buffer;
}

export interface Answer {
  status: number;
  body?: string;
}

/** A server in this process that writes down what it gets. */
export interface Endpoint extends AsyncDisposable {
  url: string;
  received: Received[];
  /** How it answers from here on. */
  answer: (request: Received) => Answer | Promise<Answer>;
}

/** With `tls` it speaks HTTPS, as `localhost`. */
export async function endpoint(tls?: { key: string; cert: string }): Promise<Endpoint> {
  const received: Received[] = [];
  const end: Pick<Endpoint, "answer"> = { answer: () => ({ status: 200, body: "{}" }) };
  const take = async (request: http.IncomingMessage, response: http.ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = "", url: path = "", headers } = request;
    const one = { method, path, headers, body: Buffer.concat(chunks) };
    received.push(one);
    const { status, body = "" } = await end.answer(one);
    response.writeHead(status).end(body);
  };
  const server = tls ? https.createServer(tls, take) : http.createServer(take);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(end, {
    url: tls ? `https://localhost:${port}` : `http://127.0.0.1:${port}`,
    received,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}
