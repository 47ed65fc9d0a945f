import type { AnyContract } from "@mh/contract/contract.ts";
import { jsonSchemaOf } from "@mh/contract/json-schema.ts";
import { hang, wrap } from "./layout.ts";

type Shape = { type?: string; enum?: unknown[]; description?: string; default?: unknown };

/** What a skill's contract says: what it does, each argument with its description, how it is called and undone. */
export function skillHelp({ name, title, kind, effects, undo, ...contract }: AnyContract, width: number): string {
  const { properties = {}, required = [] } = jsonSchemaOf(contract.input) as {
    properties?: Record<string, Shape>;
    required?: string[];
  };
  const fields = Object.entries(properties).map(([field, shape]) =>
    hang(`  ${field.padEnd(16)}`, `${typeOf(shape, required.includes(field))}${shape.description ?? ""}`, width),
  );
  const examples = contract.examples.map(
    ({ title: what, args }) => `  mh act ${name} '${JSON.stringify(args)}'   # ${what}`,
  );
  const changes = kind === "query" ? "It only reads." : `Effect: ${effects.join(", ")}.`;
  return [
    wrap(`${name}: ${title}.`, width),
    wrap(
      `${changes} ${undo === null ? (kind === "query" ? "" : "It cannot be undone.") : `Undone by \`${undo}\`.`}`.trim(),
      width,
    ),
    fields.length > 0 ? `Arguments:\n${fields.join("\n")}` : "It takes no arguments.",
    `Examples:\n${examples.join("\n")}`,
  ].join("\n\n");
}

function typeOf({ type, enum: choices }: Shape, isRequired: boolean): string {
  const kind = choices ? choices.join(" | ") : type;
  return [kind, isRequired ? "required" : undefined]
    .filter(Boolean)
    .map((each) => `(${each}) `)
    .join("");
}
