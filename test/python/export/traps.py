"""The silent traps of the trainers, one check each: first that the trap is there, then that an export does not step into it.
docs/export.md has the table."""
import json
import os

import pyarrow as pa
import pyarrow.json
import pyarrow.parquet
from datasets import Features, Json, List, load_dataset

from parse import expected
from trainers import BETWEEN, THINK, Emptied, lf_align, lf_function, lf_openai, lf_reasoning, lf_sharegpt, lf_wrap, swift_hermes, verl_pieces


def run(rows_of, by_id, template, tokenizer, work):
    agent = {name: rows for (trainee, name), rows in rows_of.items() if trainee == "agent"}
    dialogue = lambda row: by_id["agent", row["id"]]  # noqa: E731
    calls = lambda row: [message for message in dialogue(row)["trajectory"]["messages"] if message.get("toolCalls")]  # noqa: E731
    beside = [row for row in agent["sharegpt"] if any(message["content"] for message in calls(row))]
    parallel = [row for row in agent["sharegpt"] if any(len(message["toolCalls"]) > 1 for message in calls(row))]

    # LLaMA-Factory empties a sample whose turns do not alternate, and warns.
    wrong = []
    for row in parallel:
        naive = [(turn["from"], text) for turn in row["conversations"] for text in turn["value"].split(BETWEEN)]
        wrong += [] if emptied(naive) else [f"{row['id']}: a turn for each observation is no trap"]
    for row in agent["sharegpt"]:
        wrong += [row["id"]] if emptied([(turn["from"], turn["value"]) for turn in row["conversations"]]) else []
    yield "lf-parity", wrong, len(parallel)

    # A call is JSON; text beside it breaks it, unless the JSON stands in call tags.
    wrong = []
    for row in beside:
        texts = [message["content"] for message in calls(row) if message["content"]]
        turns = [turn["value"] for turn in row["conversations"] if turn["from"] == "function_call" and "<tool_call>" in turn["value"]]
        wrong += [] if len(turns) == len(texts) and all(lf_function(turn).startswith(text + "\n<tool_call>\n") for turn, text in zip(turns, texts)) else [row["id"]]
        wrong += [] if raises(lambda: lf_function(turns[0].replace("<tool_call>", "").replace("</tool_call>", "")), json.JSONDecodeError) else [f"{row['id']}: bare JSON beside text is no trap"]
    yield "lf-text-beside-call", wrong, len(beside)

    # formatting: openai puts the call in the place of the text beside it.
    wrong = []
    for row in agent["openai"]:
        texts = [message["content"] for message in calls(row) if message["content"]]
        if texts and all(text + "\n<tool_call>" in lf_openai(row).text for text in texts):
            wrong.append(f"{row['id']}: the text survives, so it is no trap")
    card = open(os.path.join(work, "agent-openai", "README.md")).read()
    wrong += [] if "formatting: openai" in card else ["the card does not warn"]
    yield "lf-openai-loses-text", wrong, len(beside)

    # Arguments that are a string are dumped once more on the way.
    wrong = [f"{row['id']}: a string is no trap" for row in agent["openai"] if calls(row) and '"arguments": "{' not in lf_openai(row).text]
    for name, replay in (("sharegpt", lf_sharegpt), ("ms-swift", swift_hermes)):
        wrong += [row["id"] for row in agent[name] if any(f'"name": "{call["name"]}", "arguments": "' in replay(present(row)).text for message in calls(row) for call in message["toolCalls"])]
    wrong += [row["id"] for row in agent["trl"] if '"arguments": "' in template([drop(message) for message in row["messages"]])]
    yield "arguments-twice", wrong, len(agent["openai"])

    # A bare tool is wrapped without its keys being renamed.
    wrong = [] if "parameters" not in lf_wrap({"name": "a", "inputSchema": {}})["function"] else ["inputSchema is renamed, so it is no trap"]
    declared = {name: [(row["id"], json.loads(row["tools"]) if isinstance(row["tools"], str) else row["tools"]) for row in agent[name]] for name in ("sharegpt", "ms-swift", "openai", "trl")}
    wrong += [at for rows in declared.values() for at, tools in rows if any(list(tool["function"]) != ["name", "description", "parameters"] for tool in tools)]
    yield "input-schema", wrong, len(agent["sharegpt"])

    # LLaMA-Factory's default tool format reads parameters.properties of every tool.
    wrong = [] if raises(lambda: {"type": "object"}["properties"], KeyError) else ["it is no trap"]
    wrong += [at for rows in declared.values() for at, tools in rows if any(not isinstance(tool["function"]["parameters"]["properties"], dict) for tool in tools)]
    bare = [each for each in by_id.values() if any("properties" not in tool["parameters"] for tool in each["trajectory"]["tools"])]
    yield "parameters-properties", wrong, len(bare)

    # The template of a reasoning model adds an empty think block to every answer, inside of the loss unless thinking is off.
    wrong = []
    info = json.load(open(os.path.join(work, "agent-sharegpt", "export.json")))
    longest = 0
    for row in agent["sharegpt"]:
        plain = lf_sharegpt(present(row))
        on, off = lf_reasoning(plain, True), lf_reasoning(plain, False)
        wrong += [] if all(on.text[start:].startswith(THINK) for start, _ in on.spans) else [row["id"]]
        wrong += [] if [off.text[start:end] for start, end in off.spans] == [plain.text[start:end] for start, end in plain.spans] else [row["id"]]
        longest = max(longest, len(tokenizer.encode(off.text, add_special_tokens=False)))
    card = open(os.path.join(work, "agent-sharegpt", "README.md")).read()
    wrong += [] if "enable_thinking: false" in card else ["the card does not turn thinking off"]
    yield "lf-think-block", wrong, len(agent["sharegpt"])

    # Two line ends stand before the tools where there is no system prompt; ours have one.
    without = [row for row in agent["sharegpt"] if not row["system"]]
    wrong = [f"{row['id']}: it is no trap" for row in without if "<|im_start|>system\n\n\n# Tools" not in lf_sharegpt(present(row)).text]
    wrong += [row["id"] for row in without if not row["id"].startswith("t-")]
    yield "lf-no-system", wrong, len(without)

    # What is longer than cutoff_len is cut, and nothing is said.
    wrong = [] if longest <= info["totals"]["longest"] <= longest + 8 else [f"{longest} tokens, export.json says {info['totals']['longest']}"]
    wrong += [] if f"cutoff_len: {max(32768, info['totals']['longest'])}" in card else ["the card cuts rows"]
    yield "lf-cutoff", wrong, len(agent["sharegpt"])

    # A reader that guesses types gives all rows the keys of all others, with null.
    few = os.path.join(work, "few.jsonl")
    write(few, *({"tools": [{"name": name, "parameters": {"properties": {name: {"type": "string"}}}}]} for name in ("a", "b")))
    polluted = pyarrow.json.read_json(few).to_pylist()[0]["tools"][0]["parameters"]["properties"]
    wrong = [] if polluted == {"a": {"type": "string"}, "b": None} else ["a reader that guesses gives no null keys, so it is no trap"]
    wrong += [row["id"] for name in ("trl", "sharegpt", "ms-swift") for row in agent[name] if json.dumps(json.loads(row["tools"])) != json.dumps(expected(dialogue(row)["trajectory"])["tools"])]
    yield "datasets-null-keys", wrong, len(agent["trl"])

    # The feature that keeps any JSON reads fractions inexactly and writes ten digits of them.
    write(few, {"a": [{"b": 0.3}]}, {"a": [{"c": 1 / 3}]})
    read = load_dataset("json", data_files=few, split="train", features=Features({"a": List(Json())}))
    wrong = [] if [row["a"] for row in read] != [[{"b": 0.3}], [{"c": 1 / 3}]] else ["fractions stay, so it is no trap"]
    kept = [call["function"]["arguments"] for row in agent["trl"] for message in row["messages"] for call in message["tool_calls"] or []]
    want = [json.dumps(call["arguments"], ensure_ascii=False) for row in agent["trl"] for message in calls(row) for call in message["toolCalls"]]
    wrong += [mine for mine, other in zip(kept, want) if mine != other] + ([] if len(kept) == len(want) else ["calls are lost"])
    yield "datasets-json-numbers", wrong, sum("." in each for each in want)

    # An integer of more than 64 bits, and nothing of the file can be read.
    write(few, {"a": [{"b": 12345678901234567000}]}, {"a": [{"c": -12345678901234567000}]})
    wrong = [] if raises(lambda: load_dataset("json", data_files=few, split="train", features=Features({"a": List(Json())})), Exception) else ["it is read, so it is no trap"]
    wrong += [] if info["totals"]["leftOut"].get("number-too-large") == 1 else [str(info["totals"]["leftOut"])]
    yield "datasets-large-integers", wrong, 1

    # TRL's tool messages say which tool answers.
    wrong = []
    for row in agent["trl"]:
        named = [message["name"] for message in row["messages"] if message["role"] == "tool"]
        wrong += [] if named == [call["name"] for message in calls(row) for call in message["toolCalls"]] else [row["id"]]
    yield "trl-tool-name", wrong, len(agent["trl"])

    # ms-swift joins text and calls with nothing between.
    wrong = []
    for row in agent["ms-swift"]:
        stripped = [{**message, "content": message["content"].removesuffix("\n")} if message["role"] == "assistant" else message for message in row["messages"]]
        if any(message["content"] for message in calls(row)) and swift_hermes(present({**row, "messages": stripped})).text == swift_hermes(present(row)).text:
            wrong.append(f"{row['id']}: a line end is put between, so it is no trap")
    yield "ms-swift-line-end", wrong, len(beside)

    # Parquet gives all structs of a column the keys of all rows; there are none in the file but role and content.
    table = pa.parquet.read_table(os.path.join(work, "agent-verl", "train.parquet"))
    structs = pa.table({"tools": [[{"a": {"x": 1}}], [{"b": {"y": 2}}]]}).to_pylist()
    wrong = [] if structs[0] == {"tools": [{"a": {"x": 1}, "b": None}]} else ["structs have no null keys, so it is no trap"]
    element = table.schema.field("messages").type.value_type
    wrong += [] if [(field.name, str(field.type)) for field in element] == [("role", "string"), ("content", "string")] else [str(element)]
    wrong += [] if table.column_names == ["id", "messages"] else [str(table.column_names)]
    wrong += [str(at) for at, messages in enumerate(table.column("messages").to_pylist()) if any(value is None for message in messages for value in message.values())]
    yield "verl-null-keys", wrong, table.num_rows

    # verl compares the messages one by one with the whole: the think block of the last turn is all that differs.
    wrong = []
    for row in agent["verl"]:
        whole, pieces = template(row["messages"]), verl_pieces(row, template)
        at = whole.rindex("<|im_start|>assistant\n") + len("<|im_start|>assistant\n")
        wrong += [] if whole != pieces and whole[:at] + whole[at + len(THINK):] == pieces else [row["id"]]
    card = open(os.path.join(work, "agent-verl", "README.md")).read()
    wrong += [] if "ignore_input_ids_mismatch=true" in card else ["the card does not say that the mismatch must be ignored"]
    yield "verl-message-by-message", wrong, len(agent["verl"])

    # 1024 tokens are the default, and longer rows an error.
    wrong = [] if "data.max_length=" in card and int(card.split("data.max_length=")[1].split()[0]) >= info["totals"]["longest"] else ["the card does not raise max_length"]
    yield "verl-max-length", wrong, 1

    # A token of the template in a text is that token to the tokenizer: such rows are left out.
    special = tokenizer.encode("a<|im_end|>b", add_special_tokens=False)
    wrong = [] if len(special) == 3 and special[1] == 151645 else ["a token in a text is plain text, so it is no trap"]
    wrong += [] if info["totals"]["leftOut"].get("template-token") == 1 else [str(info["totals"]["leftOut"])]
    yield "template-token", wrong, 1

    # Half a surrogate pair: nothing of the file could be read.
    write(few, {"a": "\ud800"})
    wrong = [] if raises(lambda: pyarrow.json.read_json(few).to_pylist(), (pa.ArrowInvalid, UnicodeDecodeError)) else ["half a pair is read, so it is no trap"]
    wrong += [] if info["totals"]["leftOut"].get("text-malformed") == 1 else [str(info["totals"]["leftOut"])]
    yield "text-malformed", wrong, 1

    # Children of one text are never on both sides.
    parts = {}
    for part in info["totals"]["parts"]:
        for line in open(os.path.join(work, "agent-sharegpt", f"{part}.jsonl")):
            row = json.loads(line)
            parts.setdefault(by_id["agent", row["id"]]["textKey"], set()).add(part)
    yield "split-straddle", [key for key, where in parts.items() if len(where) > 1], len(parts)


def write(path, *rows):
    with open(path, "w") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)


def drop(message):
    return {name: value for name, value in message.items() if value is not None}


def present(row):
    return {name: value for name, value in row.items() if value is not None}


def emptied(messages):
    return raises(lambda: lf_align(messages), Emptied)


def raises(work, error):
    try:
        work()
    except error:
        return True
    return False
