"""What trainers do with a row before the model sees it, replayed from what their documents and code are known to do: LLaMA-Factory
(converter, function formatter, qwen3 template), ms-swift (hermes agent template), verl (multi-turn SFT). None of it is their code.

Each replay gives a Render: the text, and the spans that the loss is computed of."""
import json
import re
from dataclasses import dataclass

END = "<|im_end|>"
ASSISTANT = "<|im_start|>assistant\n"
THINK = "<think>\n\n</think>\n\n"
BETWEEN = "\n</tool_response>\n<tool_response>\n"


@dataclass
class Render:
    text: str
    spans: list


def dumps(value):
    return json.dumps(value, ensure_ascii=False)


def turn(role, content):
    return f"<|im_start|>{role}\n{content}{END}\n"


def tool_prompt(tools):
    lines = "".join("\n" + dumps(tool) for tool in tools)
    return ("\n\n# Tools\n\nYou may call one or more functions to assist with the user query.\n\n"
            "You are provided with function signatures within <tools></tools> XML tags:\n<tools>" + lines +
            "\n</tools>\n\nFor each function call, return a json object with function name and arguments within "
            "<tool_call></tool_call> XML tags:\n<tool_call>\n{\"name\": <function-name>, \"arguments\": <args-json-object>}\n</tool_call>")


def call_text(name, arguments):
    return "<tool_call>\n" + dumps({"name": name, "arguments": arguments}) + "\n</tool_call>"


def join(system, turns):
    """Turns are (prompt role, prompt, answer)."""
    text = "" if system is None else turn("system", system)
    spans = []
    for role, prompt, answer in turns:
        text += turn(role, prompt) + ASSISTANT
        spans.append([len(text), len(text) + len(answer) + len(END)])
        text += answer + END + "\n"
    return Render(text, spans)


class Emptied(Exception):
    """LLaMA-Factory warns and goes on with a sample without turns."""


def lf_wrap(tool):
    return tool if tool.get("type") == "function" else {"type": "function", "function": tool}


def lf_function(content):
    """The function formatter: JSON of a call or a list, alone or in call tags with text around."""
    found = re.search(r"<tool_call>(.*?)</tool_call>", content, re.DOTALL)
    text = content.replace(found.group(0), "") if found else ""
    calls = json.loads(found.group(1) if found else content)
    calls = calls if isinstance(calls, list) else [calls]
    # Arguments are dumped and loaded again on the way; a string stays one.
    return text + "\n".join(call_text(call["name"], json.loads(dumps(call["arguments"]))) for call in calls)


def lf_align(messages):
    """Checks who speaks when: the user or an observation, then the assistant or its calls."""
    for at, (role, _) in enumerate(messages):
        if role not in (("human", "observation"), ("gpt", "function_call"))[at % 2]:
            raise Emptied(f"turn {at} is from {role}")
    if len(messages) % 2 != 0:
        raise Emptied(f"{len(messages)} turns")
    return messages


def lf_render(messages, system, tools):
    turns = []
    for (role, prompt), (answer_role, answer) in zip(messages[::2], messages[1::2]):
        prompt = f"<tool_response>\n{prompt}\n</tool_response>" if role == "observation" else prompt
        turns.append(("user", prompt, lf_function(answer) if answer_role == "function_call" else answer))
    system = (system or "") + (tool_prompt([lf_wrap(tool) for tool in json.loads(tools)]) if tools else "")
    return join(system or None, turns)


def lf_sharegpt(row):
    messages = lf_align([(message["from"], message["value"]) for message in row["conversations"]])
    return lf_render(messages, row.get("system"), row.get("tools"))


def lf_hermes(row):
    """`formatting: sharegpt` with the tags of plain messages."""
    messages = [(message["role"], message["content"]) for message in row["messages"]]
    system = messages.pop(0)[1] if messages[0][0] == "system" else None
    return lf_render(lf_align([({"user": "human", "assistant": "gpt"}[role], content) for role, content in messages]), system, None)


def lf_openai(row):
    """`formatting: openai`: the call takes the place of the content; tool messages in a row are joined."""
    aligned, responses, system = [], [], None
    for message in row["messages"]:
        role, content = message["role"], message["content"]
        if role == "system":
            system = content
            continue
        if role == "tool":
            responses.append(content)
            continue
        if responses:
            aligned.append(("observation", BETWEEN.join(responses)))
            responses = []
        if message.get("tool_calls"):
            aligned.append(("function_call", dumps([call["function"] for call in message["tool_calls"]])))
        else:
            aligned.append(({"user": "human", "assistant": "gpt"}[role], content))
    return lf_render(lf_align(aligned), system, dumps(row["tools"]))


def lf_reasoning(render, enable_thinking):
    """The template of a reasoning model: an empty think block before every answer that has none, inside of the loss or before it."""
    text, spans, at = "", [], 0
    for start, end in render.spans:
        text += render.text[at:start] + THINK
        begin = len(text) - (len(THINK) if enable_thinking else 0)
        text += render.text[start:end]
        spans.append([begin, len(text)])
        at = end
    return Render(text + render.text[at:], spans)


def swift_hermes(row):
    """Calls in a row become text, text and calls are joined with nothing between, observations in a row are one user turn."""
    messages = []
    for message in row["messages"]:
        role, content = message["role"], message["content"]
        if role == "tool_call":
            call = json.loads(content)
            role, content = "assistant", call_text(call["name"], call["arguments"])
            if messages and messages[-1][0] == "assistant":
                # Calls are parted by a line end among themselves, not from the text.
                apart = "\n" if messages[-1][1].endswith("</tool_call>") else ""
                messages[-1] = ("assistant", messages[-1][1] + apart + content)
                continue
        elif role == "tool_response":
            content = f"<tool_response>\n{content}\n</tool_response>"
            if messages[-1][0] == "tool":
                messages[-1] = ("tool", messages[-1][1] + "\n" + content)
                continue
            role = "tool"
        messages.append((role, content))
    system = messages.pop(0)[1] if messages[0][0] == "system" else None
    tools = tool_prompt(json.loads(row["tools"])) if row.get("tools") else ""
    turns = [("user", prompt, answer) for (_, prompt), (_, answer) in zip(messages[::2], messages[1::2])]
    system = system + tools if system is not None else tools[2:] or None
    return join(system, turns)


def verl_pieces(row, template):
    """Message by message."""
    return "".join(template([message]) for message in row["messages"])
