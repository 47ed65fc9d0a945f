import { Fault } from "@mh/contract/values/fault.ts";
import { z } from "zod";
import { isNestedTooDeep } from "../model/nesting.ts";

const bytesMax = 64 * 1024;
const nodesMax = 2_000;
const depthMax = 32;

/** Keywords of JSON Schema (draft 2020-12) that are checked here, and where schemas stand below them. */
const keywords: Readonly<Record<string, "value" | "schema" | "schemas" | "map">> = {
  ...{ type: "value", enum: "value", const: "value", required: "value" },
  ...{ minLength: "value", maxLength: "value", minimum: "value", maximum: "value", multipleOf: "value" },
  ...{ exclusiveMinimum: "value", exclusiveMaximum: "value" },
  ...{ minItems: "value", maxItems: "value", uniqueItems: "value" },
  ...{ properties: "map" },
  ...{ items: "schema", additionalProperties: "schema", prefixItems: "schemas" },
  ...{ anyOf: "schemas", oneOf: "schemas", allOf: "schemas" },
};
/** What says nothing about which values are right. */
const words = [
  ...["title", "description", "examples", "default", "$comment", "$schema", "$id", "deprecated", "format"],
  // These are looked into where `$ref` names a part of them.
  ...["$defs", "definitions"],
];
const trapNames = ["__proto__", "constructor", "prototype"];

export type JsonObject = { [key: string]: unknown };

/**
 * A JSON Schema that somebody else wrote, as a type. Bounded in size and depth. Patterns are never run: an untrusted regular
 * expression can hold up this process for ever. With `lenient`, keywords that are not checked here are
 * left to whoever wrote them; otherwise they are refused, because they promise what nobody would keep.
 * Throws `skill.misdeclared`.
 */
export function untrustedSchema(
  json: unknown,
  what: string,
  options: { lenient?: boolean } = {},
): z.ZodType<JsonObject> {
  const wrong = (why: string) => new Fault("skill.misdeclared", `${what}: ${why}.`);
  if (isNestedTooDeep(json)) throw wrong(`a schema is at most ${depthMax} deep`);
  if ((JSON.stringify(json) ?? "").length > bytesMax) throw wrong(`a schema has at most ${bytesMax / 1024} KiB`);
  const reading = { root: json, lenient: options.lenient ?? false, wrong, left: nodesMax, open: new Set<unknown>() };
  const plain = reduced(json, reading, 0) as JsonObject;
  if (plain.type !== "object") throw wrong("a schema is of type object");
  // What nobody declared is refused, as everywhere here; only a schema that says otherwise lets it through.
  const closed = { additionalProperties: false, ...plain };
  try {
    return z.fromJSONSchema(closed as Parameters<typeof z.fromJSONSchema>[0]) as z.ZodType<JsonObject>;
  } catch (cause) {
    throw new Fault("skill.misdeclared", `${what}: ${(cause as Error).message.slice(0, 200)}.`, { cause });
  }
}

interface Reading {
  root: unknown;
  lenient: boolean;
  wrong: (why: string) => Fault;
  /** How many more schemas there may be. */
  left: number;
  /** Those that are being read, one within the other. */
  open: Set<unknown>;
}

/** The schema with nothing in it but what is checked, and each reference in it replaced by what it refers to. */
function reduced(json: unknown, reading: Reading, depth: number): unknown {
  const { lenient, wrong } = reading;
  if (typeof json === "boolean") return json;
  if (!isObject(json)) throw wrong("a schema is an object");
  reading.left -= 1;
  if (reading.left < 0 || depth > depthMax) throw wrong(`a schema has at most ${nodesMax} parts, ${depthMax} deep`);
  if (Object.hasOwn(json, "$ref")) return referred(json, reading, depth);
  reading.open.add(json);
  const kept: JsonObject = {};
  for (const [key, value] of Object.entries(json)) {
    const kind = Object.hasOwn(keywords, key) ? keywords[key] : undefined;
    if (kind === undefined) {
      if (lenient || words.includes(key)) continue;
      throw wrong(`${key.slice(0, 40)} is not checked here`);
    }
    kept[key] = part(kind, value, reading, depth);
  }
  reading.open.delete(json);
  return kept;
}

/**
 * Each reference counts as a copy, because each is checked for itself: a few that name one another twice would be more
 * work than can ever be done. One that leads back into itself has no end, and is left unchecked where that may be.
 */
function referred({ $ref: name, ...others }: JsonObject, reading: Reading, depth: number): unknown {
  const { lenient, wrong } = reading;
  const told = typeof name === "string" ? name.slice(0, 40) : typeof name;
  const target = typeof name === "string" ? targetOf(name, reading.root) : undefined;
  if (target === undefined) throw wrong(`$ref ${told} refers to nothing in it`);
  const isOpen = reading.open.has(target);
  if (isOpen && !lenient) throw wrong(`$ref ${told} leads back into itself, which is not checked here`);
  const meant = isOpen ? {} : reduced(target, reading, depth + 1);
  const beside = reduced(others, reading, depth + 1) as JsonObject;
  const isApart = isObject(meant) && Object.keys(beside).every((key) => !Object.hasOwn(meant, key));
  return isApart ? { ...meant, ...beside } : { allOf: [meant, beside] };
}

/** By a JSON Pointer (RFC 6901) from the root. */
function targetOf(name: string, root: unknown): unknown {
  if (!/^#(\/|$)/.test(name)) return undefined;
  const steps = name.split("/").slice(1);
  return steps.reduce<unknown>((at, step) => {
    const key = step.replaceAll("~1", "/").replaceAll("~0", "~");
    return typeof at === "object" && at !== null && Object.hasOwn(at, key) ? (at as JsonObject)[key] : undefined;
  }, root);
}

function part(kind: (typeof keywords)[string], value: unknown, reading: Reading, depth: number): unknown {
  const { wrong } = reading;
  if (kind === "value") return value;
  if (kind === "schema") return reduced(value, reading, depth + 1);
  if (kind === "schemas") {
    if (!Array.isArray(value)) throw wrong("a list of schemas is a list");
    return value.map((each) => reduced(each, reading, depth + 1));
  }
  if (!isObject(value)) throw wrong("properties are an object");
  const names = Object.keys(value);
  if (names.some((name) => trapNames.includes(name))) throw wrong("a property has a name that programs trip over");
  return Object.fromEntries(names.map((name) => [name, reduced(value[name], reading, depth + 1)]));
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);
