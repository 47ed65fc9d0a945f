import type { FieldSchema, Offered } from "../data/offered.ts";

export interface Field {
  /** Dotted, where it is a part of an argument. */
  name: string;
  /**
   * `lines`: a list of texts, one a line; `choices`: several of a few; `value`: a text, a number, yes, no or nothing;
   * `json`: whatever no simple field can hold.
   */
  kind:
    | "text"
    | "long"
    | "path"
    | "number"
    | "yes"
    | "choice"
    | "choices"
    | "date"
    | "time"
    | "lines"
    | "value"
    | "json";
  choices: string[];
  description: string;
  isRequired: boolean;
  min?: number | undefined;
  max?: number | undefined;
}

export type Typed = string | boolean | string[];

const longFrom = 2_000;

/** The fields of a form for the arguments of a command, from its contract; what must be given comes first. */
export function fieldsOf({ input, types }: Pick<Offered, "input" | "types">): Field[] {
  return partsOf(input, types, "", true).toSorted((a, b) => Number(b.isRequired) - Number(a.isRequired));
}

function partsOf(schema: FieldSchema, types: Offered["types"], prefix: string, isNeeded: boolean): Field[] {
  const { properties = {}, required = [] } = schema;
  return Object.entries(properties).flatMap(([name, part]) => {
    const isRequired = isNeeded && required.includes(name) && part.default === undefined;
    // Parts of an argument are fields of their own, where none of them has parts again.
    if (part.type === "object" && isFlat(part)) return partsOf(part, {}, `${prefix}${name}.`, isRequired);
    const { items, minimum: min, maximum: max } = part;
    return [
      {
        ...{ name: `${prefix}${name}`, kind: types[name] === "path" ? "path" : kindOf(part) },
        choices: (part.enum ?? items?.enum ?? []).map(String),
        ...{ description: part.description ?? "", isRequired, min, max },
      },
    ];
  });
}

const isFlat = ({ properties }: FieldSchema): boolean =>
  properties !== undefined && Object.values(properties).every((each) => kindOf(each) !== "json");

function kindOf({ enum: choices, type, items, format, maxLength = 0, anyOf = [] }: FieldSchema): Field["kind"] {
  if (choices) return "choice";
  if (type === "string" && format === "date") return "date";
  if (type === "string" && format === "date-time") return "time";
  if (type === "string") return maxLength >= longFrom ? "long" : "text";
  if (type === "number" || type === "integer") return "number";
  if (type === "boolean") return "yes";
  if (type === "array" && items?.enum) return "choices";
  if (type === "array" && items?.type === "string") return "lines";
  if (Array.isArray(type) && type.every((each) => ["string", "number", "boolean", "null"].includes(each)))
    return "value";
  // A text beside lists and groups is typed as it is, the others as JSON.
  if (anyOf.some((each) => each.type === "string" || (Array.isArray(each.type) && each.type.includes("string"))))
    return "value";
  return "json";
}

/** What stands in the fields at first: the arguments that there are, and nothing in the others. */
export function typedOf(fields: readonly Field[], args: Readonly<Record<string, unknown>>): Record<string, Typed> {
  return Object.fromEntries(fields.map((field) => [field.name, typedIn(field, args)]));
}

function typedIn({ name, kind }: Field, args: Readonly<Record<string, unknown>>): Typed {
  const value = argumentIn({ name }, args);
  if (kind === "yes") return value === true;
  if (kind === "choices") return (value as string[] | undefined) ?? [];
  if (value === undefined || value === null) return "";
  if (kind === "lines") return (value as string[]).join("\n");
  if (kind === "time") return localTime(new Date(String(value)));
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** As a field for date and time has it: in the zone of the browser, without naming it. */
const localTime = (at: Date): string =>
  new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);

/** What cannot be read as the argument that a field stands for. */
export class FieldError extends Error {
  readonly field: string;
  constructor(field: string, message: string) {
    super(message);
    this.field = field;
  }
}

/**
 * What was typed as arguments; fields that were left empty are left out. Of arguments that there were before, a field that
 * nobody touched gives back its own, to the letter: a zone or a line break more would count as typed. Throws a `FieldError`.
 */
export function argumentsOf(
  fields: readonly Field[],
  typed: Readonly<Record<string, Typed>>,
  before: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const args: Record<string, unknown> = {};
  const prefilled = typedOf(fields, before);
  for (const field of fields) {
    const isTouched = String(typed[field.name]) !== String(prefilled[field.name]);
    const given = isTouched ? argumentOf(field, typed[field.name]) : argumentIn(field, before);
    if (given === undefined) continue;
    const [name = "", part] = field.name.split(".");
    if (part === undefined) args[name] = given;
    else args[name] = { ...(args[name] as object | undefined), [part]: given };
  }
  return args;
}

function argumentIn({ name }: Pick<Field, "name">, args: Readonly<Record<string, unknown>>): unknown {
  const [whole = "", part] = name.split(".");
  return part === undefined ? args[whole] : (args[whole] as Record<string, unknown> | undefined)?.[part];
}

function argumentOf({ name, kind }: Field, typed: Typed | undefined): unknown {
  if (typed === undefined || typed === "" || typed === false || (Array.isArray(typed) && typed.length === 0))
    return undefined;
  if (kind === "number") return Number(typed);
  if (kind === "time") return new Date(String(typed)).toISOString();
  if (kind === "lines") return String(typed).split("\n").filter(Boolean);
  if (kind === "value") return scalarOf(String(typed));
  if (kind !== "json") return typed;
  try {
    return JSON.parse(String(typed));
  } catch (error) {
    throw new FieldError(name, (error as Error).message);
  }
}

function scalarOf(text: string): unknown {
  if (/^(true|false|null|-?\d+(\.\d+)?)$/.test(text.trim())) return JSON.parse(text);
  if (!/^\s*(\[.*\]|\{.*\})\s*$/s.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Which field a refusal speaks of: the daemon names the argument before what is wrong with it. */
export function fieldIn(message: string, fields: readonly Field[]): string | undefined {
  const names = fields.map(({ name }) => name).toSorted((a, b) => b.length - a.length);
  return names.find(
    (name) => message.startsWith(`${name}: `) || message.includes(`: ${name}: `) || message.startsWith(`${name}.`),
  );
}
