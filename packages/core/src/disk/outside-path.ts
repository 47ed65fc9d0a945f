import { absolutePathSchema } from "@mh/contract/values/outside-path.ts";
import { isInside } from "../kernel/scope.ts";

/** What is `closed` is refused here by name, in whatever case; who opens it looks again. */
export function outsidePathSchema(closed: readonly string[]) {
  return absolutePathSchema.refine(
    (path) => !isClosed(closed, path),
    "this place belongs to mh itself, or to the system",
  );
}

/** The one spelling of a path that grants and rules know it by. */
export function canonicalPath(path: string): string {
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  return `/${parts.join("/")}`;
}

export function isClosed(closed: readonly string[], path: string): boolean {
  const folded = fold(canonicalPath(path));
  return closed.some((folder) => isInside(fold(folder), folded));
}

const fold = (path: string): string => path.normalize("NFC").toLowerCase();
