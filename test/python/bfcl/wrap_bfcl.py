"""Writes the multi-turn tasks of BFCL as trajectories, one JSON line a task, to standard output.

Each task is run as the leaderboard runs it: its gold calls go through the package's own classes, loaded with the task's
initial_config by the package's own executor. What comes out is a dialogue in OpenAI's form: the user's turns, one message per
gold call with the arguments bound to their names, the true result as its observation, and one closing sentence per turn.

The system prompt says nothing but the role, and the closing sentences say nothing: what only the hidden initial_config knows
stays hidden. Some gold calls use such values all the same (the id of a user whom nobody looked up), since BFCL compares states
and leaves the look-ups to the model. Two fields tell of them, by a plain search through the text, without gemline's rules:
`unsaid` names the arguments that no earlier text holds, and `lookedUp` is the dialogue of an assistant that looks them up
first, with the read-only calls of LOOK_UPS, and with what is still unsaid then.
"""

import ast
import importlib
import inspect
import json
import re
import sys
from pathlib import Path

import bfcl_eval
from bfcl_eval.constants.executable_backend_config import CLASS_FILE_PATH_MAPPING, MULTI_TURN_FUNC_DOC_FILE_MAPPING
from bfcl_eval.eval_checker.multi_turn_eval.multi_turn_utils import execute_multi_turn_func_call

CATEGORIES = ("base", "miss_func", "miss_param", "long_context")
DATA = Path(bfcl_eval.__file__).parent / "data"
SYSTEM = "You are a helpful assistant. Use the tools to do what the user asks for."
# The sentence of the leaderboard's own harness when it hands over the functions that were held back.
MORE_FUNCTIONS = "I have updated some more functions you can choose from. What about now?"
DONE = "That is done. What else can I do for you?"
ASK = "I cannot do that yet with what I have. What else can you tell me?"
TYPES = {"dict": "object", "float": "number", "tuple": "array"}
# Calls that read and change nothing, in the order in which they are tried; NAME stands for each name that the user said.
LOOK_UPS = {
    "MessageAPI": ["get_user_id(user='NAME')", "list_users()"],
    "TradingBot": ["get_order_history()"],
    "TicketAPI": ["get_user_tickets()"],
    "TravelAPI": ["get_all_credit_cards()"],
}


def main() -> None:
    for category in CATEGORIES:
        tasks = read_lines(DATA / f"BFCL_v4_multi_turn_{category}.json")
        gold = {row["id"]: row["ground_truth"] for row in read_lines(DATA / f"possible_answer/BFCL_v4_multi_turn_{category}.json")}
        for task in tasks:
            print(json.dumps(wrap({**task, "category": category}, gold[task["id"]]), ensure_ascii=False))


def wrap(task: dict, gold: list) -> dict:
    """One task as a trajectory. `task` is the number that its variants in all four categories share."""
    told = {"messages": [{"role": "system", "content": SYSTEM}], "unsaid": []}
    looked_up = {"messages": list(told["messages"]), "unsaid": []}
    count = 0
    for asked, calls in zip(task["question"], gold, strict=True):
        add(asked or [{"role": "user", "content": MORE_FUNCTIONS}], told, looked_up)
        for source in calls:
            call_id = f"call_{count}"
            count += 1
            told["unsaid"] += find_unsaid(source, call_id, told["messages"], task)
            missing = find_unsaid(source, call_id, looked_up["messages"], task)
            looked_up["messages"] += look_up([leaf["value"] for leaf in missing], looked_up["messages"], task)
            looked_up["unsaid"] += find_unsaid(source, call_id, looked_up["messages"], task)
            add(wrap_call(source, call_id, task), told, looked_up)
        add([{"role": "assistant", "content": DONE if calls else ASK}], told, looked_up)
    wrapped = {"id": task["id"], "category": task["category"], "task": int(task["id"].rsplit("_", 1)[1]), **told, "tools": tools_of(task)}
    return {**wrapped, "lookedUp": looked_up if len(looked_up["messages"]) > len(told["messages"]) else None}


def add(messages: list, *dialogues: dict) -> None:
    for dialogue in dialogues:
        dialogue["messages"] += messages


def wrap_call(source: str, call_id: str, task: dict) -> list:
    name, arguments = parse_call(source, task["involved_classes"])
    function = {"name": name, "arguments": json.dumps(arguments, ensure_ascii=False)}
    return [
        {"role": "assistant", "content": "", "tool_calls": [{"id": call_id, "type": "function", "function": function}]},
        {"role": "tool", "tool_call_id": call_id, "content": execute(source, task)},
    ]


