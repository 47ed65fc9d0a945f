import canonicalize from "canonicalize";

/** JSON in the one form of RFC 8785 (JCS): same value, same bytes. */
export function canonical(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError("a value without JSON form cannot be made canonical");
  return text;
}
