import * as net from "node:net";
import * as path from "node:path";
import * as tls from "node:tls";
import { Fault } from "@mh/contract/values/fault.ts";
import type { Config } from "@mh/core/model/config.ts";
import { readPlain } from "../../adapters/plain-file.ts";

/** Where the server listens, and with which certificate. */
export interface Binding {
  address: string;
  port: number;
  tls?: { cert: Buffer; key: Buffer };
}

const tokenLengthMin = 32;

/**
 * What the settings ask for, where it is safe. Throws `daemon.refused` for an address that others can reach without
 * TLS, for a token that could be guessed, and for a certificate that cannot be used: then nothing listens at all.
 */
export function safeBinding(settings: Config["daemon"], root: string, token: string): Binding {
  const address = settings.bind === "localhost" ? "127.0.0.1" : settings.bind;
  if (net.isIP(address) === 0) {
    throw refused(
      `daemon.bind is \`${settings.bind}\`, which is no IP address`,
      "Write 127.0.0.1, or one of this machine's",
    );
  }
  if (token.length < tokenLengthMin) {
    throw refused(
      `The token has fewer than ${tokenLengthMin} characters`,
      "Throw it away by `mh secret rm daemon-token`; the next start makes a new one",
    );
  }
  if (!isLoopback(address) && !settings.tls) {
    const advice =
      "Name a certificate and its key in daemon.tls, or bind to 127.0.0.1 and put a proxy with TLS before it";
    throw refused(`daemon.bind is ${address}, which others can reach, and there is no TLS`, advice);
  }
  return { address, port: settings.port, ...(settings.tls && { tls: readCertificate(settings.tls, root) }) };
}

function readCertificate(files: { cert: string; key: string }, root: string): { cert: Buffer; key: Buffer } {
  try {
    const cert = readPlain(path.resolve(root, files.cert));
    const key = readPlain(path.resolve(root, files.key));
    tls.createSecureContext({ cert, key });
    return { cert, key };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw refused(`daemon.tls cannot be used: ${why}`, "Correct the paths of cert and key in config.yaml", cause);
  }
}

const loopback = new net.BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

const isLoopback = (address: string): boolean => loopback.check(address, net.isIPv6(address) ? "ipv6" : "ipv4");

const refused = (what: string, advice: string, cause?: unknown): Fault =>
  new Fault("daemon.refused", `${what}. ${advice}.`, { cause });
