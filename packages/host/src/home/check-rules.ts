import * as path from "node:path";
import type { AnyContract } from "@mh/contract/contract.ts";
import * as contracts from "@mh/contract/index.ts";
import type { JournalRecord } from "@mh/contract/values/record.ts";
import { readObject } from "@mh/core/kernel/objects.ts";
import { shellWord } from "@mh/core/model/shell-word.ts";
import { disableCommand } from "@mh/core/policy/rule-file.ts";
import { ruleWarnings } from "@mh/core/policy/rule-warnings.ts";
import { nodeCrypto } from "../adapters/node-crypto.ts";
import { nodeFiles } from "../adapters/node-files.ts";
import { systemClock } from "../adapters/system-clock.ts";
import { inspect } from "../audit/inspect.ts";
import { homeDisk } from "../encryption/home-disk.ts";
import { keyFolder } from "../places.ts";
import type { Finding } from "./check-home.ts";
import { loadKeys } from "./keys.ts";
import { PolicyFiles, policyFolder } from "./policy-files.ts";
import { readRulesTrouble } from "./rules-trouble.ts";

type Found = Omit<Finding, "what">;

const recordedMax = 500;

/** The owner's rules as they are in force, read from files and log alone: what cannot be taken, and what locks the owner out. */
export function checkRules(root: string, environment: Record<string, string | undefined>): Found[] {
  const { files } = homeDisk(root, environment);
  const { home, records } = inspect(root, environment);
  const { hmacKey } = loadKeys(keyFolder(home.id, environment));
  const { adopted, recorded } = lookAtLog(records());
  const rules = new PolicyFiles({
    ...{ files, crypto: nodeCrypto, clock: systemClock, adopted: () => adopted },
    readObject: (name) => readObject({ files, crypto: nodeCrypto, hmacKey }, name),
  });
  const { inForce, onDisk, pending, broken, trouble } = rules.state();
  const own = inForce.filter(({ origin }) => origin === "owner");
  const waiting = onDisk.filter(({ text }) => !own.some((rule) => rule.text === text));
  const found: Found[] = [];
  if (broken) found.push({ level: "bad", message: `${broken} The last good rules are in force.`, ...wayOut(broken) });
  if (trouble) found.push({ level: "bad", message: trouble, next: "mh policy adopt" });
  for (const { kind, message, next } of ruleWarnings(nodeCrypto, [...own, ...waiting], shippedSkills, recorded))
    found.push({ level: kind === "owner" ? "ok" : "warn", message, ...(next && { next }) });
  for (const { what, rule } of pending)
    found.push({
      level: "warn",
      message: `${what}, and waits for you: ${rule.title} (${rule.id})`,
      next: "mh policy adopt",
    });
  found.push(...linked(root, broken));
  const known = found.map(({ message }) => message).join("\n");
  for (const message of readRulesTrouble(root))
    if (!known.includes(message))
      found.push({ level: "warn", message: `As ${holder} found: ${message}`, next: "mh daemon stop" });
  return [{ level: "ok", message: `${own.length} of your own in force` }, ...found];
}

/** Links among the rules but for the one that was named already: none is followed. */
function linked(root: string, broken = ""): Found[] {
  const links = nodeFiles(root)
    .links(policyFolder)
    .filter((name) => name.endsWith(".cedar") && !broken.startsWith(path.basename(name)));
  return links.map((name) => {
    const file = path.join(root, name);
    const message = `${file} is a link, and links are not followed: no rule of it is in force. Put the file itself there`;
    return { level: "warn", message, next: `mv ${shellWord(file)} ${shellWord(`${file}.off`)}` };
  });
}

const holder = "the process that holds the home";

/** A sentence about a file begins with its name. */
function wayOut(broken: string): Pick<Found, "next"> {
  const file = /^(.*?\.cedar)\b/s.exec(broken)?.[1];
  return file === undefined ? {} : { next: disableCommand(file) };
}

/** Which object keeps the rules that were in force last, and what was judged lately. */
function lookAtLog(records: Iterable<JournalRecord>) {
  let adopted: string | undefined;
  let recorded: NonNullable<JournalRecord["request"]> = [];
  for (const { phase, body, request = [] } of records) {
    if (phase === "adopt" && body?.what === "policy" && body.object) adopted = String(body.object);
    recorded = [...recorded, ...request].slice(-recordedMax);
  }
  return { adopted, recorded };
}

const isContract = (value: unknown): value is AnyContract =>
  typeof value === "object" && value !== null && "effects" in value && "examples" in value && "kind" in value;

const shippedSkills = Object.values<unknown>(contracts).filter(isContract);
