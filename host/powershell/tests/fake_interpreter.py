"""Stands in for PowerShell in the tests of the interpreter, and misbehaves on request.

    python fake_interpreter.py START [FILE]

START is how it begins: well, bom, silent, chatty_end, failed, hang, garbage, other_version, deaf (does not end with its
input; its child holds FILE open). Afterwards each request is answered as its function says.
"""

import json
import os
import subprocess
import sys
import time
from typing import Any, NoReturn

SENTINEL = "##passbench "
GREETING = {"passbench": 1, "interpreter": "fake", "version": "1.2", "edition": "Core", "simulated": True}
CLIXML = (
    "#< CLIXML\r\n"
    '<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">'
    '<Obj S="progress" RefId="0"><MS><PR N="Record"><AV>Preparing</AV></PR></MS></Obj>'
    '<S S="Error">Start-VM : it &lt;failed&gt; &amp; went_x000D__x000A_</S><S S="Error">away_x000D__x000A_</S></Objs>'
)


def say(text: str) -> None:
    sys.stdout.buffer.write(text.encode())
    sys.stdout.buffer.flush()


def ours(document: Any) -> None:
    say(SENTINEL + json.dumps(document) + "\n")


def reply(request: dict[str, Any], value: Any) -> None:
    ours({"id": request["id"], "ok": True, "value": value})


def end(code: int) -> NoReturn:
    sys.stdout.flush()
    os._exit(code)


def begin(how: str, file: str) -> None:
    if how == "silent":
        end(0)
    if how == "chatty_end":
        say("Access to this program is blocked by your administrator.\n")
        end(0)
    if how == "failed":
        print("the module is not there", file=sys.stderr, flush=True)
        end(7)
    if how == "hang":
        time.sleep(300)
    if how == "garbage":
        say(SENTINEL + "{ not json\n")
        time.sleep(300)
    if how == "other_version":
        ours(GREETING | {"passbench": 2})
    elif how == "bom":
        say("\ufeff" + SENTINEL + json.dumps(GREETING) + "\r\n")
    else:
        ours(GREETING)
    if how == "deaf":
        with open(file, "w") as alive:
            subprocess.Popen(["sleep", "300"], pass_fds=[alive.fileno()])
            alive.write("begun\n")
            alive.flush()
            time.sleep(300)


def answer(request: dict[str, Any]) -> None:
    match request["function"]:
        case "Echo":
            reply(request, request["arguments"] | {"pid": os.getpid()})
        case "Fail":
            error = {
                "message": "no",
                "id": "OperationFailed,StartVM",
                "category": "NotSpecified",
                "hresult": "0xC035001E",
            }
            ours({"id": request["id"], "ok": False, "error": error})
        case "Hang":
            print("waiting for the host", file=sys.stderr, flush=True)
            time.sleep(300)
        case "Flood":
            while True:
                say("noise\n" * 1000)
        case "Die":
            say(SENTINEL + '{"id":')
            end(3)
        case "DieWithClixml":
            sys.stderr.write(CLIXML)
            sys.stderr.flush()
            end(1)
        case "DieBeforeNext":
            reply(request, None)
            end(0)
        case "WrongId":
            ours({"id": request["id"] + 1, "ok": True, "value": None})
        case "Garbage":
            say(SENTINEL + "{]\n")
        case "NoValue":
            ours({"id": request["id"], "ok": True})
        case "Long":
            say("x" * (9 << 20) + "\n")
        case "Noise":
            say('WARNING: {"id": 1, "ok": true, "value": "not mine"}\r\n\r\n' + " " + SENTINEL + "neither\n")
            print("e" * 200_000, file=sys.stderr, flush=True)
            say(SENTINEL + json.dumps({"id": request["id"], "ok": True, "value": [1]}) + "\r\n")
        case "TalkWhileAsked":
            say("noise " * 500_000 + "\n")
            reply(request, None)


def main() -> None:
    begin(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "")
    for line in sys.stdin.buffer:
        if not line.isascii():
            end(9)
        answer(json.loads(line))


if __name__ == "__main__":
    main()
