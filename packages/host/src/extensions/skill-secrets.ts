import { Fault } from "@mh/contract/values/fault.ts";
import { extensionRow } from "@mh/core/extensions/extensions-table.ts";
import type { SkillManifest } from "@mh/core/extensions/skill-manifest.ts";
import type { Database } from "@mh/core/ports/database.ts";
import type { Secrets } from "@mh/core/ports/secrets.ts";
import type { SecretFor } from "@mh/core/web/web-secrets.ts";

/** A package's secrets: those that its manifest names, each for its one host, kept as `<package>.<name>`. */
export function skillSecrets({ reader, secrets }: { reader: Database; secrets: Secrets }): SecretFor {
  return (principal, name, host) => {
    const [kind, own = ""] = principal.split(":", 2);
    const row = kind === "skill" ? extensionRow(reader, "skill", own) : undefined;
    const declared = row && (JSON.parse(row.manifest) as SkillManifest).mh?.permissions.secrets;
    const to = declared && Object.hasOwn(declared, name) ? declared[name] : undefined;
    if (to !== host) {
      const what =
        to === undefined ? `${principal} has no secret ${name}` : `The secret ${name} goes to ${to}, not to ${host}`;
      throw new Fault("http.refused", `${what}. Only what a skill of others declared is filled in.`);
    }
    return secrets.read(`${own}.${name}`);
  };
}
