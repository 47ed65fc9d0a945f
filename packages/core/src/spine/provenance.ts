import type { Task } from "../model/command.ts";

/**
 * Paths of the control arguments whose value does not stand, whole, in the words the owner gave for this task.
 * A value found nowhere is the model's; the kernel knows of no other vouching yet.
 */
export function unvouchedControls(
  control: readonly string[],
  args: Record<string, unknown>,
  task: Task | undefined,
): string[] {
  return control
    .flatMap((name) => leaves(args[name], name))
    .filter(({ value }) => !stands(value, task?.words ?? ""))
    .map(({ path }) => path);
}

interface Leaf {
  path: string;
  value: string;
}

function leaves(value: unknown, path: string): Leaf[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item, n) => leaves(item, `${path}[${n}]`));
  if (typeof value === "object") return Object.entries(value).flatMap(([key, item]) => leaves(item, `${path}.${key}`));
  return [{ path, value: String(value) }];
}

/** As a whole token: not inside a longer word, number or address. */
function stands(value: string, words: string): boolean {
  const wanted = value.normalize("NFC").toLowerCase();
  const text = words.normalize("NFC").toLowerCase();
  if (wanted === "") return true;
  for (let at = text.indexOf(wanted); at !== -1; at = text.indexOf(wanted, at + 1)) {
    if (!joins(text[at - 1]) && !joins(text[at + wanted.length])) return true;
  }
  return false;
}

const joins = (char: string | undefined): boolean => char !== undefined && /[\p{L}\p{N}@._%+/-]/u.test(char);
