import { expect, test } from "vitest";
import { countIn } from "./days.ts";
import { gitEvents } from "./git.ts";
import { shellEvents } from "./shell.ts";
import { withoutSecrets } from "./without-secrets.ts";

test("H17 a named secret is hidden whatever stands before it, and nothing else is", () => {
  const hidden = {
    "fix: password=hunter2": "fix: password=[hidden]",
    "see https://x.example/?token=abc12": "see https://x.example/?token=[hidden]",
    "DB_PASSWORD = 'correct horse battery' set": "DB_PASSWORD = [hidden] set",
    '{"apiKey": "abc12", "beds": 3}': '{"apiKey": [hidden], "beds": 3}',
    "my-pat: abc12": "my-pat: [hidden]",
    "use token password hunter2": "use token password [hidden]",
    "git://ada:abc12@x.example/a": "git://[hidden]@x.example/a",
  };
  for (const [text, clean] of Object.entries(hidden)) expect(withoutSecrets(text)).toBe(clean);
  for (const text of ["fix: the beds, path=a/b", "feat: water: twice", "see https://x.example/a?bed=3"])
    expect(withoutSecrets(text)).toBe(text);
});

test("H17 no word of a value that was given to a program is taken for its name", () => {
  const names = (line: string) =>
    shellEvents(`#1700000000\n${line}\n#1700000001\n${line}\n`).events.map(({ what }) => what);
  for (const line of [
    "MYSQL_PWD='correct horse battery' mysql",
    'A=1 MYSQL_PWD="correct horse battery" sudo /usr/bin/mysql -u ada',
    "MYSQL_PWD=correct'horse battery'x mysql",
  ])
    expect([line, names(line)]).toEqual([line, ["mysql", "mysql"]]);
  for (const line of [
    'MYSQL_PWD="$(pass show horse battery)" mysql',
    "MYSQL_PWD=`pass show horse` mysql",
    "MYSQL_PWD=correct\\ horse mysql",
    "MYSQL_PWD=(correct horse) mysql",
    "MYSQL_PWD='correct horse mysql",
    "MYSQL_PWD=correct",
  ])
    expect([line, names(line)]).toEqual([line, []]);
});

test("H17 of a list of heads only what was committed here is taken", () => {
  const line = (what: string) => `0 1 Ada <ada@home.example> 1700000000 +0100\t${what}\n`;
  const text = ["commit: a", "commit (initial): b", "commit (amend): c", "commit (merge): Merge of https://x.example"];
  const { events, left } = gitEvents(text.map(line).join(""), "/home/ada/garden/.git/logs/HEAD");
  expect(events.map(({ what }) => what)).toEqual(["garden: a", "garden: b", "garden: c"]);
  expect(left[0]?.count).toBe(1);
});

test("a day's text says how much it tells of", () => {
  expect(countIn("Commits on 2026-03-01\n09:00 a; b (3)\n10:00 c")).toBe(5);
});
