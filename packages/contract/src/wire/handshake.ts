// Without zod, as all that every command loads which asks the daemon.

/** How the server answers `hello` (`socketHelloSchema`). */
export interface SocketWelcome {
  nonce: string;
  proof: string;
}

/** Undefined where it is none. */
export function readWelcome(line: unknown): SocketWelcome | undefined {
  const { n, nonce, proof } = (line ?? {}) as Record<string, unknown>;
  if (!Number.isInteger(n) || typeof nonce !== "string" || typeof proof !== "string") return undefined;
  return word.test(nonce) && word.test(proof) ? { nonce, proof } : undefined;
}

const word = /^[0-9a-f]{64}$/;

// Not the file's first statement: esbuild puts such a number where it is used, and forgets those who export it again.
/** The longest line of the handshake. */
export const handshakeBytesMax = 512;
