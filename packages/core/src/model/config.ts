import { mcpServerSchema } from "@mh/contract/values/mcp-server.ts";
import { secretStores } from "@mh/contract/values/secret-store.ts";
import { z } from "zod";

const nameSchema = z.string().regex(/^[a-z0-9][\w.-]{0,63}$/i, "a name is letters, digits, dots and dashes");
const urlSchema = z.url({ protocol: /^https?$/, error: "a URL begins with https:// or http://" });
const portSchema = z.number().int().min(0).max(65_535);
const clockTimeSchema = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "a time of day is written as 07:00");

const haveNamesOfTheirOwn = (all: readonly { name: string }[]): boolean =>
  new Set(all.map(({ name }) => name)).size === all.length;

/** How a mail server is reached. `tls: none` is for a server on this machine only. */
const mailServerSchema = z.looseObject({
  host: z.string(),
  port: portSchema,
  tls: z.enum(["implicit", "starttls", "none"]).default("implicit"),
});

/** A password is never written here: `secret` names one that `mh secret set` keeps outside the home. */
const mailAccountSchema = z.looseObject({
  name: nameSchema,
  address: z.email(),
  user: z.string().optional(),
  secret: z.string(),
  imap: mailServerSchema.optional(),
  smtp: mailServerSchema.optional(),
  /** Where the server does not mark its folders itself. */
  folders: z
    .looseObject({ drafts: z.string().optional(), sent: z.string().optional(), trash: z.string().optional() })
    .prefault({}),
});
export type MailAccount = z.infer<typeof mailAccountSchema>;

const passwordlessSchema = urlSchema.refine((url) => !/^[^/]*\/\/[^/]*@/.test(url), {
  error: "no password stands in a URL: name it with `secret`, and its user with `user`",
});

/**
 * A calendar: an iCalendar file, an address that serves one, or a CalDAV collection. A file in the home and a collection
 * can be written, too. With `secret` alone it is a token, with `user` a password.
 */
const calendarSourceSchema = z
  .looseObject({
    name: nameSchema,
    /** Relative to the home, or absolute. */
    file: z
      .string()
      .regex(/\.(?:ics|ical)$/i, "a calendar file's name ends in .ics")
      .optional(),
    url: passwordlessSchema.optional(),
    caldav: passwordlessSchema.optional(),
    user: z.string().optional(),
    secret: z.string().optional(),
    readOnly: z.boolean().default(false),
  })
  .refine(({ file, url, caldav }) => [file, url, caldav].filter((each) => each !== undefined).length === 1, {
    error: "a calendar has one of file, url and caldav",
  });
export type CalendarSource = z.infer<typeof calendarSourceSchema>;

const notifySchema = z.looseObject({
  desktop: z.boolean().default(true),
  ntfy: z.looseObject({ url: urlSchema, topic: z.string(), secret: z.string().optional() }).optional(),
  pushover: z.looseObject({ user: z.string(), secret: z.string(), url: urlSchema.optional() }).optional(),
  /** Signal through signal-cli's JSON-RPC over HTTP. */
  signal: z.looseObject({ url: urlSchema, from: z.string(), to: z.string() }).optional(),
  /** Whom push services may write to about this sender (RFC 8292): a `mailto:` or an https URL. */
  webPush: z
    .looseObject({
      contact: z.string().regex(/^(mailto:\S+@\S+|https:\/\/\S+)$/, "a contact is mailto: and an address, or https://"),
      /** Push services on this network: elsewhere, devices may name only those of the open Internet. */
      hosts: z.array(z.string()).default([]),
    })
    .optional(),
});

