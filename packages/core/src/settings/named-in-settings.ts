import type { Config } from "../model/config.ts";

/** What settings name of the machine and the world. */
export interface Named {
  /** In lower case. */
  hosts: readonly string[];
  /** Names of secrets. */
  secrets: readonly string[];
  /** As they are written: absolute, or relative to the home. */
  files: readonly string[];
}

const nothing: Named = { hosts: [], secrets: [], files: [] };

/** What the section for a noun names: all that the permission `settings` covers for skills of that noun. */
export function namedInSettings(config: Config, noun: string): Named {
  switch (noun) {
    case "mail":
      return inMail(config);
    case "calendar":
      return inCalendar(config);
    case "notify":
      return inNotify(config);
    default:
      return nothing;
  }
}

function inMail({ mail: { accounts } }: Config): Named {
  const servers = accounts.flatMap(({ imap, smtp }) => [imap, smtp]);
  const hosts = servers.flatMap((server) => (server ? [server.host.toLowerCase()] : []));
  return { hosts, secrets: accounts.map(({ secret }) => secret), files: [] };
}

function inCalendar({ calendar: { sources } }: Config): Named {
  return {
    hosts: sources.flatMap(({ url, caldav }) => hostsOf(url, caldav)),
    secrets: sources.flatMap(({ secret }) => secret ?? []),
    files: sources.flatMap(({ file }) => file ?? []),
  };
}

function inNotify({ notify: { ntfy, pushover, signal, webPush } }: Config): Named {
  return {
    hosts: [...hostsOf(ntfy?.url, pushover?.url, signal?.url), ...(webPush?.hosts ?? [])],
    secrets: [ntfy?.secret, pushover?.secret].flatMap((secret) => secret ?? []),
    files: [],
  };
}

const hostsOf = (...urls: (string | undefined)[]): string[] =>
  urls.flatMap((url) => (url === undefined ? [] : [new URL(url).hostname.toLowerCase()]));
