import type { DocumentKind } from "@mh/core/documents/document.ts";
import { noteDocuments } from "@mh/core/documents/notes.ts";
import { personaDocuments } from "@mh/core/persona/persona-documents.ts";
import type { Crypto } from "@mh/core/ports/crypto.ts";
import { settingsDocument } from "@mh/core/settings/settings-document.ts";
import { taskDocuments } from "@mh/core/tasks/documents.ts";

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
