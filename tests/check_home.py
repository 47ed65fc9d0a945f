#!/usr/bin/env python3
"""Says whether a home holds what was acknowledged, with nothing of mh but the formats that its documents state.

It reads one object a line: {"home": path, "done": [ids], "refused": [ids], "there": [texts], "gone": [texts]}, each but the
first optional, and answers each with one line: a list of what is wrong, in sentences.
A torn last line of the log is no fault: nothing of it was acknowledged. Encrypted homes have their chain checked alone.
A log that was repaired names the files of the log it was, and the branches in them; each record that was taken over stands there.
"""
import base64, glob, gzip, hashlib, json, os, re, sys, zlib

def sha(data): return hashlib.sha256(data).hexdigest()

def read(path):
    with (gzip.open if path.endswith(".gz") else open)(path, "rb") as file: return file.read()

def segments(home):
    name = re.compile(r"(\d{4}-\d\d-\d\d)(?:\.(\d+))?\.ndjson(?:\.gz)?$")
    # An archiving that was cut off leaves both files of a day: the plain one counts.
    files = sorted(glob.glob(f"{home}/logs/audit/*"), reverse=True)
    found = {(m[1], int(m[2] or 0)): path for path in files if (m := name.search(path))}
    return [found[day] for day in sorted(found)]

def without_hash(line, value):
    """A line as it was hashed (RFC 8785 without the member `hash`): of several members of that name the one that fits."""
    member = b'"hash":"' + value.encode() + b'"'
    for at in [m.start() for m in re.finditer(re.escape(member), line)]:
        rest = line[at + len(member):]
        before = line[:at]
        whole = before + rest[1:] if rest[:1] == b"," else before.rstrip(b",") + rest
        if sha(b"\0" + whole) == value: return whole
    return None

def root_of(leaves):
    """RFC 6962, section 2.1."""
    if len(leaves) == 1: return leaves[0]
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return bytes.fromhex(sha(b"\1" + root_of(leaves[:half]) + root_of(leaves[half:])))

def loose(home, kept):
    """Every record in the files that a repair kept which has its hash, wherever in a chain it stands; by hash."""
    found = {}
    for path in glob.glob(f"{home}/{kept}/logs/audit/*"):
        lines = read(path).split(b"\n") if not path.endswith(".gz") else salvaged(path).split(b"\n")
        for line in lines:
            try: record = json.loads(line)
            except ValueError: continue
            if isinstance(record, dict) and without_hash(line, record.get("hash", "")) is not None: found[record["hash"]] = record
    return found

def salvaged(path):
    """What a damaged archive gives before it breaks."""
    out, unpack = b"", zlib.decompressobj(31)
    with open(path, "rb") as file: data = file.read()
    try:
        for at in range(len(data)): out += unpack.decompress(data[at:at + 1])
    except zlib.error: pass
    return out

def said(record): return json.dumps({k: v for k, v in record.items() if k not in ("seq", "prev", "mac", "hash")}, sort_keys=True)

def repaired(home, at, repair, encrypted, say):
    """The files are those that were kept and each branch is whole by itself; gives what the branches say."""
    for each in repair["files"]:
        path = f"{home}/{repair['kept']}/{each['path']}"
        if encrypted: continue
        if not os.path.exists(path): say(f"{path}, which the repair at {at} kept, is not there")
        else:
            with open(path, "rb") as file:
                if sha(file.read()) != each["sha256"]: say(f"{path} is not what the repair at {at} kept")
    if encrypted: return None
    records, left = loose(home, repair["kept"]), []
    for branch in repair["branches"]:
        last = branch["last"]
        for seq in range(branch["from"] + branch["records"] - 1, branch["from"] - 1, -1):
            record = records.get(last)
            if record is None or record["seq"] != seq: say(f"a branch that the repair at {at} kept breaks at {seq}"); break
            left.append(said(record))
            last = record["prev"]
        else:
            if last != branch["prev"]: say(f"a branch that the repair at {at} kept follows another record")
    return left

