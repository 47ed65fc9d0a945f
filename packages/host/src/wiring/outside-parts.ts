import type { SecretStoreKind } from "@mh/contract/values/secret-store.ts";
import type { CommandContext, OutsideSkill } from "@mh/core/kernel/skill.ts";
import type { Crypto } from "@mh/core/ports/crypto.ts";
import type { Database } from "@mh/core/ports/database.ts";
import type { SecretDeps } from "@mh/core/secrets/secret.ts";
import { approvedCopies } from "../places.ts";
import { actFor } from "./act-for.ts";
import { calendarFiles } from "./calendar-files.ts";
import { desktopOf } from "./desktop.ts";
import type { HomeParts } from "./home-parts.ts";
import { lateDisk } from "./late-disk.ts";
import { latePrograms } from "./late-programs.ts";
import { heldToContract } from "./permitted.ts";
import type { WorldPorts } from "./world-ports.ts";

/** What skills that act on the world are given beside their ports. Settings come with each command. */
export interface OutsideParts extends WorldPorts {
  crypto: Crypto;
  timeZone: () => string;
  chooseStore: SecretDeps["chooseStore"];
  /** A text without the values of secrets. */
  redact: (text: string) => string;
  /** Sees committed state only. */
  reader: Database;
  readObject: (name: string) => string | undefined;
}

/** A skill that reaches the world, held to its contract: it is made from no ports that do more. */
export const outsideSkill = (parts: HomeParts, make: (given: OutsideParts) => OutsideSkill): OutsideSkill =>
  heldToContract(outsideParts(parts), make);

/** The libraries behind the ports are loaded at first use. */
function outsideParts(parts: HomeParts): OutsideParts {
  const { act, ca, closed, crypto, environment, executor, http, reader, readObject, redact, secrets, timeZone } = parts;
  return {
    ...{ crypto, http, secrets, reader, readObject, redact, timeZone },
    chooseStore: (store, context) => chooseStore(act, store, context),
    desktop: desktopOf(environment),
    disk: lateDisk(closed.toSkills),
    programs: latePrograms(executor, closed.toPrograms, approvedCopies(parts.root)),
    mail: async () => (await import("../adapters/node-mail.ts")).nodeMail({ ca }),
    calendarFiles: calendarFiles(parts),
  };
}

function chooseStore(act: HomeParts["act"], store: SecretStoreKind, context: CommandContext): Promise<void> {
  const set = { skill: "config.set", args: { name: "secrets.store", value: store } };
  const next = `\`mh config set secrets.store ${store}\`, then try again`;
  return actFor(act, context, set, (status) => ({
    ...{ code: "secret.failed", message: `The setting was not changed (${status}). ${next}.` },
  }));
}
