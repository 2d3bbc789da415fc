"""Asks transformers, tokenizers and datasets whether an export is what gemline says it is. Prints a line of JSON for each check.

Usage: check.py WORK, a folder that test/python/export/export.test.ts has filled:
  dialogues.jsonl     {for, id, trajectory, text, spans, tokens}: what each row must come to
  rendered.json       the fixture of the TypeScript tests
  agent-<format>, synthesizer-<format>  exports"""
import json
import os
import sys

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["HF_DATASETS_CACHE"] = os.path.join(sys.argv[1], "cache")
os.environ["TRANSFORMERS_VERBOSITY"] = "error"

from datasets import disable_progress_bars, load_dataset  # noqa: E402
from transformers import PreTrainedTokenizerFast  # noqa: E402

import traps  # noqa: E402
from parse import expected, parse  # noqa: E402
from trainers import THINK, lf_hermes, lf_sharegpt, swift_hermes  # noqa: E402

WORK = sys.argv[1]
QWEN3 = sys.argv[2]
FORMATS = ["openai", "sharegpt", "hermes", "ms-swift", "trl", "verl"]

disable_progress_bars()
config = json.load(open(os.path.join(QWEN3, "tokenizer_config.json")))
tokenizer = PreTrainedTokenizerFast(tokenizer_file=os.path.join(QWEN3, "tokenizer.json"), chat_template=config["chat_template"])


def template(messages, tools=None):
    return tokenizer.apply_chat_template(messages, tools=tools or None, tokenize=False)


def count_tokens(text):
    return len(tokenizer.encode(text, add_special_tokens=False))


def check(name, wrong, total):
    print(json.dumps({"name": name, "ok": total > 0 and not wrong, "total": total, "wrong": wrong[:3]}), flush=True)


def native(trajectory):
    """Messages and tools as a program hands them to the template."""
    messages = []
    for message in trajectory["messages"]:
        calls = [{"type": "function", "function": {"name": call["name"], "arguments": call["arguments"]}} for call in message.get("toolCalls", [])]
        messages.append({"role": message["role"], "content": message["content"], **({"tool_calls": calls} if calls else {})})
    return messages, expected(trajectory)["tools"]


def without_think(text):
    """The template opens the last turn with an empty think block; trainers with templates of their own do not."""
    at = text.rindex("<|im_start|>assistant\n") + len("<|im_start|>assistant\n")
    assert text.startswith(THINK, at)
    return text[:at] + text[at + len(THINK):]


def render(name, row):
    """The text of a row as its trainer makes it."""
    if name in ("openai", "trl"):
        tools = row.get("tools")
        return template(row["messages"], json.loads(tools) if isinstance(tools, str) else tools)
    if name in ("hermes", "verl"):
        return template(row["messages"])
    return {"sharegpt": lf_sharegpt, "ms-swift": swift_hermes}[name](row).text


def wanted(name, each):
    """What that text must be. LLaMA-Factory puts two line ends before the tools even where there is no system prompt."""
    text = each["text"] if name in ("openai", "trl", "hermes", "verl") else without_think(each["text"])
    is_bare = name == "sharegpt" and each["trajectory"]["tools"] and each["trajectory"]["messages"][0]["role"] != "system"
    return text.replace("<|im_start|>system\n", "<|im_start|>system\n\n\n", 1) if is_bare else text


def load(folder):
    parts = load_dataset(folder)
    return parts, [row for part in parts.values() for row in part]


def exact(name, folder, rows):
    """The rows as a trainer of the form reads them: OpenAI's as JSON lines, all others by `datasets`."""
    if name != "openai":
        return [drop_nulls(row) for row in rows]
    return [json.loads(line) for part in ("train", "valid") for line in open(os.path.join(folder, f"{part}.jsonl"))]


def drop_nulls(value):
    """`datasets` gives null for a key that a row has not."""
    if isinstance(value, list):
        return [drop_nulls(each) for each in value]
    return {name: drop_nulls(each) for name, each in value.items() if each is not None} if isinstance(value, dict) else value


