import { Fault } from "@mh/contract/values/fault.ts";
import { mcpServerSettings } from "@mh/core/extensions/settings.ts";
import { homeDisk } from "../encryption/home-disk.ts";
import { serverJob } from "../extensions/mcp-program.ts";
import { holdPlaces } from "../sandbox/held-places.ts";
import { refuseUnfitJob } from "../sandbox/seatbelt-job.ts";
import { shippedFeatures } from "../wiring/features.ts";
import { formOf } from "../wiring/install-features.ts";
import type { Finding } from "./check-home.ts";
import { closedPlaces } from "./closed-places.ts";
import { readConfig } from "./home-file.ts";

type Found = Omit<Finding, "what">;

/** Looks at what the settings give to each MCP server of this machine, as its start does. None is started. */
export async function checkServers(
  root: string,
  keyFolder: string,
  environment: Record<string, string | undefined>,
): Promise<Found[]> {
  const config = readConfig(homeDisk(root, environment).files, formOf(shippedFeatures));
  const closed = closedPlaces(root, keyFolder, environment);
  const found: Found[] = [];
  const local = Object.entries(mcpServerSettings.of(config)).filter(([, { url }]) => url === undefined);
  for (const [name, server] of local) {
    try {
      const job = serverJob(name, server, { closed, environment });
      if (process.platform === "darwin") await refuseUnfitJob(job, () => false);
      else await (await holdPlaces(job.view.places, job.view, () => false))[Symbol.asyncDispose]();
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      const next = `Correct mcpServers.${name} in config.yaml.`;
      found.push({ level: "warn", message: `${name} would not start: ${error.message}`, next });
    }
  }
  if (found.length > 0) return found;
  const count = `${local.length} of this machine ${local.length === 1 ? "is" : "are"} named`;
  return [{ level: "ok", message: `${count}; what the settings give them may be given` }];
}
