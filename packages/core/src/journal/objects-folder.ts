/** Where payloads lie that records name by their HMAC. */
export const objectsFolder = "logs/objects";