def chain(home, say):
    records, last, encrypted = [], "0" * 64, json.loads(read(f"{home}/home.json")).get("encrypted")
    repair = None
    paths = segments(home)
    for path in paths:
        lines = read(path).split(b"\n")
        if lines.pop() and path != paths[-1]: say(f"{path} ends in the middle of a line")
        for line in lines:
            try: record = json.loads(line)
            except ValueError: return say(f"record {len(records)} is no JSON") or records
            if record.get("phase") != "covered" and without_hash(line, record.get("hash", "")) is None:
                say(f"record {len(records)} does not have its hash")
            if record["seq"] != len(records) or record["prev"] != last: say(f"record {len(records)} does not follow the one before")
            last = record["hash"]
            if record["phase"] == "checkpoint" and isinstance(record.get("body"), dict) and "note" in record["body"]:
                _, size, root = record["body"]["note"].split("\n")[:3]
                leaves = [bytes.fromhex(each["hash"]) for each in records[: int(size)]]
                if leaves and root_of(leaves) != base64.b64decode(root): say(f"the checkpoint at {len(records)} is of another log")
            if repair and repair["carried"] > 0:
                repair["carried"] -= 1
                if repair["left"] is not None:
                    if said(record) in repair["left"]: repair["left"].remove(said(record))
                    else: say(f"record {len(records)} was taken over by a repair and stands in no branch")
            elif record["phase"] == "checkpoint" and "repaired" in (record.get("body") or {}):
                repair = dict(record["body"]["repaired"])
                repair["left"] = repaired(home, len(records), repair, encrypted, say)
            records.append(record)
    return records

def memory_lines(home, say):
    found = {}
    for path in glob.glob(f"{home}/memory/episodic/**/*.ndjson", recursive=True) + glob.glob(f"{home}/memory/semantic/*.ndjson"):
        for line in read(path).split(b"\n")[:-1]:
            try: cmd = json.loads(line).get("cmd")
            except ValueError: say(f"{path} has a line that is no JSON"); continue
            found[cmd] = found.get(cmd, 0) + 1
    return found

def data(home, records, say):
    """Each command that is done has the lines and files that its intent names, and no line is of a command that is not."""
    done = {r["id"] for r in records if r["phase"] == "outcome" and r["outcome"]["status"] == "done"}
    bodies = {r["id"]: r["body"] for r in records if r["phase"] == "intent" and "wrote" in r.get("body", {})}
    owed = {id: body["wrote"]["lines"] for id, body in bodies.items() if id in done}
    for id in done & bodies.keys():
        for cmd, count in bodies[id].get("removed", {}).items():
            if cmd in owed: owed[cmd] -= count
    found = memory_lines(home, say)
    # What lost records said of lines nobody knows: whose they are, and whether they were forgotten.
    lost = any(r["body"]["repaired"]["lost"] for r in records if r["phase"] == "checkpoint" and "repaired" in (r.get("body") or {}))
    for id, count in owed.items():
        if lost: break
        if found.get(id, 0) < count: say(f"{id} wrote {count} lines, and {found.get(id, 0)} are there")
    taken_back = sum(len(r["body"].get("sums", [])) for r in records if r["phase"] == "adopt" and r["body"].get("what") == "lines")
    begun = {r["id"] for r in records if r["phase"] == "intent"}
    strange = sum(count for cmd, count in found.items() if cmd not in begun)
    if strange > taken_back and not lost: say(f"{strange} lines are of no command that the log knows")
    last = {f["file"]: f["after"] for id, body in bodies.items() if id in done for f in body["wrote"]["files"]}
    for file, after in last.items():
        name = f"{home}/logs/objects/{file}"
        if not os.path.exists(name): continue
        is_there = os.path.exists(os.path.join(home, read(name).decode()))
        if is_there != (after is not None): say(f"{read(name).decode()} is {'' if is_there else 'not '}there, and should {'not ' if is_there else ''}be")
    return done

def check(home, expected, say):
    records = chain(home, say)
    if json.loads(read(f"{home}/home.json")).get("encrypted"): return
    done = data(home, records, say)
    ends = [r["id"] for r in records if r["phase"] == "outcome" and r["outcome"]["status"] == "done"]
    for id in expected.get("done", []):
        if ends.count(id) != 1: say(f"{id} was acknowledged, and the log has it done {ends.count(id)} times")
    for id in expected.get("refused", []):
        if id in done: say(f"{id} was refused, and the log has it done")
    files = [os.path.join(folder, name) for folder, _, names in os.walk(home) for name in names]
    files = [path for path in files if os.path.isfile(path)]
    own = [read(p) for p in files if re.match(r"(memory/(?!index/)|persona/|config\.yaml)", os.path.relpath(p, home))]
    for text in expected.get("there", []):
        if not any(text.encode() in each for each in own): say(f"“{text}” was acknowledged, and is nowhere")
    for text in expected.get("gone", []):
        for path in files:
            if text.encode() in read(path): say(f"“{text}” was forgotten, and stands in {os.path.relpath(path, home)}")

if __name__ == "__main__":
    for line in sys.stdin:
        expected, wrong = json.loads(line), []
        try: check(expected["home"], expected, wrong.append)
        except Exception as error: wrong.append(f"the checker failed: {error!r}")
        print(json.dumps(wrong), flush=True)
