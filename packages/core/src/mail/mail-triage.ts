import { mailTriage } from "@mh/contract/mail.ts";
import { canonicalAddress } from "@mh/contract/values/mail-address.ts";
import type { MailMessage } from "@mh/contract/values/mail-message.ts";
import { z } from "zod";
import { agentSettings } from "../agents/settings.ts";
import { defineQuery } from "../kernel/skill.ts";
import { emailFacts } from "../memory/contacts.ts";
import type { LineMarks } from "../memory/hand-written.ts";
import { entityKey } from "../memory/project.ts";
import type { Config } from "../model/config.ts";
import type { Database } from "../ports/database.ts";
import { ownAddresses } from "./own-addresses.ts";
import { type MailKnowledge, triageMail } from "./triage.ts";

export function triageMailSkill({ timeZone, ...marks }: LineMarks & { timeZone: () => string }) {
  return defineQuery(mailTriage, {
    run({ messages }, { db, config, now }) {
      const known: MailKnowledge = {
        own: new Set(ownAddresses(config).flatMap((each) => (each.includes("@") ? canonicalAddress(each) : []))),
        vips: vipsOf(config),
        ...peopleAmong(db, marks, messages),
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
function peopleAmong(
  db: Database,
  marks: LineMarks,
  messages: readonly MailMessage[],
): Pick<MailKnowledge, "contacts" | "names"> {
  const senders = messages.flatMap(({ from }) => from ?? []);
  const addresses = senders.flatMap(({ address }) => [entityKey(address), canonicalAddress(address)]);
  const names = senders.map(({ name }) => entityKey(name));
  const byAddress = emailFacts(db, marks, "object_key", addresses);
  const byName = emailFacts(db, marks, "subject_key", names);
  return {
    contacts: new Map(byAddress.map(({ subject, object }) => [canonicalAddress(object), subject])),
    names: new Set(byName.map(({ subject }) => subject.toLowerCase())),
  };
}
