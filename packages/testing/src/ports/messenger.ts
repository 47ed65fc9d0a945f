import assert from "node:assert/strict";
import { Fault } from "@mh/contract/values/fault.ts";
import {
  type Messenger,
  MessengerTrouble,
  type MessengerUpdate,
  type NotTyped,
  type TroubleKind,
} from "@mh/core/ports/messenger.ts";
import type { Suite } from "./suite.ts";

/** What can go wrong on the other side, once each. */
export type Mishap = "conflict" | "token" | "busy" | "server" | "dropped" | "garbage";

/** An adapter, and the other side of it: a person with a phone, and the messenger's server. */
export interface MessengerPlace {
  messenger: Messenger;
  token: string;
  /** Somebody in a private chat with the bot; their chat has this id for the adapter. */
  person: string;
  types(text: string): void;
  /** Ways in which a messenger brings what the person did not type there and then. */
  brings: Readonly<Record<NotTyped, () => void>>;
  /** Presses the first button of the last message. */
  presses(): void;
  shown(): { text: string; buttons: string[]; live: string[]; previews: boolean }[];
  toasts(): string[];
  /** The next request meets it. */
  mishap(what: Mishap): void;
  /** Updates that the server still has. */
  waiting(): number;
  isPolled(): boolean;
  until(holds: () => boolean): Promise<void>;
}

const forEver = () => new AbortController().signal;
const soon = 200;

const receive = ({ messenger }: MessengerPlace, after?: number): Promise<MessengerUpdate[]> =>
  messenger.receive(after, soon, forEver());

async function troubled(work: Promise<unknown>): Promise<MessengerTrouble> {
  const error = await work.then(
    () => assert.fail("it was no trouble"),
    (error: unknown) => error,
  );
  assert(error instanceof MessengerTrouble, String(error));
  return error;
}

const send = ({ messenger, person }: MessengerPlace, text: string, data?: string) =>
  messenger.send(person, { text, ...(data !== undefined && { buttons: [[{ label: "Yes", data }]] }) }, forEver());

export const messengerSuite: Suite<MessengerPlace> = {
  async "who the bot is has an id and a name"({ messenger }) {
    const { id, name } = await messenger.self(forEver());
    assert(id !== "" && name !== "");
  },
  async "what somebody types comes as it is, with who and where"(place) {
    place.types("Tea *for* [two](http://a.example) \u{1f375}\n<b>now</b>");
    const [update] = await receive(place);
    assert.deepEqual(
      [update?.chat, update?.sender, update?.content],
      [place.person, place.person, { kind: "text", text: "Tea *for* [two](http://a.example) \u{1f375}\n<b>now</b>" }],
    );
  },
  async "what was not typed there and then comes as that, and without its words"(place) {
    for (const [reason, brings] of Object.entries(place.brings)) {
      brings();
      const [update] = await receive(place);
      assert.deepEqual(update?.content, { kind: "none", reason }, reason);
      await receive(place, update?.id);
    }
  },
  async "what is not confirmed comes again, and what is confirmed does not"(place) {
    place.types("one");
    place.types("two");
    const first = await receive(place);
    assert.deepEqual(await receive(place), first);
    assert.deepEqual(await receive(place, first[0]?.id), first.slice(1));
    await receive(place, first[1]?.id);
    assert.equal(place.waiting(), 0);
  },
  async "a message waits for what comes, and an abort ends the waiting"(place) {
    const waiting = place.messenger.receive(undefined, 60_000, forEver());
    await place.until(place.isPolled);
    place.types("late");
    assert.equal((await waiting).length, 1);
    await receive(place, (await receive(place))[0]?.id);
    const abort = new AbortController();
    const ended = assert.rejects(place.messenger.receive(undefined, 60_000, abort.signal));
    await place.until(place.isPolled);
    abort.abort(new Error("enough"));
    await ended;
    await place.until(() => !place.isPolled());
  },
  async "a text arrives whole and as it is, and nothing in it acts: no link, no command, no preview, no formatting"(
    place,
  ) {
    const text =
      "See https://a.example/?q=1 and www.b.example, *bold* _it_ [c](http://d.example)\n/stop @ada #tag <b>x</b> a@b.example";
    await send(place, text);
    assert.deepEqual(place.shown(), [{ text, buttons: [], live: [], previews: false }]);
  },
  async "a text full of what would act is as inert"(place) {
    const text = Array.from({ length: 150 }, (_, n) => `/stop${n} a${n}.example`).join(" ");
    await send(place, text);
    assert.deepEqual(place.shown()[0]?.live, []);
  },
  async "the longest text that it names arrives whole"(place) {
    const text = `${"é".repeat(place.messenger.textMax - 1)}x`;
    await send(place, text);
    assert.equal(place.shown()[0]?.text, text);
    await troubled(send(place, `${text}y`));
  },
  async "a button comes back with what it was given"(place) {
    const data = "a".repeat(64);
    await send(place, "Well?", data);
    place.presses();
    const [update] = await receive(place);
    assert(update?.content.kind === "press");
    assert.deepEqual([update.sender, update.chat, update.content.data], [place.person, place.person, data]);
    await place.messenger.acknowledge(update.content.id, "Done", forEver());
    assert.deepEqual(place.toasts(), ["Done"]);
  },
  async "an edited message says the new text, and loses its buttons; saying the same again is no trouble"(place) {
    const id = await send(place, "Well?", "yes");
    for (let times = 0; times < 2; times += 1) await place.messenger.edit(place.person, id, { text: "So." }, forEver());
    assert.deepEqual(
      place.shown().map(({ text, buttons }) => [text, buttons]),
      [["So.", []]],
    );
  },
  async "trouble is of its kind, says the next step, and quotes no token"(place) {
    const kinds: Record<Mishap, TroubleKind> = {
      ...{ conflict: "conflict", token: "token", busy: "busy" },
      ...{ server: "busy", dropped: "unreachable", garbage: "busy" },
    };
    for (const [what, kind] of Object.entries(kinds) as [Mishap, TroubleKind][]) {
      place.mishap(what);
      const trouble = await troubled(send(place, "Well?"));
      assert.equal(trouble.kind, kind, what);
      assert.equal(trouble.code, "channel.failed");
      assert(!trouble.message.includes(place.token), trouble.message);
      assert(!JSON.stringify(trouble).includes(place.token));
      assert.equal(trouble.retryMs, what === "busy" ? 7_000 : undefined);
    }
    assert.deepEqual(place.shown(), []);
  },
  async "it asks once: whether it is tried again is not for an adapter to say"(place) {
    place.mishap("server");
    await troubled(send(place, "Well?"));
    assert.deepEqual(place.shown(), []);
  },
  async "what was aborted before it began asks nobody"(place) {
    await assert.rejects(
      place.messenger.send(place.person, { text: "x" }, AbortSignal.abort(new Fault("stopped", "no"))),
    );
    assert.deepEqual(place.shown(), []);
  },
};