def execute(source: str, task: dict) -> str:
    [result], _ = execute_multi_turn_func_call(
        [source], task["initial_config"], task["involved_classes"], "gemline", task["id"], long_context=task["category"] == "long_context")
    return to_json(result)


def look_up(values: list, said: list, task: dict) -> list:
    """A call with its observation for each value that a look-up gives."""
    found = []
    for value in values:
        for number, source in enumerate(look_ups_of(said, task)):
            pair = wrap_call(source, f"look_{len(said) + len(found)}_{number}", task)
            if is_said(value, [pair[1]["content"]]):
                found += pair
                break
    return found


def look_ups_of(said: list, task: dict) -> list:
    names = sorted({name for message in said if message["role"] == "user" for name in re.findall(r"\b[A-Z][a-z]+\b", message["content"])})
    kept = [source for name in task["involved_classes"] for source in LOOK_UPS.get(name, []) if source.split("(")[0] not in task.get("excluded_function", [])]
    return [form for source in kept for form in ([source.replace("NAME", name) for name in names] if "NAME" in source else [source])]


def find_unsaid(source: str, call_id: str, messages: list, task: dict) -> list:
    """Texts and whole numbers among the arguments that no earlier text holds, with their JSON pointers."""
    texts = [message["content"] for message in messages if message["role"] != "assistant"]
    _, arguments = parse_call(source, task["involved_classes"])
    return [{"call": call_id, "path": path, "value": value} for path, value in leaves_of(arguments) if not is_said(value, texts)]


def leaves_of(value, path: str = "") -> list:
    if isinstance(value, dict):
        return [leaf for key, child in value.items() for leaf in leaves_of(child, f"{path}/{key}")]
    if isinstance(value, list):
        return [leaf for index, child in enumerate(value) for leaf in leaves_of(child, f"{path}/{index}")]
    return [(path, value)] if isinstance(value, (str, int)) and not isinstance(value, bool) else []


def is_said(value, texts: list) -> bool:
    """As a whole, in any case; or, if it is long enough to be no accident, with other signs between its letters and digits."""
    wanted = str(value).lower()
    whole = re.compile(rf"(?<![a-z0-9])(?<!\d[.,]){re.escape(wanted)}(?![a-z0-9]|[.,]\d)")
    folded = fold(wanted)
    return any(whole.search(text.lower()) or (len(folded) >= 6 and folded in fold(text)) for text in texts)


def fold(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", text.lower())


def parse_call(source: str, class_names: list) -> tuple:
    """Name and arguments of a call such as `sort('a.txt')`; positional ones get the names of the method's signature."""
    call = ast.parse(source, mode="eval").body
    classes = [getattr(importlib.import_module(CLASS_FILE_PATH_MAPPING[name]), name) for name in class_names]
    method = next(getattr(one, call.func.id) for one in classes if hasattr(one, call.func.id))
    bound = inspect.signature(method).bind(
        None, *map(ast.literal_eval, call.args), **{word.arg: ast.literal_eval(word.value) for word in call.keywords})
    return call.func.id, {name: value for name, value in bound.arguments.items() if name != "self"}


def to_json(result: str) -> str:
    """The executor gives JSON for a dict and Python's own form for anything else."""
    try:
        json.loads(result)
        return result
    except ValueError:
        pass
    try:
        return json.dumps(ast.literal_eval(result), ensure_ascii=False)
    except (ValueError, SyntaxError):
        return json.dumps({"result": result}, ensure_ascii=False)


def tools_of(task: dict) -> list:
    docs = [doc for name in task["involved_classes"] for doc in read_lines(DATA / "multi_turn_func_doc" / MULTI_TURN_FUNC_DOC_FILE_MAPPING[name])]
    kept = [doc for doc in docs if doc["name"] not in task.get("excluded_function", [])]
    return [{"type": "function", "function": {key: to_schema(doc[key]) for key in ("name", "description", "parameters")}} for doc in kept]


def to_schema(node):
    """JSON Schema of a doc: Python's names of types become JSON's. A property may itself be called `type`."""
    if isinstance(node, list):
        return [to_schema(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {key: TYPES.get(value, value) if key == "type" and isinstance(value, str) else to_schema(value) for key, value in node.items()}


def read_lines(path: Path) -> list:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


if __name__ == "__main__":
    sys.exit(main())
