import { encryptionOf } from "../encryption/home-disk.ts";
import { openFilesOf, openLogOf } from "../encryption/switch-on.ts";
import { unlockedKeyPlace } from "../encryption/unlocked-key.ts";
import type { Finding } from "./check-home.ts";

type Found = Omit<Finding, "what">;

const namedMax = 20;

/** What of an encrypted home can be read without its key. */
export function checkEncryption(root: string, environment: Record<string, string | undefined>): Found[] {
  const { state, folder } = encryptionOf(root, environment);
  if (state === "off")
    return [{ level: "ok", message: "off: anyone who can read this disk can read the home. mh encrypt changes that" }];
  const { file, isOnDisk } = unlockedKeyPlace(folder, environment);
  const found: Found[] = openFilesOf(root).map((each) => ({
    level: "warn",
    message: `${each} can be read without the key`,
    next: "mh lock seals what was put there by hand",
  }));
  const days = openLogOf(root);
  if (days.length > 0) {
    const message = `${days.slice(0, namedMax).join(", ")}: the log from before the home was encrypted can be read without the key`;
    found.push({ level: "warn", message, next: "mh encrypt seals it, if mh audit verify finds that it adds up" });
  }
  const where = isOnDisk ? `its key lies on this disk until mh lock (${file})` : `its key lies in memory (${file})`;
  return [{ level: "ok", message: `on, and unlocked: ${where}` }, ...found.slice(0, namedMax)];
}
