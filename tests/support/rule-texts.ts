import fc from "fast-check";

const effects = ["read", "write", "send", "admin", "destroy", "local"];
const skills = ["memory.capture", "policy.adopt", "kernel.resume", "policy.disable", "kernel.stop"];

const principal = fc.constantFrom(
  ...[
    "principal",
    'principal == mh::Principal::"owner"',
    "principal is mh::Principal",
    'principal in mh::Principal::"owner"',
  ],
);
const action = fc.oneof(
  fc.constant("action"),
  fc.constantFrom(...effects).map((effect) => `action == mh::Action::"${effect}"`),
  fc
    .subarray(effects, { minLength: 1 })
    .map((some) => `action in [${some.map((e) => `mh::Action::"${e}"`).join(", ")}]`),
);
const resource = fc.oneof(
  fc.constant("resource"),
  fc.constantFrom(...skills).map((skill) => `resource == mh::Skill::"${skill}"`),
);
/** Those that err while they are judged are among them: a sum that is too large for 64 bits. */
const atom = fc.constantFrom(
  ...["true", "principal.owner", "!context.stopped", "context.hour >= 0", "context.weekday < 8", "context.approved"],
  ...["context.hour + 9223372036854775807 > 9223372036854775807", "context.rateLeft * 9223372036854775807 > 1"],
  ...["context.paths.isEmpty()", 'context.currency like "*"', "principal.trustLevel > -1", "context.quietHours"],
  ...[
    'resource != mh::Skill::"policy.matrix"',
    'principal.kind == mh::Kind::"owner"',
    '["", "EUR"].contains(context.currency)',
  ],
);
const { condition } = fc.letrec<{ condition: string }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    atom,
    tie("condition").map((inner) => `!(${inner})`),
    fc.tuple(tie("condition"), tie("condition")).map(([a, b]) => `(${a} && ${b})`),
    fc.tuple(tie("condition"), tie("condition")).map(([a, b]) => `(${a} || ${b})`),
    fc.tuple(tie("condition"), tie("condition")).map(([a, b]) => `(if ${a} then ${b} else ${a})`),
  ),
}));
const clause = fc.tuple(fc.constantFrom("when", "unless"), condition).map(([word, text]) => `${word} { ${text} }`);

/** One rule, most of them forbids that bind the owner. */
export const ruleText = fc
  .tuple(
    fc.constantFrom("forbid", "forbid", "forbid", "permit"),
    ...([principal, action, resource] as const),
    fc.array(clause, { maxLength: 2 }),
  )
  .map(([effect, who, what, where, clauses]) => `${effect} (${who}, ${what}, ${where}) ${clauses.join(" ")};`);

const filled = (count: number) => (text: string) => Array.from({ length: count }, () => text).join("\n");

/** What is no file of rules: broken, too large, too deep, or no text. */
const brokenFile = fc.constantFrom<string | Uint8Array>(
  ...[
    "forbid (",
    "forbid (principal, action, resource) when { context.nonsense };",
    "permit (principal == ?principal, action, resource);",
  ],
  new Uint8Array([0xff, 0xfe, 0x00, 0x28]),
  `forbid (principal, action, resource) when { ${"(".repeat(300)}true${")".repeat(300)} };`,
  `forbid (principal, action, resource) when { ${Array.from({ length: 4000 }, () => "context.may").join(" || ")} };`,
  filled(3000)("forbid (principal, action, resource);"),
  `// ${"x".repeat(1_500_000)}`,
);

/** A whole file of rules. */
export const ruleFile = fc.oneof(
  { weight: 5, arbitrary: fc.array(ruleText, { minLength: 1, maxLength: 4 }).map((rules) => rules.join("\n")) },
  { weight: 1, arbitrary: ruleText.map(filled(400)) },
  { weight: 2, arbitrary: brokenFile },
);
