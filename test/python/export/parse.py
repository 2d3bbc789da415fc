"""Reads a dialogue back from the text of Qwen3's chat template, without knowing how it was written."""
import json
import re

OPEN, END = "<|im_start|>", "<|im_end|>"


def parse(text):
    """The system prompt, tools, turns as (role, content, calls), and the spans of the assistant."""
    turns, spans, tools, at = [], [], [], 0
    while at < len(text):
        assert text.startswith(OPEN, at), text[at:at + 40]
        line = text.index("\n", at)
        role, end = text[at + len(OPEN):line], text.index(END, line)
        content = text[line + 1:end]
        if role == "system":
            content, tools = read_system(content)
            if content is not None:
                turns.append(("system", content, []))
        elif role == "user" and content.startswith("<tool_response>\n"):
            turns += [("tool", each, []) for each in re.findall(r"<tool_response>\n(.*?)\n</tool_response>", content, re.DOTALL)]
        elif role == "assistant":
            spans.append([line + 1, end + len(END)])
            turns.append(read_assistant(content))
        else:
            turns.append((role, content, []))
        at = end + len(END) + 1
    return {"turns": turns, "tools": tools, "spans": spans}


def read_system(content):
    found = re.search(r"(?:\n\n)?# Tools\n\n.*?<tools>\n(.*)\n</tools>\n\nFor each function call", content, re.DOTALL)
    if found is None:
        return content, []
    return (content[:found.start()] if found.start() > 0 or content.startswith("\n\n# Tools") else None), [json.loads(line) for line in found.group(1).split("\n")[0:]]


def read_assistant(content):
    content = re.sub(r"^<think>\n\n</think>\n\n", "", content)
    calls = [json.loads(each) for each in re.findall(r"<tool_call>\n(.*?)\n</tool_call>", content, re.DOTALL)]
    text = content.split("<tool_call>")[0] if calls else content
    return ("assistant", text[:-1] if calls and text else text, [(call["name"], call["arguments"]) for call in calls])


def expected(trajectory):
    """The same of a trajectory as gemline holds it; a tool without parameters has an empty object of them."""
    turns = [(message["role"], message["content"], [(call["name"], call["arguments"]) for call in message.get("toolCalls", [])]) for message in trajectory["messages"]]
    tools = [{"type": "function", "function": {**tool, "parameters": filled(tool["parameters"])}} for tool in trajectory["tools"]]
    return {"turns": turns, "tools": tools}


def filled(parameters):
    return {**({} if "type" in parameters else {"type": "object"}), **parameters, **({} if "properties" in parameters else {"properties": {}})}
