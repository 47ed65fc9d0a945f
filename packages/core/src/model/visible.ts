/**
 * Text that cannot play tricks on a screen: control, bidirectional, zero-width and other invisible characters become
 * boxed code points. Newlines and tabs stay where `multiline` says so; carriage returns and escapes never do.
 */
export function visible(text: string, options: { multiline?: boolean } = {}): string {
  return text.replace(invisible, (char) =>
    options.multiline && (char === "\n" || char === "\t") ? char : boxed(char),
  );
}

const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\u2028\u2029\u115f\u1160\u3164\uffa0]/gu;

function boxed(char: string): string {
  const code = (char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  return `[U+${code}]`;
}
