// A home that is encrypted: its key, its files and their names, its log and its index.
import { host, type Sabotage, system } from "./sabotage.ts";

export const encryptionSabotages: readonly Sabotage[] = [
  {
    name: "a lock takes the key from one place alone",
    file: host("encryption/unlocked-key.ts"),
    find: "[inSession(told), besideKeys, usual]",
    replace: "[inSession(told)]",
    test: system(
      "encryption",
      "H21 the key is found and taken away wherever it was left, with a session or without, and what a crash left of it",
    ),
  },
  {
    name: "names of files of an encrypted home stay as they are",
    file: host("encryption/sealed-files.ts"),
    find: "const files = sealedNames(stored, cipher.names);",
    replace: "const files = cipher.names && stored;",
    test: system(
      "encryption",
      "H21 of an encrypted home no name of a file or folder holds a planted word, of before or since",
    ),
  },
  {
    name: "a name of another folder is taken for one of this",
    file: host("encryption/name-cipher.ts"),
    find: "return node.timingSafeEqual(this.#iv(folder, name), iv) ? name : undefined;",
    replace: "return node.timingSafeEqual(iv, iv) ? name : undefined;",
    test: {
      file: host("encryption/name-cipher.test.ts"),
      name: "H21 a name comes back whole, by its own key and in its own folder alone, and is stored as the same each time",
    },
  },
  {
    name: "a file by hand with a long name keeps an encrypted home from opening",
    file: host("encryption/sealed-names.ts"),
    find: "sealedPath(names, path) ?? path;",
    replace: "written(path);",
    test: {
      file: host("encryption/sealed-names.test.ts"),
      name: "H21 a file by hand whose name is too long to be sealed is read, written and removed under it, and lies open",
    },
  },
  {
    name: "an agent of an encrypted home is read as it lies",
    file: host("agents/agent-files.ts"),
    find: "this.#read(file) : undefined",
    replace: "fs.readFileSync(file) : undefined",
    test: system("encryption", "H21 an encrypted home's own agents and prompts are sealed, and run"),
  },
  {
    name: "days of the log from before a home was encrypted stay in the clear",
    file: host("encryption/switch-on.ts"),
    find: "  await coverLog(root, home, folder, { cipher, onProgress });\n",
    replace: "",
    test: system(
      "encryption-log",
      "H21 a home that was in the clear is sealed whole, its log of before too, which verifies without the key",
    ),
  },
  {
    name: "a covered record is put in place before a checkpoint names it",
    file: host("encryption/cover-log.ts"),
    find: "journal.append([signedEntry(journal.head, keys, home, { covered: coverNote(segment, sum) })]);",
    replace: "journal.append([signedEntry(journal.head, keys, home, {})]);",
    test: system(
      "encryption-log",
      "H21 a home that was in the clear is sealed whole, its log of before too, which verifies without the key",
    ),
  },
  {
    name: "a home that lost its envelope is written in the clear",
    file: host("encryption/home-disk.ts"),
    find: "if (!home.encrypted && !isEnveloped(folder))",
    replace: "if (!isEnveloped(folder))",
    test: system("encryption", "H21 a home that lost either sign of being encrypted is never written in the clear"),
  },
  {
    name: "any key that is left opens a locked home",
    file: host("encryption/home-disk.ts"),
    find: "dataKey && fitsEnvelope(folder, dataKey)",
    replace: "dataKey",
    test: system("encryption", "H21 a locked home is refused, and opens by its passphrase alone"),
  },
  {
    name: "a sealed file stands for another",
    file: host("encryption/cipher.ts"),
    find: '["file", path].join(" ")',
    replace: '["file", path.length > 0].join(" ")',
    test: system("encryption", "H21 a sealed file stands for no other"),
  },
];
