import { Fault } from "@mh/contract/values/fault.ts";
import { isInside } from "../model/scope.ts";

/** The one spelling of a path that grants and rules know it by. */
export function canonicalPath(path: string): string {
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  return `/${parts.join("/")}`;
}

/**
 * Refuses a path in a closed folder by its name, in whatever case, before anybody is asked about it; who opens it looks
 * again. Throws `args.invalid`.
 */
export function refuseClosed(skill: string, argument: string, path: string, closed: readonly string[]): void {
  const folded = fold(canonicalPath(path));
  if (!closed.some((folder) => isInside(fold(folder), folded))) return;
  throw new Fault("args.invalid", `${skill}: ${argument}: this place belongs to mh itself, or to the system.`);
}

/** Refuses a folder that holds a closed one: what is given the folder is given all in it. Throws `args.invalid`. */
export function refuseAround(skill: string, argument: string, path: string, closed: readonly string[]): void {
  const folded = fold(canonicalPath(path));
  if (!closed.some((folder) => isInside(folded, fold(folder)))) return;
  const what = "a program is given no folder that holds mh's own, or the whole disk";
  throw new Fault("args.invalid", `${skill}: ${argument}: ${what}.`);
}

const fold = (path: string): string => path.normalize("NFC").toLowerCase();
