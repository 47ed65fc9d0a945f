import * as os from "node:os";
import { messengerNames } from "@mh/contract/values/messenger.ts";
import { observedSources } from "@mh/contract/values/observed-sources.ts";
import { audioSettings } from "@mh/core/audio/settings.ts";
import { calendarSettings } from "@mh/core/calendar/settings.ts";
import { botOf } from "@mh/core/channels/settings.ts";
import { canonicalPath } from "@mh/core/disk/outside-path.ts";
import { mailSettings } from "@mh/core/mail/settings.ts";
import type { Config } from "@mh/core/model/config.ts";
import { hostOf, modelSettings } from "@mh/core/models/settings.ts";
import { notifySettings } from "@mh/core/notify/settings.ts";
import { placesOf } from "@mh/core/observe/settings.ts";

/** What settings name of the machine and the world. */
export interface Named {
  /** In lower case. */
  hosts: readonly string[];
  /** Names of secrets. */
  secrets: readonly string[];
  /** As they are written: absolute, or relative to the home. */
  files: readonly string[];
  /** Absolute: whatever lies in them is named, too. */
  folders?: readonly string[];
}

const nothing: Named = { hosts: [], secrets: [], files: [] };

/** What the section for a noun names: all that the permission `settings` covers for skills of that noun. */
export function namedInSettings(config: Config, noun: string): Named {
  switch (noun) {
    case "audio":
      return inAudio(config);
    case "mail":
      return inMail(config);
    case "calendar":
      return inCalendar(config);
    case "channel":
      return inChannels(config);
    case "notify":
      return inNotify(config);
    case "llm":
    case "model":
      return inModels(config);
    case "observe":
      return inObserve(config);
    default:
      return nothing;
  }
}

/** Each source reads its own: which, the scope of its command says. */
function inObserve(config: Config): Named {
  const folders = observedSources.flatMap((source) => placesOf(config, source, os.homedir()));
  return { hosts: [], secrets: [], files: [], folders };
}

function inAudio(config: Config): Named {
  const { url, secret, inbox } = audioSettings.of(config);
  const folders = inbox === undefined ? [] : [canonicalPath(inbox)];
  return { hosts: hostsOf(url), secrets: secret === undefined ? [] : [secret], files: [], folders };
}

function inMail(config: Config): Named {
  const { accounts } = mailSettings.of(config);
  const servers = accounts.flatMap(({ imap, smtp }) => [imap, smtp]);
  const hosts = servers.flatMap((server) => (server ? [server.host.toLowerCase()] : []));
  return { hosts, secrets: accounts.map(({ secret }) => secret), files: [] };
}

function inCalendar(config: Config): Named {
  const { sources } = calendarSettings.of(config);
  return {
    hosts: sources.flatMap(({ url, caldav }) => hostsOf(url, caldav)),
    secrets: sources.flatMap(({ secret }) => secret ?? []),
    files: sources.flatMap(({ file }) => file ?? []),
  };
}

function inNotify(config: Config): Named {
  const { ntfy, pushover, signal, webPush } = notifySettings.of(config);
  const channels = inChannels(config);
  return {
    hosts: [...hostsOf(ntfy?.url, pushover?.url, signal?.url), ...(webPush.hosts ?? []), ...channels.hosts],
    secrets: [...[ntfy?.secret, pushover?.secret].flatMap((secret) => secret ?? []), ...channels.secrets],
    files: [],
  };
}

function inChannels(config: Config): Named {
  const bots = messengerNames.flatMap((name) => botOf(config, name) ?? []);
  return {
    hosts: bots.flatMap(({ server }) => hostsOf(server.url)),
    secrets: bots.map(({ secret }) => secret),
    files: [],
  };
}

function inModels(config: Config): Named {
  const { use } = modelSettings.of(config);
  return { hosts: use.map(hostOf), secrets: use.flatMap(({ secret }) => secret ?? []), files: [] };
}

const hostsOf = (...urls: (string | undefined)[]): string[] =>
  urls.flatMap((url) => (url === undefined ? [] : [new URL(url).hostname.toLowerCase()]));
