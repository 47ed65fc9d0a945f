import { personaDocuments } from "@mh/core/identity/persona.ts";
import { settingsDocument } from "@mh/core/identity/settings-document.ts";
import type { DocumentKind } from "@mh/core/memory/documents/document.ts";
import { noteDocuments } from "@mh/core/memory/documents/notes.ts";
import { taskDocuments } from "@mh/core/memory/tasks/documents.ts";
import type { Crypto } from "@mh/core/ports/crypto.ts";

/** Every kind of file in a home that its owner may edit by hand, but for the rules. */
export const documentKinds = (
  crypto: Crypto,
  readObject: (name: string) => string | undefined = () => undefined,
): DocumentKind[] => [
  taskDocuments(crypto),
  ...noteDocuments(crypto),
  personaDocuments,
  settingsDocument({ crypto, readObject }),
];
