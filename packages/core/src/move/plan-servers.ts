import { Fault } from "@mh/contract/values/fault.ts";
import { type ClientConfig, readClientConfig } from "../extensions/clients/read-client-config.ts";
import { SecretNames } from "../extensions/clients/secret-names.ts";
import { serversBeside } from "../extensions/clients/servers-beside.ts";
import { tried } from "../model/tried.ts";
import type { MovedFolder } from "./folder.ts";
import type { Layout } from "./layouts.ts";
import { left, type Planned } from "./move-plan.ts";
import type { MovedInto } from "./moved-into.ts";
import { plainSeparators, settingsIn } from "./settings-text.ts";

/** Of one file. */
const serversMax = 200;

/** MCP servers that settings name: written into the settings, and none of their tools allowed. Values of keys stay there. */
export function planServers(layout: Layout, folder: MovedFolder, here: MovedInto): Planned[] {
  const named = new Map(here.servers);
  const secrets = new SecretNames(here.secrets);
  const places = [...layout.servers, ...(layout.beside ? [`../${layout.beside.file}`] : [])];
  return places
    .flatMap((place) => folder.files(place))
    .flatMap((from): Planned[] => {
      const config = tried(() => configIn(settingsIn(from, folder.text(from)), here));
      if (config instanceof Fault) return [left("server", from, "MCP servers", config.message)];
      if (config === undefined) return [];
      const more = config.taken.length - serversMax;
      const beside = serversBeside({ ...config, taken: config.taken.slice(0, serversMax) }, { named, secrets });
      for (const { name, server } of beside.taken) named.set(name, server);
      return [
        ...beside.taken.map(({ name, server, secrets: values, notes }): Planned => {
          const kept = values.map((each) => `The value of ${each.name} was not taken: \`mh secret set ${each.name}\`.`);
          const how = server.url ?? [server.command, ...(server.args ?? [])].join(" ");
          const item = { kind: "server" as const, from, title: `${name}: ${how}`, command: `mh mcp allow ${name}` };
          return {
            ...item,
            state: "new",
            notes: [...kept, ...notes, "None of its tools is allowed by that."],
            server: { name, server },
          };
        }),
        ...beside.known.map((name): Planned => ({ kind: "server", from, title: name, state: "same", notes: [] })),
        ...beside.left.map(({ name, why }) => left("server", from, name, why)),
        ...(more > 0 ? [left("server", from, `${more} more`, "Nobody looks through so many")] : []),
      ];
    });
}

/** Programs have two spellings for the list; undefined where there is none. */
function configIn(settings: Record<string, unknown>, { home }: MovedInto): ClientConfig | undefined {
  const { mcp_servers: servers, ...rest } = settings;
  const given = servers === undefined ? rest : { ...rest, mcpServers: servers };
  const hasSome = ["mcpServers", "servers", "context_servers", "mcp", "mcp.servers", "projects"].some(
    (name) => name in given,
  );
  if (!hasSome) return undefined;
  const read = tried(() => readClientConfig(plainSeparators(JSON.stringify(given)), { home }));
  // Settings that might name servers, and name none.
  return read instanceof Fault ? undefined : read;
}