def same(line, row, name):
    """Equal in every character; of OpenAI's form all but the tools, whose numbers `datasets` changes (trap datasets-json-numbers)."""
    apart = {"tools"} if name == "openai" else set()
    pick = lambda value: {key: each for key, each in value.items() if key not in apart}  # noqa: E731
    return normal(pick(line)) == normal(drop_nulls(pick(row)))


def normal(value):
    return json.dumps(value, sort_keys=True)


dialogues = [json.loads(line) for line in open(os.path.join(WORK, "dialogues.jsonl"))]
by_id = {(each["for"], each["id"]): each for each in dialogues}

# 1. Our template and our tokens are the real ones.
check("template: renderQwen3 gives the text of apply_chat_template", [each["id"] for each in dialogues if template(*native(each["trajectory"])) != each["text"]], len(dialogues))
check("tokens: as many as the tokenizer of Qwen3 makes", [each["id"] for each in dialogues if count_tokens(each["text"]) != each["tokens"]], len(dialogues))
rendered = json.load(open(os.path.join(WORK, "rendered.json")))
check("template: the fixture of the TypeScript tests", [each["name"] for each in rendered if template(*native(each["trajectory"])) != each["text"] or count_tokens(each["text"]) != each["tokens"]], len(rendered))

# 2. The text reads back to equal calls, tools, text and loss spans.
wrong = []
for each in dialogues:
    read = parse(each["text"])
    want = expected(each["trajectory"])
    if json.dumps(read["turns"]) != json.dumps(want["turns"]) or json.dumps(read["tools"]) != json.dumps(want["tools"]) or read["spans"] != each["spans"]:
        wrong.append(each["id"])
check("parse: text of the template reads back to equal calls, tools, text and spans", wrong, len(dialogues))

# 3. Every format: datasets reads the folder, each row is what was written, and its trainer's text is the template's.
rows_of = {}
for trainee in ("agent", "synthesizer"):
    for name in FORMATS:
        folder = os.path.join(WORK, f"{trainee}-{name}")
        parts, rows = load(folder)
        rows_of[trainee, name] = rows
        manifest = json.load(open(os.path.join(folder, "export.json")))
        counts = {part: info["rows"] for part, info in manifest["totals"]["parts"].items()}
        check(f"{trainee} {name}: load_dataset reads every part", [] if counts == {part: len(data) for part, data in parts.items()} else [str(parts)], len(rows))
        wrong = []
        if name != "verl":
            for part, info in manifest["totals"]["parts"].items():
                lines = [json.loads(line) for line in open(os.path.join(folder, info["path"]))]
                wrong += [line["id"] for line, row in zip(lines, parts[part]) if not same(line, row, name)]
            check(f"{trainee} {name}: every row of load_dataset equals its line", wrong, len(rows))
        wrong = []
        for row in exact(name, folder, rows):
            each = by_id[trainee, row["id"]]
            text, want = render(name, row), expected(each["trajectory"])
            read = parse(text)["turns"]
            if name == "sharegpt" and read[0] == ("system", "", []) and want["turns"][0][0] != "system":
                read = read[1:]
            if text != wanted(name, each) or json.dumps(read) != json.dumps(want["turns"]):
                wrong.append(row["id"])
        check(f"{trainee} {name}: the text that its trainer makes is that of the template", wrong, len(rows))
        if name in ("sharegpt", "ms-swift", "hermes"):
            replay = {"sharegpt": lf_sharegpt, "ms-swift": swift_hermes, "hermes": lf_hermes}[name]
            wrong = []
            for row in rows:
                if replay(drop_nulls(row)).spans != parse(wanted(name, by_id[trainee, row["id"]]) if name != "hermes" else without_think(by_id[trainee, row["id"]]["text"]))["spans"]:
                    wrong.append(row["id"])
            check(f"{trainee} {name}: the loss is computed of the assistant's turns", wrong, len(rows))

# 4. The traps.
for name, wrong, total in traps.run(rows_of, by_id, template, tokenizer, WORK):
    check(f"trap {name}", wrong, total)
