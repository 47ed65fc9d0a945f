import { z } from "zod";
import { once } from "../once.ts";

/** A rule may look at each of them. */
const foldersMax = 65;

/**
 * An absolute path outside the home, that can mean one thing only: no `..`, nothing invisible, Unicode in NFC. Which
 * folders are closed is the machine's to know: the skill refuses those.
 */
export const outsidePathSchema = once(() =>
  z
    .string()
    .min(1)
    .max(4_000)
    .refine((path) => path.split("/").length <= foldersMax, "a path is at most 64 folders deep")
    .refine((path) => path.startsWith("/"), "a path is absolute: it begins with a slash")
    .refine((path) => !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(path), "a path holds no control or invisible characters")
    .refine((path) => path.isWellFormed() && path === path.normalize("NFC"), "a path is written in NFC")
    .refine((path) => path.split("/").every((part) => part !== ".." && part.length <= 255), "a path has no `..` in it"),
);
