import { z } from "zod";
import { isInside } from "../kernel/scope.ts";

/**
 * An absolute path outside the home, that can mean one thing only: no `..`, nothing invisible, Unicode in NFC. What is
 * `closed` is refused here by name, in whatever case; who opens it looks again.
 */
export function outsidePathSchema(closed: readonly string[]) {
  return z
    .string()
    .min(1)
    .max(4_000)
    .refine((path) => path.startsWith("/"), "a path is absolute: it begins with a slash")
    .refine((path) => !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(path), "a path holds no control or invisible characters")
    .refine((path) => path.isWellFormed() && path === path.normalize("NFC"), "a path is written in NFC")
    .refine((path) => path.split("/").every((part) => part !== ".." && part.length <= 255), "a path has no `..` in it")
    .refine((path) => !isClosed(closed, path), "this place belongs to mh itself, or to the system");
}

/** The one spelling of a path that grants and rules know it by. */
export function canonicalPath(path: string): string {
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  return `/${parts.join("/")}`;
}

function isClosed(closed: readonly string[], path: string): boolean {
  const folded = fold(canonicalPath(path));
  return closed.some((folder) => isInside(fold(folder), folded));
}

const fold = (path: string): string => path.normalize("NFC").toLowerCase();
