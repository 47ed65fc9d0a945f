import { Fault } from "@mh/contract/values/fault.ts";
import type { Config } from "@mh/core/model/config.ts";
import { decodeLossy, toBase64, utf8 } from "@mh/core/ports/bytes.ts";
import type { Files } from "@mh/core/ports/files.ts";
import { settingsPath } from "@mh/core/settings/settings.ts";
import type { SettingsForm } from "@mh/core/settings/settings-form.ts";
import { z } from "zod";
import { nodeCrypto } from "../adapters/node-crypto.ts";
import { nodeFiles } from "../adapters/node-files.ts";
import { keyFolder } from "../places.ts";
import { loadKeys } from "./keys.ts";

/** What `upgrade/steps.ts` brings a home to. */
export const homeFormat = 2;

const homeSchema = z.looseObject({
  format: z.number().int(),
  id: z.uuid(),
  createdAt: z.string(),
  /** The public half of the key that signs checkpoints, base64. */
  checkpointKey: z.string(),
  /** Everything of it but this file is sealed. */
  encrypted: z.literal(true).optional(),
});
export type HomeFile = z.infer<typeof homeSchema>;

export interface NewHome {
  owner: string;
  timeZone: string;
}

/** Settings that need no prompt: the login name, and this machine's time zone. */
export function machineSettings(environment: Record<string, string | undefined>): NewHome {
  const owner = environment.USER ?? environment.LOGNAME ?? "";
  return { owner, timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone };
}

/** Reads `home.json`. A home of a later format is refused, never guessed at. */
export function readHome(files: Files, root: string): HomeFile {
  const bytes = files.read("home.json");
  if (!bytes) throw new Fault("home.missing", `There is no home at ${root} yet. \`mh init\` makes one.`);
  const home = homeIn(bytes, root);
  if (home.format > homeFormat) {
    const why = `this mh knows formats up to ${homeFormat}, the home has ${home.format}`;
    throw new Fault("home.newer", `The home at ${root} was made by a newer mh: ${why}. Update mh.`);
  }
  return home;
}

/** What a `home.json` says, of whichever format it is. */
export function homeIn(bytes: Uint8Array, root: string): HomeFile {
  const parsed = homeSchema.safeParse(parseJson(decodeLossy(bytes)));
  if (parsed.success) return parsed.data;
  throw new Fault("home.damaged", `${root}/home.json cannot be read. Restore it from a backup.`);
}

export const homeExists = (root: string): boolean => nodeFiles(root).facts("home.json") !== undefined;

/** Makes a home: its id, its keys, its settings, an example of a rule. What is there already stays. */
export function createHome(root: string, environment: Record<string, string | undefined>, wanted: NewHome): HomeFile {
  const files = nodeFiles(root);
  if (files.facts("home.json")) return readHome(files, root);
  const id = nodeCrypto.id();
  const keys = loadKeys(keyFolder(id, environment), { make: true });
  const home: HomeFile = {
    format: homeFormat,
    id,
    createdAt: new Date().toISOString(),
    checkpointKey: toBase64(nodeCrypto.publicKey(keys.signingSeed)),
  };
  if (!files.facts(settingsPath)) files.replace(settingsPath, utf8.encode(configText(wanted)));
  if (!files.facts(rulesPath)) files.replace(rulesPath, utf8.encode(rulesText));
  files.replace("home.json", utf8.encode(`${JSON.stringify(home, null, 2)}\n`));
  return home;
}

/** Reads `config.yaml` as it is on disk; where it cannot be read, says in which line. */
export function readConfig(files: Files, form: SettingsForm): Config {
  return form.parse(decodeLossy(files.read(settingsPath) ?? new Uint8Array()));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const rulesPath = "persona/policy/house.cedar";

const configText = ({ owner, timeZone }: NewHome): string => `# Settings of this home. \`mh doctor\` checks them.
owner: ${JSON.stringify(owner)}
timeZone: ${JSON.stringify(timeZone)}
approvals:
  expireAfterMinutes: 1440 # an approval request that nobody answered is denied after this
rate:
  commandsPerHour: 1000 # for everyone but you together
`;

const rulesText = `// Your own rules, in Cedar (https://docs.cedarpolicy.com). A forbid is a hard no at every trust level, for you too.
// mh checks this file at every start: a stricter rule bites at once, a looser one waits for \`mh policy adopt\`.
//
// @id("no-mail-at-night")
// @title("Nobody sends anything between 22:00 and 07:00")
// forbid (principal, action == mh::Action::"send", resource)
// when { context.hour >= 22 || context.hour < 7 };
`;
