import * as net from "node:net";

/** The names by which the server may be called, and where a page may come from. */
export interface AllowedHosts {
  /** As in a `Host` header, in lower case. */
  hosts: ReadonlySet<string>;
  /** Origins of pages that may ask something, each with the `Host` that they must ask it of. */
  origins: ReadonlyMap<string, string>;
}

/** A name that only resolves to this machine is not enough (DNS rebinding): it must be one of these, letter for letter. */
export function allowedHosts(at: {
  address: string;
  port: number;
  isTls: boolean;
  names: readonly string[];
}): AllowedHosts {
  const scheme = at.isTls ? "https" : "http";
  const usualPort = at.isTls ? 443 : 80;
  const ours = ["127.0.0.1", "localhost", "[::1]", ...(isAnyAddress(at.address) ? [] : [literal(at.address)])];
  const own = ours.flatMap((name) => [`${name}:${at.port}`, ...(at.port === usualPort ? [name] : [])]);
  const configured = at.names.map((name) => name.trim().toLowerCase()).filter((name) => name !== "");
  const named = configured.flatMap((name) => (hasPort(name) ? [name] : [name, `${name}:${at.port}`]));
  const origins = new Map<string, string>();
  for (const host of [...own, ...named]) origins.set(`${scheme}://${host}`, host);
  // A proxy before us may speak TLS where we do not.
  for (const host of named) origins.set(`https://${host}`, host);
  return { hosts: new Set([...own, ...named]), origins };
}

const isAnyAddress = (address: string): boolean => address === "0.0.0.0" || /^[0:]+$/.test(address);
const literal = (address: string): string => (net.isIPv6(address) ? `[${address.toLowerCase()}]` : address);
const hasPort = (name: string): boolean => /:\d+$/.test(name) && (name.startsWith("[") ? /\]:\d+$/.test(name) : true);
