"""Judges what `plasactl plan` made of a sweep file against what W&B makes of it.

An expected result (edge/expected/*.json) holds a verdict, the parameter space with defaults filled in, and for a grid its cells or
their hash. `error` must be refused, `warn` may be, and both must name the key. Cells are compared as sets of flat names; 1 == 1.0.
"""

import hashlib
import json
import math
import re


def flat(cell, prefix=""):
    """Nested names joined by dots."""
    out = {}
    for key, value in cell.items():
        if isinstance(value, dict) and value:
            out.update(flat(value, f"{prefix}{key}."))
        else:
            out[prefix + key] = value
    return out


def plain(value):
    """1.0 as 1, non-finite numbers as text, at every level."""
    if isinstance(value, float):
        if math.isnan(value) or math.isinf(value):
            return str(value)
        return int(value) if value.is_integer() and abs(value) < 2**53 else value
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return value


def line(value):
    return json.dumps(plain(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def named_keys(expected):
    """The words of which a refusal or a remark must name one: the key at fault."""
    words = []
    for reason in expected["reasons"]:
        words += re.findall(r"'(\w+)' was unexpected|configuration: (\w+)|Parameter (\w+) is|^(method|run_cap) ", reason)
    return {word for group in words for word in group if word}


def judge_grid(expected, cells):
    lines = [line(cell) for cell in cells]
    distinct, cap = set(lines), expected.get("run_cap")
    capped = bool(cap) and cap < expected["n_cells"]
    wanted = cap if capped else expected["n_cells"]
    if len(distinct) != len(lines):
        yield f"{len(lines) - len(distinct)} repeated cells"
    if len(lines) != wanted:
        yield f"{len(lines)} cells, expected {wanted}"
    if "cells" in expected:
        known = {line(cell) for cell in expected["cells"]}
        if distinct - known:
            yield f"unexpected cell {sorted(distinct - known)[0]}"
        if not capped and known - distinct:
            yield f"missing cell {sorted(known - distinct)[0]}"
    elif not capped and hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest() != expected["cells_sha256"]:
        yield "the set of cells differs"


def bounds(space):
    """Smallest and largest value, half a quantum of slack included; infinite where there is none."""
    low, high, kind, q = space.get("min", -math.inf), space.get("max", math.inf), space["kind"], space.get("q", 0)
    if kind in ("loguniform", "qloguniform"):
        low, high = math.exp(low), math.exp(high)
    if kind == "inv_loguniform":
        low, high = math.exp(-high), math.exp(-low)
    return low - max(q / 2, 1e-12 * abs(low)), high + max(q / 2, 1e-12 * abs(high))


def judge_value(space, value):
    """Whether a drawn value may come from a parameter's space."""
    if space["kind"] == "single_value":
        return line(value) == line(space["value"])
    if space["kind"].startswith("categorical"):
        return line(value) in {line(item) for item in space["values"]}
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    low, high = bounds(space)
    whole = space["kind"] != "int_uniform" or float(value).is_integer()
    multiple = "q" not in space or abs(value / space["q"] - round(value / space["q"])) < 1e-6
    return low <= value <= high and whole and multiple


def judge_random(expected, cells):
    if expected.get("run_cap") and len(cells) != expected["run_cap"]:
        yield f"{len(cells)} cells, run_cap is {expected['run_cap']}"
    for cell in cells:
        if set(cell) != set(expected["space"]):
            yield f"names differ: {sorted(set(cell) ^ set(expected['space']))}"
            return
        for name, value in cell.items():
            if not judge_value(expected["space"][name], value):
                yield f"{name}: {value!r} is outside its space"


def judge_refused(expected, message):
    words = named_keys(expected)
    if len(message.strip()) < 10:
        yield "no message"
    if words and not any(word in message for word in words):
        yield f"the message names none of {sorted(words)}: {message.strip()}"
    if expected["verdict"] == "ok" and not expected.get("duplicate_keys"):
        yield f"refused: {message.strip()}"


def judge_stopping(expected, plan):
    wanted, got = expected.get("early_terminate"), plan["early_terminate"]
    if not wanted or not got:
        if bool(wanted) != bool(got):
            yield f"early_terminate {got}"
        return
    filled = {key: value for key, value in got.items() if key != "rungs"}
    if line(filled) != line(wanted["filled"]):
        yield f"early_terminate {line(filled)}"
    if got["rungs"][:len(wanted["first_bands"])] != wanted["first_bands"]:
        yield f"rungs {got['rungs']}"


def judge(expected, code, plan, message):
    """Complaints about one planned file, none if it is right. `message`: the error, or the remarks."""
    if code not in (0, 2):
        return [f"exit code {code}"]
    if code == 2:
        return list(judge_refused(expected, message))
    if expected["verdict"] == "error":
        return ["accepted, must be refused: " + "; ".join(expected["reasons"])]
    complaints = []
    if expected["verdict"] == "warn":
        complaints += list(judge_refused(expected, message))
    cells = [flat(cell) for cell in plan["cells"]]
    if expected["method"] == "grid":
        complaints += list(judge_grid(expected, cells))
    if expected["method"] == "random":
        complaints += list(judge_random(expected, cells))
    if plan["method"] != expected["method"]:
        complaints.append(f"method {plan['method']}")
    if line(plan["space"]) != line(expected["space"]):
        complaints.append(f"space {line(plan['space'])}")
    if "metric" in expected and any(plan["metric"][key] != expected["metric"][key] for key in ("name", "goal")):
        complaints.append(f"metric {plan['metric']}")
    return complaints + list(judge_stopping(expected, plan))
