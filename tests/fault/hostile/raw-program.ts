import * as os from "node:os";
import { numberOf } from "./call-numbers.ts";

/** An argument: a number, the address of these bytes (text ends with a zero), or what an earlier call answered. */
export type Argument = number | bigint | string | Uint8Array | { answerOf: number };

export interface RawCall {
  /** By name in the table of this machine, or by number. */
  call: string | number;
  args: readonly Argument[];
  /** x86-64 only: by the table of 32 bits (`int 0x80`), or by that of x32. */
  table?: "i386" | "x32";
}

const base = 0x400000n;
const headerBytes = 120;
const scratchBytes = 0x10000;
const isArm = os.arch() === "arm64";

/**
 * A static ELF program (elf(5)) that makes these calls one after the other, writes each answer to its standard output as
 * eight bytes, and ends. No compiler is needed, no libc stands between, and it runs in either base.
 */
export function rawProgram(calls: readonly RawCall[]): Buffer {
  const layout = (codeBytes: number) => write(calls, base + BigInt(headerBytes + codeBytes));
  // Every constant takes the same room, so that the second writing has the length of the first.
  const { code, data } = layout(layout(0).code.length);
  return Buffer.concat([header(headerBytes + code.length + data.length), code, data]);
}

/** What such a program answered: a value, or minus the number of an error. */
export function answersOf(said: Uint8Array): number[] {
  const bytes = Buffer.from(said);
  return Array.from({ length: Math.floor(bytes.length / 8) }, (_, at) => Number(bytes.readBigInt64LE(at * 8)));
}

function write(calls: readonly RawCall[], dataAt: bigint): { code: Buffer; data: Buffer } {
  const answers = Buffer.alloc(8 * calls.length);
  const data: Buffer[] = [answers];
  let next = dataAt + BigInt(answers.length);
  const keep = (bytes: Buffer): bigint => {
    const at = next;
    const padded = Buffer.concat([bytes, Buffer.alloc((8 - (bytes.length % 8)) % 8)]);
    data.push(padded);
    next += BigInt(padded.length);
    return at;
  };
  const answerAt = (index: number) => dataAt + BigInt(8 * index);
  const code = calls.map(({ call, args, table }, index) => {
    const values = args.map((each): Value => {
      if (typeof each === "number" || typeof each === "bigint") return { is: BigInt(each) };
      if (typeof each === "string") return { is: keep(Buffer.from(`${each}\0`)) };
      if (each instanceof Uint8Array) return { is: keep(Buffer.from(each)) };
      return { liesAt: answerAt(each.answerOf) };
    });
    const number = BigInt(typeof call === "number" ? call : numberOf(call)) + (table === "x32" ? 0x40000000n : 0n);
    const made = table === "i386" ? callOf32Bits(number, values) : callOf(number, values);
    const told = callOf(BigInt(numberOf("write")), [{ is: 1n }, { is: answerAt(index) }, { is: 8n }]);
    return Buffer.concat([made, keepAnswer(answerAt(index)), told]);
  });
  const end = callOf(BigInt(numberOf("exit_group")), [{ is: 0n }]);
  return { code: Buffer.concat([...code, end]), data: Buffer.concat(data) };
}

type Value = { is: bigint } | { liesAt: bigint };

// Per argument: load a constant of 64 bits, then load from the address that it is. rdi, rsi, rdx, r10, r8, r9.
const intoRegister = [
  [0x48, 0xbf],
  [0x48, 0xbe],
  [0x48, 0xba],
  [0x49, 0xba],
  [0x49, 0xb8],
  [0x49, 0xb9],
];
const fromMemory = [
  [0x48, 0x8b, 0x3f],
  [0x48, 0x8b, 0x36],
  [0x48, 0x8b, 0x12],
  [0x4d, 0x8b, 0x12],
  [0x4d, 0x8b, 0],
  [0x4d, 0x8b, 9],
];

function callOf(number: bigint, values: readonly Value[]): Buffer {
  if (isArm) return armCall(number, values);
  const loads = values.flatMap((value, at) => [
    ...[...(intoRegister[at] ?? []), ...wide("is" in value ? value.is : value.liesAt)],
    ...("is" in value ? [] : (fromMemory[at] ?? [])),
  ]);
  return Buffer.from([...loads, 0x48, 0xb8, ...wide(number), 0x0f, 0x05]);
}

/** ebx, ecx, edx, esi, edi; `int 0x80`. */
function callOf32Bits(number: bigint, values: readonly Value[]): Buffer {
  const registers = [0xbb, 0xb9, 0xba, 0xbe, 0xbf];
  const narrow = (value: bigint) => wide(value).slice(0, 4);
  const loads = values.flatMap((value, at) => [registers[at] ?? 0, ...narrow("is" in value ? value.is : 0n)]);
  return Buffer.from([...loads, 0xb8, ...narrow(number), 0xcd, 0x80]);
}

/** x0 to x5 and x8; `svc 0`. */
function armCall(number: bigint, values: readonly Value[]): Buffer {
  const loads = values.flatMap((value, at) => [
    ...armConstant(at, "is" in value ? value.is : value.liesAt),
    ...("is" in value ? [] : [0xf9400000 + (at << 5) + at]),
  ]);
  return armCode([...loads, ...armConstant(8, number), 0xd4000001]);
}

/** movz, and three times movk. */
const armConstant = (register: number, value: bigint): number[] =>
  [0, 1, 2, 3].map((half) => {
    const bits = Number((BigInt.asUintN(64, value) >> BigInt(16 * half)) & 0xffffn);
    return (half === 0 ? 0xd2800000 : 0xf2800000) + half * 0x200000 + bits * 32 + register;
  });

function armCode(words: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * words.length);
  for (const [at, word] of words.entries()) bytes.writeUInt32LE(word >>> 0, 4 * at);
  return bytes;
}

/** rax, or x0, goes there. */
function keepAnswer(at: bigint): Buffer {
  if (isArm) return armCode([...armConstant(9, at), 0xf9000000 + (9 << 5)]);
  return Buffer.from([0x48, 0xa3, ...wide(at)]);
}

function wide(value: bigint): number[] {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, value));
  return [...bytes];
}

/** One segment that holds everything, read, written and run. */
function header(bytes: number): Buffer {
  const head = Buffer.alloc(headerBytes);
  Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]).copy(head);
  for (const [at, value] of [
    [16, 2],
    [18, isArm ? 183 : 62],
    [52, 64],
    [54, 56],
    [56, 1],
  ] as const)
    head.writeUInt16LE(value, at);
  for (const [at, value] of [
    [20, 1],
    [64, 1],
    [68, 7],
  ] as const)
    head.writeUInt32LE(value, at);
  const addresses: [number, bigint][] = [
    [24, base + BigInt(headerBytes)],
    [32, 64n],
    [80, base],
    [88, base],
  ];
  const sizes: [number, bigint][] = [
    [96, BigInt(bytes)],
    [104, BigInt(bytes + scratchBytes)],
    [112, 0x1000n],
  ];
  for (const [at, value] of [...addresses, ...sizes]) head.writeBigUInt64LE(value, at);
  return head;
}