/** `config.yaml`. Keys we do not know are kept: people edit this file. */
export const configSchema = z.looseObject({
  owner: z.string().default(""),
  /** IANA name; the machine's own where it is absent. */
  timeZone: z.string().optional(),
  approvals: z
    .looseObject({
      expireAfterMinutes: z
        .number()
        .int()
        .positive()
        .default(24 * 60),
      /** Questions of one agent, or of anybody else, that may wait at once. What would be one more is denied. */
      openPerPrincipal: z.number().int().positive().default(20),
    })
    .prefault({}),
  /** How much is done without the owner in an hour. Reads are not counted, and neither is what the owner does. */
  rate: z
    .looseObject({
      /** Everyone together. */
      commandsPerHour: z.number().int().positive().default(1000),
      /** Each one alone. */
      commandsPerHourEach: z.number().int().positive().default(500),
      /** The same command with the same arguments, by the same one: that often in so many minutes, then it asks. */
      sameCommandMax: z.number().int().positive().default(10),
      sameCommandMinutes: z
        .number()
        .int()
        .positive()
        .max(24 * 60)
        .default(10),
    })
    .prefault({}),
  /** The allowance of everyone but the owner, in units of the currency. What pays in another currency is denied. */
  spend: z
    .looseObject({
      currency: z
        .string()
        .regex(/^[A-Z]{3}$/, "a currency is three letters, as in EUR")
        .default("EUR"),
      perDay: z.number().nonnegative().default(100),
      perWeek: z.number().nonnegative().default(300),
      /** Of each one alone. */
      perDayEach: z.number().nonnegative().default(50),
    })
    .prefault({}),
  /** How the daemon is reached over HTTP. Anything but loopback needs `tls`. */
  daemon: z
    .looseObject({
      bind: z.string().default("127.0.0.1"),
      port: portSchema.default(7717),
      /** Names by which a reverse proxy or a phone calls it, beside localhost. */
      hosts: z.array(z.string()).default([]),
      tls: z.looseObject({ cert: z.string(), key: z.string() }).optional(),
    })
    .prefault({}),
  /** Certificate authorities to trust beside the public ones, as a PEM file: for servers at home. */
  network: z.looseObject({ caFile: z.string().optional() }).prefault({}),
  /** No agent runs in these hours but those that say so, and nothing rings but what is urgent. */
  quietHours: z.looseObject({ from: clockTimeSchema, to: clockTimeSchema }).optional(),
  notify: notifySchema.prefault({}),
  mail: z
    .looseObject({
      accounts: z
        .array(mailAccountSchema)
        .refine(haveNamesOfTheirOwn, { error: "two mail accounts have the same name" })
        .default([]),
    })
    .prefault({}),
  /** Where passwords and tokens lie (`mh secret store` moves them), and a file that holds the passphrase for a daemon. */
  secrets: z
    .looseObject({
      store: z.enum(secretStores).optional(),
      passphraseFile: z
        .string()
        .regex(/^(\/|[A-Za-z]:[\\/])/, "the passphrase's file is named by its whole path")
        .optional(),
    })
    .prefault({}),
  calendar: z
    .looseObject({
      sources: z
        .array(calendarSourceSchema)
        .refine(haveNamesOfTheirOwn, { error: "two calendars have the same name" })
        .default([]),
    })
    .prefault({}),
  /** How options are weighed, and when a person decides: see decision/decide.ts. */
  decision: z
    .looseObject({
      threshold: z.number().min(0).max(1).default(0.6),
      /** What a named feature of an option counts; 1 where nothing is said. */
      weights: z.record(z.string(), z.number().min(-10).max(10)).default({}),
      preferenceWeight: z.number().min(0).max(10).default(0.2),
    })
    .prefault({}),
  /** Servers of the Model Context Protocol, each by its name; see mcp-server.ts. */
  mcpServers: z.record(z.string(), mcpServerSchema).default({}),
  /** What each agent is told of its work: a section for each, by its name. */
  agents: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
});
export type Config = z.infer<typeof configSchema>;

/** An agent's own section; empty where there is none. An agent may be called `constructor`. */
export const agentSection = ({ agents }: Config, name: string): Record<string, unknown> =>
  (Object.hasOwn(agents, name) && agents[name]) || {};
