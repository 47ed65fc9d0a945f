import { canonicalAddress } from "@mh/contract/values/mail-address.ts";
import { type MailMessage, mailMessageSchema } from "@mh/contract/values/mail-message.ts";
import { z } from "zod";
import { agentSettings } from "../agents/settings.ts";
import { defineQuery } from "../kernel/legacy.ts";
import { readManifest } from "../kernel/read-manifest.ts";
import { always } from "../kernel/skill.ts";
import { emailFacts } from "../memory/contacts.ts";
import { entityKey } from "../memory/project.ts";
import type { Config } from "../model/config.ts";
import type { Database } from "../ports/database.ts";
import { mailSettings } from "./settings.ts";
import { type MailKnowledge, mailSenders, triageMail } from "./triage.ts";

const input = z.strictObject({ messages: z.array(mailMessageSchema).max(50) });
const triaged = z.strictObject({
  uid: z.number(),
  sender: z.enum(mailSenders),
  urgency: z.enum(["high", "normal", "low"]),
  score: z.number().min(0).max(1),
  reasons: z.array(z.string()),
});
const output = z.strictObject({ messages: z.array(triaged) });

/** Says of each mail how much it matters now, and why. No model is asked. */
export function triageMailSkill({ timeZone }: { timeZone: () => string }) {
  return defineQuery<z.infer<typeof input>, z.infer<typeof output>>({
    manifest: readManifest("mail.triage", "Tell urgent mail from the rest", input, output),
    classify: always("read"),
    run({ messages }, { db, config, now }) {
      const known: MailKnowledge = {
        own: new Set(mailSettings.of(config).accounts.map(({ address }) => canonicalAddress(address))),
        vips: vipsOf(config),
        ...peopleAmong(db, messages),
        nowMs: now,
        timeZone: timeZone(),
      };
      return { messages: messages.map((message) => triageMail(message, known)) };
    },
  });
}

function vipsOf(config: Config): string[] {
  const listed = z.array(z.string()).safeParse(agentSettings.of(config)["email-monitor"]?.vips);
  const entries = listed.success ? listed.data : [];
  return entries.filter((entry) => entry.includes("@")).map((entry) => canonicalAddress(entry.trim()));
}

/** The senders that the owner's memory has an address of, and those whose name it has with another one. */
function peopleAmong(db: Database, messages: readonly MailMessage[]): Pick<MailKnowledge, "contacts" | "names"> {
  const senders = messages.flatMap(({ from }) => from ?? []);
  const addresses = senders.flatMap(({ address }) => [entityKey(address), canonicalAddress(address)]);
  const names = senders.map(({ name }) => entityKey(name));
  const byAddress = emailFacts(db, "object_key", addresses);
  const byName = emailFacts(db, "subject_key", names);
  return {
    contacts: new Map(byAddress.map(({ subject, object }) => [canonicalAddress(object), subject])),
    names: new Set(byName.map(({ subject }) => subject.toLowerCase())),
  };
}
