import type { Client, Following } from "@mh/contract/client.ts";
import type { Connection } from "@mh/contract/http-follow.ts";
import type { Event } from "@mh/contract/wire/event.ts";
import type { RunProgress } from "@mh/contract/wire/progress.ts";

export interface Listener {
  onConnection: (connection: Connection) => void;
  onEvent: (event: Event) => void;
  onProgress: (progress: RunProgress) => void;
  /** What was read before may have changed in any way. */
  onGap: () => void;
}

/** What tabs tell each other. `last` is the number of the last event that the sender heard. */
type Message =
  | { is: "hello" }
  | { is: "here"; last: number | undefined; leads: Connection | undefined; isVisible: boolean }
  | { is: "connection"; connection: Connection; last: number | undefined }
  | { is: "event"; event: Event }
  | { is: "progress"; progress: RunProgress }
  | { is: "gap" };

const name = "mh-events";
const answerMs = 1500;

/**
 * The events of the daemon, by one connection for all tabs: over HTTP/1.1 a browser opens six to one origin, and six tabs
 * that each keep one could ask nothing any more. The tab that holds the lock follows and tells the others; one that is
 * looked at takes the lock from one that is not, since a browser slows hidden tabs down or puts them to sleep.
 */
export class SharedStream {
  readonly #listener: Listener;
  readonly #follow: (after: number | undefined) => Following;
  readonly #channel = new BroadcastChannel(name);
  #last: number | undefined;
  /** Of the others, the one that has heard least: the next to lead begins there. */
  #leastHeard: number | undefined;
  #connection: Connection | undefined;
  #leading: Following | undefined;
  #asked: ReturnType<typeof setTimeout> | undefined;
  #isTaking = false;
  #waiting: AbortController | undefined;

  constructor(client: Pick<Client, "follow">, listener: Listener) {
    this.#listener = listener;
    this.#follow = (after) =>
      client.follow({
        ...(after !== undefined && { after }),
        onEvent: (event) => this.#both({ is: "event", event }),
        onProgress: (progress) => this.#both({ is: "progress", progress }),
      });
    this.#channel.onmessage = ({ data }: MessageEvent<Message>) => this.#hear(data);
  }

  start(): void {
    // No locks where the page has no secure origin: then each tab follows by itself.
    if (!("locks" in navigator)) {
      this.#leading = this.#follow(undefined);
      return;
    }
    void this.#queue(false);
    this.#askWhoLeads();
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible" && !this.#leading) this.#askWhoLeads();
    });
  }

  /** For the client that follows in this tab. */
  connected(connection: Connection, last: number | undefined): void {
    this.#both({ is: "connection", connection, last });
  }
  gap(): void {
    this.#both({ is: "gap" });
  }

  #both(message: Message): void {
    if (this.#leading) this.#channel.postMessage(message);
    this.#hear(message);
  }

  /** Waits for the lock, or takes it, and leads as long as it holds. */
  async #queue(isTaken: boolean): Promise<void> {
    const waiting = new AbortController();
    this.#waiting = waiting;
    try {
      await navigator.locks.request(name, isTaken ? { steal: true } : { signal: waiting.signal }, () => this.#lead());
    } catch (error) {
      // Another tab, which is looked at, has taken it; or this one waits no more, because it takes it itself.
      if (!(error instanceof DOMException && error.name === "AbortError")) throw error;
    }
    if (waiting.signal.aborted) return;
    await this.#leading?.[Symbol.asyncDispose]();
    this.#leading = undefined;
    if (this.#connection !== "refused") void this.#queue(false);
  }

  async #lead(): Promise<unknown> {
    clearTimeout(this.#asked);
    this.#isTaking = false;
    const heard = [this.#last, this.#leastHeard].filter((each) => each !== undefined);
    this.#leading = this.#follow(heard.length > 0 ? Math.min(...heard) : undefined);
    return this.#leading.ended;
  }

  #askWhoLeads(): void {
    this.#leastHeard = undefined;
    this.#channel.postMessage({ is: "hello" } satisfies Message);
    clearTimeout(this.#asked);
    this.#asked = setTimeout(() => this.#take(), answerMs);
  }

  #take(): void {
    if (this.#leading || this.#isTaking || document.visibilityState !== "visible") return;
    this.#isTaking = true;
    this.#waiting?.abort();
    void this.#queue(true);
  }

  #hear(message: Message): void {
    if (message.is === "hello") {
      const { visibilityState } = document;
      const leads = this.#leading ? (this.#connection ?? "lost") : undefined;
      this.#channel.postMessage({
        ...{ is: "here", last: this.#last, leads, isVisible: visibilityState === "visible" },
      } satisfies Message);
    } else if (message.is === "here") this.#meet(message);
    else if (message.is === "connection") {
      this.#last ??= message.last;
      this.#report(message.connection);
    } else if (message.is === "event") {
      // What a new leader is sent again, others have heard.
      if (this.#last !== undefined && message.event.seq <= this.#last) return;
      this.#last = message.event.seq;
      this.#listener.onEvent(message.event);
    } else if (message.is === "progress") this.#listener.onProgress(message.progress);
    else {
      this.#last = undefined;
      this.#listener.onGap();
    }
  }

  #meet({ last, leads, isVisible }: Message & { is: "here" }): void {
    if (last !== undefined) this.#leastHeard = Math.min(last, this.#leastHeard ?? last);
    if (!leads || this.#leading) return;
    clearTimeout(this.#asked);
    // What is read from here on misses nothing that comes after this number.
    this.#last ??= last;
    this.#report(leads);
    if (!isVisible) this.#take();
  }

  #report(connection: Connection): void {
    this.#connection = connection;
    this.#listener.onConnection(connection);
  }
}
