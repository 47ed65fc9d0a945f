import { Fault } from "@mh/contract/values/fault.ts";
import { type Document, parseDocument } from "yaml";
import { tooMuchYaml } from "../model/yaml-bounds.ts";

export const settingsPath = "config.yaml";

/** What to do where a name is no setting: one inside another is written in the file, a section is one of its settings. */
export function unknownSetting(names: readonly string[], name: string): Fault {
  const whole = names.find((each) => name.startsWith(`${each}.`));
  const inside = names.filter((each) => each.startsWith(`${name}.`));
  const next = whole
    ? `${whole} is written whole: \`mh config edit\``
    : `There are: ${(inside.length > 0 ? inside : names).join(", ")}`;
  return new Fault("config.unknown-key", `There is no setting ${name}. ${next}.`);
}

/** A text of settings changed, comments and order kept; whoever takes it in checks it. Undefined where it is no YAML. */
export function changedYaml(text: string, change: (document: Document) => void): string | undefined {
  if (tooMuchYaml(text)) return undefined;
  const document = parseDocument(text, { logLevel: "error" });
  if (document.errors.length > 0) return undefined;
  change(document);
  return document.toString({ lineWidth: 0 });
}
