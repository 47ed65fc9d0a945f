import { channelJoin, channelPair } from "@mh/contract/channels.ts";
import type { OutputOf } from "@mh/contract/contract.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { DisplayName, MessengerName } from "@mh/contract/values/messenger.ts";
import { freeDeviceName } from "../devices/device.ts";
import { defineAdmin, type OwnContext } from "../kernel/skill.ts";
import type { Config } from "../model/config.ts";
import { utf8 } from "../ports/bytes.ts";
import type { Crypto } from "../ports/crypto.ts";
import { type ChannelBody, openCode, triesOf } from "./channels-table.ts";
import { grantDisplay } from "./grant-display.ts";
import { type Bot, botOf } from "./settings.ts";

export interface CodeDeps {
  crypto: Crypto;
  hmacKey: Uint8Array;
}

const codeMs = 10 * 60_000;
/** Without letters that pass for digits: 32⁸ codes. */
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
/** One who guesses is done with soon; all together never try enough to shut the owner out. */
const triesEach = 5;
const triesMax = 200;

export function pairSkill({ crypto, hmacKey }: CodeDeps) {
  return defineAdmin(channelPair, {
    stored: "once",
    apply({ channel, name, role }, context) {
      expectBot(context.config, channel);
      freeDeviceName(context.tx.db, name);
      const letters = [...crypto.random(8)].map((byte) => alphabet[byte % 32]).join("");
      const expiresMs = context.now + codeMs;
      const id = crypto.id();
      const codeHash = hashOf({ crypto, hmacKey }, channel, letters);
      append(context, id, { what: "code", channel, name, role, codeHash, expiresMs });
      const code = `${letters.slice(0, 4)}-${letters.slice(4)}`;
      return { id, code, expiresAt: new Date(expiresMs).toISOString(), name };
    },
  });
}

/** A code is used up by the first who sends it. What was wrong is counted, for each sender and for all. */
export function joinSkill(deps: CodeDeps) {
  return defineAdmin(channelJoin, {
    stored: "kept",
    apply({ channel, bot, chat, sender, code }, context): OutputOf<typeof channelJoin> {
      const { tx, now } = context;
      const waiting = openCode(tx.db, channel, now);
      if (!waiting) return { end: "closed", device: null };
      const who = senderHash(deps, channel, sender);
      const tries = triesOf(tx.db, waiting.id, who);
      if (tries.own >= triesEach || tries.all >= triesMax) return { end: "closed", device: null };
      if (hashOf(deps, channel, lettersOf(code)) !== waiting.code_hash) {
        append(context, waiting.id, { what: "tried", sender: who });
        return { end: "wrong", device: null };
      }
      const { name, role } = waiting;
      freeDeviceName(tx.db, name);
      append(context, waiting.id, { what: "used" });
      const place = tx.object(utf8.encode(JSON.stringify({ bot, chat, sender })));
      tx.append({
        ...{ phase: "device", id: context.commandId, ref: deps.crypto.id(), principal: context.principal },
        // It comes by the messenger alone: no token is its own.
        ...{ objects: [place], body: { what: "added", name, tokenHash: "", role, channel, chat: place } },
      });
      // What pairing means: from here on, the owner's device is shown things by the messenger.
      grantDisplay(context, deps.crypto, channel, {});
      return { end: "paired", device: name };
    },
  });
}

export function append({ tx, commandId, principal }: OwnContext, ref: string, body: ChannelBody): void {
  tx.append({ phase: "channel", id: commandId, ref, principal, body });
}

/** The bot of a messenger. Throws with the steps that set it up. */
export function expectBot(config: Config, channel: MessengerName): Bot {
  const bot = botOf(config, channel);
  if (bot) return bot;
  const steps = `\`mh secret set ${channel}\` keeps the bot's token, and \`mh config set ${channel}.secret ${channel}\` names it`;
  throw new Fault(
    "channel.failed",
    `No bot of ${channel} is set up here. ${steps}. \`mh help phone\` begins at the beginning.`,
  );
}

/** What may be a code: as it is shown, or without the dash. */
export const isCodeLike = (text: string): boolean => /^[0-9a-z]{4}-?[0-9a-z]{4}$/i.test(text);

const lettersOf = (code: string): string => code.toLowerCase().replace(/[^0-9a-z]/g, "");

function hashOf({ crypto, hmacKey }: CodeDeps, channel: MessengerName, letters: string): string {
  return crypto.hmacHex(hmacKey, `channel.code ${channel} ${letters}`);
}

/** Who somebody is, without saying it. */
export const senderHash = ({ crypto, hmacKey }: CodeDeps, channel: DisplayName, sender: string): string =>
  crypto.hmacHex(hmacKey, `channel.sender ${channel} ${sender}`).slice(0, 32);
