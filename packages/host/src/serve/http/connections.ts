import type * as net from "node:net";

/**
 * The connections of a server, which always have room for one more: those on which nobody has shown a token give way, the
 * oldest of the address that has most of them first. Half-open ones thus cost nobody else the port, however many they are.
 */
export class Connections {
  readonly #max: number;
  /** By the other end; in the order in which they came. */
  readonly #open = new Map<string, net.Socket>();
  /** Whose token was shown on it. */
  readonly #known = new Map<string, string>();

  constructor(max: number) {
    this.#max = max;
  }

  add(socket: net.Socket): void {
    const key = keyOf(socket);
    this.#open.set(key, socket);
    socket.once("close", () => {
      this.#open.delete(key);
      this.#known.delete(key);
    });
    if (this.#open.size > this.#max) this.#oldestUnknown()?.destroy();
  }

  /** Keeps a connection from giving way. Nobody keeps more than half of all: a token that was stolen locks nobody out. */
  keep({ remoteAddress, remotePort }: Pick<net.Socket, "remoteAddress" | "remotePort">, who: string): void {
    const key = keyOf({ remoteAddress, remotePort });
    const theirs = [...this.#known.values()].filter((each) => each === who).length;
    if (this.#open.has(key) && theirs < this.#max / 2) this.#known.set(key, who);
  }

  /** The newest itself, where all others are kept. */
  #oldestUnknown(): net.Socket | undefined {
    const unknown = [...this.#open].filter(([key]) => !this.#known.has(key)).map(([, socket]) => socket);
    const ofAddress = Map.groupBy(unknown, ({ remoteAddress }) => remoteAddress);
    const [most] = [...ofAddress.values()].sort((a, b) => b.length - a.length);
    return most?.[0];
  }
}

/** With TLS, requests come on another socket than the one that was accepted; both have the same other end. */
const keyOf = ({ remoteAddress, remotePort }: Pick<net.Socket, "remoteAddress" | "remotePort">): string =>
  `${remoteAddress} ${remotePort}`;
