"""A server, and bytes through a pipe."""
import shutil
import socket
import subprocess
import time

from measure import figure, output, ratio, section, table
from work import medians_of


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def redis(guard, directory, rounds):
    section(f"redis-benchmark, thousand requests a second, median of {rounds} runs in turn")
    if shutil.which("redis-server") is None or shutil.which("redis-benchmark") is None:
        print("not measured: redis-server or redis-benchmark is not installed")
        return
    port = free_port()
    client = f"redis-benchmark -p {port} -q --csv -t get,set -n 100000 -c 20"
    both = (f"redis-server --port {port} --save '' --daemonize no >/dev/null & "
            f"until redis-cli -p {port} ping >/dev/null 2>&1; do sleep 0.05; done; {client}; "
            f"redis-cli -p {port} shutdown nosave; wait")
    host = subprocess.Popen(["redis-server", "--port", str(port + 1), "--save", ""], stdout=subprocess.DEVNULL)
    time.sleep(0.5)
    there = client.replace(f"-p {port} ", f"-p {port + 1} ")

    def sampler(wrapper, script):
        def sample():
            lines = [line.replace('"', "").split(",") for line in output([*wrapper, "sh", "-c", script], directory).splitlines()]
            return {fields[0]: float(fields[1]) / 1000 for fields in lines if fields[0] in ("GET", "SET")}
        return sample
    samplers = {
        "both outside": sampler([], both),
        "both in the cell": sampler([guard, "run", "--"], both),
        "client in the cell, server on the host": sampler([guard, "run", "--net", f"127.0.0.1:{port + 1}", "--"], there),
    }
    rows = []
    try:
        for test in ("SET", "GET"):
            found = medians_of({name: lambda one=one: one()[test] for name, one in samplers.items()}, rounds)
            outside = found["both outside"]
            rows.append([test, *(figure(value) for value in found.values()),
                         *(ratio(value, outside) for value in list(found.values())[1:])])
    finally:
        host.terminate()
        host.wait()
    table(["", *samplers, "in the cell x outside", "client in the cell x outside"], rows)


def pipe(guard, directory, rounds):
    section(f"1 GiB through a pipe and `cat`, seconds, median of {rounds} runs in turn")

    def sampler(command):
        def sample():
            start = time.perf_counter()
            subprocess.run(["sh", "-c", f"head -c 1G /dev/zero | {command} >/dev/null"], cwd=directory, check=True)
            return time.perf_counter() - start
        return sample
    found = medians_of({"native": sampler("cat"), "shellguard": sampler(f"{guard} run -- cat")}, rounds)
    table(["", "s", "x native"], [[name, figure(s, 2), ratio(s, found["native"])] for name, s in found.items()])
