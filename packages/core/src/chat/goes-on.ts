import { owner } from "@mh/contract/values/principal.ts";
import type { Command } from "@mh/contract/wire/command.ts";
import type { Bus } from "../kernel/bus.ts";
import type { Run } from "../kernel/run.ts";
import { approvalOf } from "../kernel/state.ts";
import type { Config } from "../model/config.ts";
import { chosenFor } from "../models/choose.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Database } from "../ports/database.ts";
import { chatOfAct, chatPrincipal, statusOf, unheardActs } from "./chats-table.ts";

interface GoesOnDeps {
  bus: Pick<Bus, "subscribe">;
  reader: Database;
  crypto: Crypto;
  begin: (command: Command) => Run;
  isStopped: () => boolean;
  config: () => Config;
}

/**
 * Goes on with a chat once nothing of it waits any more and what the owner approved has ended: with a turn of the owner's, which
 * reads that and says it. Without one the chat goes on when the owner says something.
 */
export function chatsGoOn({ bus, reader, crypto, begin, isStopped, config }: GoesOnDeps): Disposable {
  return bus.subscribe("**", ({ command, principal }) => {
    if (principal !== chatPrincipal || approvalOf(reader, command)?.status !== "approved") return;
    const chat = chatOfAct(reader, command);
    if (chat === undefined || isStopped() || chosenFor(config(), undefined).length === 0) return;
    if (unheardActs(reader, chat).some((row) => statusOf(reader, row) === "waiting")) return;
    begin({ principal: owner, skill: "chat.say", args: { chat }, task: { id: crypto.id(), words: "" } });
  });
}
