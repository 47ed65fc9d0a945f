import type { DeviceRole } from "@mh/contract/values/role.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import { offerSecret } from "@mh/host/secrets/offer-secret.ts";
import { type HostOptions, makeHost, type TestHost } from "@mh/testing";
import {
  type ScriptedTelegram,
  type ShownMessage,
  startScriptedTelegram,
} from "@mh/testing/scripted-telegram/server.ts";
import { expect, vi } from "vitest";

/** A home whose owner has a phone, and the messenger between them. */
export interface PhoneHome extends AsyncDisposable {
  home: TestHost;
  telegram: ScriptedTelegram;
  /** Starts to listen, as a daemon does, and ends that. */
  listen(): Promise<void>;
  quiet(): Promise<void>;
  /** Shows a code at home, types it on the phone, and waits until it is paired. */
  pair(role?: DeviceRole, person?: number): Promise<void>;
  /** Waits for a message in the chat of a person that says something. */
  hears(what: string | RegExp, person?: number): Promise<ShownMessage>;
  /** Waits until all that was sent to the bot is taken in. */
  taken(): Promise<void>;
  refused(): Promise<Record<string, number>>;
}

export const ada = 7_700_000_077;

/** Waits for a condition; how long is for the machine to say. */
export const until = (holds: () => void | Promise<void>) => vi.waitFor(holds, { timeout: 30_000, interval: 5 });

export async function phoneHome(options: HostOptions & { settings?: string } = {}): Promise<PhoneHome> {
  const telegram = await startScriptedTelegram();
  const home = await makeHost(options);
  const bot = `telegram: { secret: telegram, url: "${telegram.url}" }`;
  await home.own("secret.move", { to: "keyfile" });
  const offer = offerSecret(home.root, home.environment, telegram.token).id;
  await home.own("secret.set", { name: "telegram", offer });
  await home.own("config.write", {
    text: `owner: Ada\nsecrets: { store: keyfile }\nnotify: { desktop: false }\n${bot}\n${options.settings ?? ""}\n`,
  });
  let services = new AsyncDisposableStack();
  const phone: PhoneHome = {
    ...{ home, telegram },
    async listen() {
      for (const service of home.host.services) services.use(await service.start());
    },
    async quiet() {
      await services.disposeAsync();
      services = new AsyncDisposableStack();
    },
    async pair(role = "operator", person = ada) {
      const name = person === ada ? "phone" : `phone-${person}`;
      const { code } = await home.own("channel.pair", { channel: "telegram", name, role });
      telegram.types(person, code);
      await phone.hears("Paired.", person);
    },
    async hears(what, person = ada) {
      const found = () =>
        telegram.chat(person).find(({ text }) => (typeof what === "string" ? text.includes(what) : what.test(text)));
      await until(() => {
        const texts = telegram.chat(person).map(({ text }) => text);
        if (!found()) throw new Error(`${what} is not in ${JSON.stringify(texts)}`);
      });
      return found() as ShownMessage;
    },
    async taken() {
      await until(() => expect([telegram.waiting, telegram.isPolled]).toEqual([0, true]));
    },
    async refused() {
      const { channels } = await home.own("channel.list", {});
      return Object.fromEntries(channels[0]?.refused.map(({ reason, count }) => [reason, count]) ?? []);
    },
    async [Symbol.asyncDispose]() {
      await phone.quiet();
      await home[Symbol.asyncDispose]();
      await telegram[Symbol.asyncDispose]();
    },
  };
  return phone;
}

const rule = `@id("ask") @title("Ask about what a helper remembers")
forbid (principal == mh::Principal::"agent:helper", action, resource) unless { context.approved };`;

/** Something of an agent's waits for the owner; its id. */
export async function parked({ home }: Pick<PhoneHome, "home">, text: string): Promise<string> {
  home.rule("ask.cedar", rule);
  await home.own("grant.give", { principal: "agent:helper", skill: "memory.capture" });
  const outcome = await home.act("agent:helper", "memory.capture", { text });
  expect(outcome.status).toBe("parked");
  return outcome.id;
}

export const waitFor = async ({ home }: Pick<PhoneHome, "home">, id: string): Promise<Outcome["status"] | undefined> =>
  (await home.host.wait(id))?.status;
