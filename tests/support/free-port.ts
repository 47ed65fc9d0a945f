import { once } from "node:events";
import * as net from "node:net";

// Below those that a system hands out by itself, to servers and to those who connect: a server that is away for a moment
// finds its port free when it comes back.
const [from, to] = [20_000, 32_000];

/** A port of this machine that nothing listens at, for a server that is begun again at the same one. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = from + Math.floor(Math.random() * (to - from));
    const server = net.createServer();
    const isFree = once(server, "listening").then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code !== "EADDRINUSE") throw error;
        return false;
      },
    );
    server.listen(port, "127.0.0.1");
    if (!(await isFree)) continue;
    server.close();
    await once(server, "close");
    return port;
  }
}
