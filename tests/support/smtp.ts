import { once } from "node:events";
import type { AddressInfo, Socket } from "node:net";
import { SMTPServer } from "smtp-server";

export interface Received {
  from: string;
  to: string[];
  text: string;
  isSecure: boolean;
}

export interface SmtpOptions {
  user: string;
  password: string;
  tls: { ca: string; cert: string; key: string };
  /** TLS from the first byte, upgraded to, or not offered at all. */
  mode?: "implicit" | "starttls" | "plain";
  /** Addresses that it turns away. */
  refuses?: readonly string[];
  /** Hangs up when it has the whole mail, before it says so. */
  hangsUp?: boolean;
}

/** A real SMTP server in this process, that keeps what it is given. */
export async function startSmtp(
  options: SmtpOptions,
): Promise<AsyncDisposable & { port: number; received: Received[] }> {
  const { user, password, tls, mode = "implicit", refuses = [], hangsUp = false } = options;
  const received: Received[] = [];
  const sockets = new Set<Socket>();
  const server = new SMTPServer({
    secure: mode === "implicit",
    ...(mode !== "plain" && { cert: tls.cert, key: tls.key }),
    ...(mode === "plain" && { disabledCommands: ["STARTTLS"], allowInsecureAuth: true }),
    authMethods: ["PLAIN", "LOGIN"],
    onAuth(auth, _session, done) {
      if (auth.username === user && auth.password === password) done(null, { user });
      // A careless server repeats what it was told.
      else done(new Error(`Invalid login: ${auth.username} ${auth.password}`));
    },
    onRcptTo({ address }, _session, done) {
      done(refuses.includes(address) ? new Error(`No mailbox ${address}`) : null);
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const { mailFrom, rcptTo } = session.envelope;
        received.push({
          from: mailFrom ? mailFrom.address : "",
          to: rcptTo.map(({ address }) => address),
          text: Buffer.concat(chunks).toString("utf8"),
          isSecure: session.secure,
        });
        if (hangsUp) for (const socket of sockets) socket.destroy();
        else done();
      });
    },
    closeTimeout: 1,
  });
  server.on("error", () => undefined);
  server.server.on("connection", (socket: Socket) => sockets.add(socket));
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  return {
    port: (server.server.address() as AddressInfo).port,
    received,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
