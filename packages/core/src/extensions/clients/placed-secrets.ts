import { isOwnSecret } from "@mh/contract/values/secret-store.ts";
import { namedSecret } from "../secret-names.ts";
import { secretPlace } from "../secret-places.ts";
import type { Inputs } from "./read-entry.ts";

export interface KeptSecret {
  name: string;
  value: string;
}

interface Placed {
  /** What stands in the settings. */
  values: Record<string, string>;
  secrets: KeptSecret[];
  /** Names that the owner gives a value later. */
  asked: string[];
  notes: string[];
}

const variable = /\$\{(?:(input|env):)?([A-Za-z_][\w.-]*)(?::-([^}]*))?\}/g;

/**
 * Variables and headers, with a secret's name where its value was. What is not plainly harmless counts as one: a key
 * that is kept as a secret does no harm, one in the settings does.
 */
export function placedSecrets(server: string, given: Record<string, string>, inputs: Inputs): Placed {
  const placed: Placed = { values: {}, secrets: [], asked: [], notes: [] };
  for (const [key, value] of Object.entries(given)) {
    const asked = [...value.matchAll(variable)];
    placed.values[key] =
      asked.length > 0 ? filledLater(server, key, value, inputs, placed) : kept(server, key, value, placed);
  }
  return placed;
}

/**
 * A secret of the owner's that the settings would give the server, or the file would replace: one that the file named itself,
 * perhaps in pieces, or one of mh's own. Undefined where there is none.
 */
export function strayName({ values, secrets, asked }: Omit<Placed, "notes">): string | undefined {
  const made = [...secrets.map(({ name }) => name), ...asked];
  const placed = Object.values(values).flatMap((text) => [...text.matchAll(/\{\{secret:([^{}]*)/g)]);
  const named = placed.map(([, name = ""]) => name);
  return [...named.filter((name) => !made.includes(name)), ...made.filter(isOwnSecret)][0];
}

/** A value that the file does not have: it is the owner's to set, under a name that is said. */
function filledLater(server: string, key: string, value: string, inputs: Inputs, placed: Placed): string {
  return value.replace(variable, (_whole, kind: string | undefined, name: string, usual: string | undefined) => {
    const isPlain = kind === "input" && inputs.get(name) === false;
    if (usual !== undefined && !isSecret(key, usual)) return usual;
    const secret = nameOf(server, name);
    const what = isPlain ? "the value that the file asks for" : "its value";
    placed.asked.push(secret);
    placed.notes.push(`${key} needs ${what}: \`mh secret set ${secret}\`.`);
    return secretPlace(secret);
  });
}

function kept(server: string, key: string, value: string, placed: Placed): string {
  if (!isSecret(key, value)) return value;
  const [, scheme = "", rest = value] = /^((?:Bearer|Basic|Token) )?(.*)$/s.exec(value) ?? [];
  const name = nameOf(server, key);
  placed.secrets.push({ name, value: rest });
  return `${scheme}${secretPlace(name)}`;
}

function isSecret(key: string, value: string): boolean {
  if (value === "") return false;
  if (namedSecret.test(key)) return true;
  const words = value.match(/[A-Za-z][a-z]*/g)?.length ?? 0;
  const isWord = value.length <= 24 && words <= 4 && /^[A-Za-z]+(?:[-_ .][A-Za-z]+)*$/.test(value);
  const isNumber = /^-?\d{1,6}(?:\.\d{1,4})?$/.test(value);
  const isPath = /^(?:\/|~\/)[\w ./@+-]*$/.test(value) && !/[A-Za-z0-9_-]{32,}/.test(value);
  const isAddress =
    /^https?:\/\/[\w.-]+(?::\d+)?(?:\/[\w./-]{0,80})?$/.test(value) && !/[A-Za-z0-9_-]{24,}/.test(value);
  return !(isWord || isNumber || isPath || isAddress);
}

const nameOf = (server: string, key: string): string =>
  `${server}-${key
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")}`.slice(0, 60);
