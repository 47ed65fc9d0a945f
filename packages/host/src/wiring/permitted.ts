import type { AnyContract } from "@mh/contract/contract.ts";
import type { Scope } from "@mh/contract/values/effect.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { CalendarFiles } from "@mh/core/calendar/read-source.ts";
import type { OutsideSkill, PinContext } from "@mh/core/kernel/skill.ts";
import type { Config } from "@mh/core/model/config.ts";
import { isInside } from "@mh/core/model/scope.ts";
import type { Http, HttpRequest } from "@mh/core/ports/http.ts";
import type { Mail } from "@mh/core/ports/mail.ts";
import type { SecretOffers, SecretStores, Secrets } from "@mh/core/ports/secrets.ts";
import { type Named, namedInSettings } from "./named-in-settings.ts";
import { type Allowed, permittedDesktop, permittedDisk, permittedPrograms } from "./permitted-machine.ts";
import type { WorldPorts } from "./world-ports.ts";

/** The command that ports are made for: its settings, and what the judge was told that it touches. */
interface Judged {
  config: Config;
  scope: Scope;
}

/**
 * A skill that is handed its ports anew for each command, held to what its contract declares and to what was judged.
 * `make` makes the skill from ports; what it made from none classifies.
 */
export function heldToContract<Parts extends WorldPorts>(
  parts: Parts,
  make: (parts: Parts) => OutsideSkill,
): OutsideSkill {
  const skill = make(permitted(parts, { name: "a skill without a command", permissions: {} }));
  const held = (args: unknown, config: Config) => {
    const { scope } = skill.classify(args, config);
    return make(permitted(parts, skill.contract, { config, scope }));
  };
  return {
    ...skill,
    ...(skill.pin && {
      pin: async (args: unknown, context: PinContext) =>
        (await held(args, context.config).pin?.(args, context)) ?? { pins: [] },
    }),
    run: (args, context) => held(args, context.config).run(args, context),
  };
}

/**
 * The same parts, whose ports throw `skill.misdeclared` where they are used for what the contract does not declare. Of
 * hosts, `*` means the open Internet, never this machine or its network, and `judged` those that were judged; `settings` means the section for the skill's
 * noun; of paths, `*` means those that were judged.
 */
export function permitted<Parts extends WorldPorts>(
  parts: Parts,
  { name, permissions }: Pick<AnyContract, "name" | "permissions">,
  judged?: Judged,
): Parts {
  const { paths = [], hosts = [], secrets = [], processes = false } = permissions;
  const named = judged && namedInSettings(judged.config, name.split(".", 1)[0] ?? "");
  const deny = (what: string): never => {
    throw new Fault(
      "skill.misdeclared",
      `${name} reaches for ${what}, which its contract does not declare. It is refused until that is repaired.`,
    );
  };
  const isNamed = (list: readonly string[], of: keyof Named, value: string) =>
    list.includes(value) || (list.includes("settings") && named?.[of]?.includes(value) === true);
  const allowed: Allowed = {
    host: (host, reach) => {
      const isPublic = hosts.includes("*") && reach === "public";
      const isJudged = hosts.includes("judged") && judged?.scope.hosts?.includes(host.toLowerCase()) === true;
      if (!isPublic && !isJudged && !isNamed(hosts, "hosts", host.toLowerCase())) deny(`the host ${host}`);
    },
    path: (path) => {
      const literal = paths.filter((each) => each.startsWith("/"));
      const judgedPaths = paths.includes("*") ? (judged?.scope.paths ?? []) : [];
      const files = paths.includes("settings") ? (named?.files ?? []).map(parts.calendarFiles.pathOf) : [];
      const folders = paths.includes("settings") ? (named?.folders ?? []) : [];
      const isIn =
        [...literal, ...judgedPaths, ...folders].some((folder) => isInside(folder, path)) || files.includes(path);
      if (!isIn) deny(path);
    },
    secret: (secret) => {
      if (!secrets.includes("*") && !isNamed(secrets, "secrets", secret)) deny(`the secret ${secret}`);
    },
    everySecret: () => {
      if (!secrets.includes("*")) deny("all secrets");
    },
    processes: (program) => {
      if (!processes) deny(`the program ${program}`);
    },
  };
  return {
    ...parts,
    http: permittedHttp(parts.http, allowed),
    mail: async () => permittedMail(await parts.mail(), allowed),
    secrets: permittedSecrets(parts.secrets, allowed),
    disk: permittedDisk(parts.disk, allowed),
    programs: permittedPrograms(parts.programs, allowed),
    desktop: permittedDesktop(parts.desktop, allowed),
    calendarFiles: permittedCalendars(parts.calendarFiles, allowed),
  };
}

function permittedHttp(http: Http, allowed: Allowed): Http {
  const check = ({ url, reach }: HttpRequest) => allowed.host(new URL(url).hostname, reach);
  return {
    async request(request) {
      check(request);
      return http.request(request);
    },
    async stream(request) {
      check(request);
      return http.stream(request);
    },
  };
}

function permittedMail(mail: Mail, allowed: Allowed): Mail {
  return {
    async mailbox(login, work) {
      allowed.host(login.host, "any");
      return mail.mailbox(login, work);
    },
    compose: (...args) => mail.compose(...args),
    async submit(login, ...args) {
      allowed.host(login.host, "any");
      return mail.submit(login, ...args);
    },
  };
}

type AllSecrets = Secrets & SecretOffers & SecretStores;

/** Reading needs the name; whatever looks at the store as a whole, or changes it, needs all of them. */
function permittedSecrets(secrets: AllSecrets, allowed: Allowed): AllSecrets {
  return {
    async read(name) {
      allowed.secret(name);
      return secrets.read(name);
    },
    own(name, make) {
      allowed.secret(name);
      return secrets.own(name, make);
    },
    async names() {
      allowed.everySecret();
      return secrets.names();
    },
    async write(...args) {
      allowed.everySecret();
      return secrets.write(...args);
    },
    async remove(name) {
      allowed.everySecret();
      return secrets.remove(name);
    },
    take(offer) {
      allowed.everySecret();
      return secrets.take(offer);
    },
    async state() {
      allowed.everySecret();
      return secrets.state();
    },
    async keychainLacks() {
      allowed.everySecret();
      return secrets.keychainLacks();
    },
    async unlock(passphrase) {
      allowed.everySecret();
      return secrets.unlock(passphrase);
    },
    async move(...args) {
      allowed.everySecret();
      return secrets.move(...args);
    },
  };
}

function permittedCalendars(files: CalendarFiles, allowed: Allowed): CalendarFiles {
  return {
    pathOf: (file) => files.pathOf(file),
    read(file) {
      allowed.path(files.pathOf(file));
      return files.read(file);
    },
    replace(file, bytes) {
      allowed.path(files.pathOf(file));
      files.replace(file, bytes);
    },
  };
}
