"""The leash beside shells: from the start to the prompt, one line, and the work of a line within a session."""
import os
import pty
import shutil
import subprocess
import tempfile
import time

from measure import budget, section, table

ENTRY = "[[whitelist]]\nname = 'n{0}'\ncommand_line = '/bin/true'\n"


def median(times):
    return sorted(times)[len(times) // 2]


def timed(words, runs, pick=median, **options):
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True, **options)
        times.append((time.perf_counter() - start) * 1000)
    return pick(times)


def prompt(words, environment):
    """Milliseconds until the prompt stands on a terminal of its own."""
    start = time.perf_counter()
    pid, terminal = pty.fork()
    if pid == 0:
        os.execve(words[0], words, environment)
    seen = b""
    while b"|x|> " not in seen:
        seen += os.read(terminal, 4096)
    took = (time.perf_counter() - start) * 1000
    os.write(terminal, b"\x04")
    try:
        while os.read(terminal, 4096):
            pass
    except OSError:
        pass
    os.close(terminal)
    os.waitpid(pid, 0)
    return took


def line(leash, config, text, environment, lines=500):
    """Milliseconds for one more line in a session: the slope between a few lines and many."""
    def session(count):
        start = time.perf_counter()
        subprocess.run([leash, "--config", config], input=(text + b"\n") * count, stdout=subprocess.DEVNULL, check=True, env=environment)
        return (time.perf_counter() - start) * 1000
    session(10)
    return (session(lines) - session(10)) / (lines - 10)


def run(guard, runs=50):
    section("The leash")
    directory = tempfile.mkdtemp(prefix="sg-leash-", dir="/opt")
    os.chmod(directory, 0o755)
    leash, environment = f"{directory}/leash", dict(os.environ, SHELLGUARD_STATE=f"{directory}/state")
    os.symlink(os.path.realpath(guard), leash)
    try:
        configs = {}
        for count in (1, 1000):
            configs[count] = f"{directory}/{count}.toml"
            with open(configs[count], "w") as file:
                file.write("[leash]\npolicy = 'default'\n" + "".join(ENTRY.format(i) for i in range(count)))
                file.write("[[whitelist]]\nname = 'noexec'\ncommand_line = '/bin/true'\nnoexec = true\n")
                file.write("[[whitelist]]\nname = 'cell'\ncommand_line = '/bin/true'\nsandbox = 'policy'\n")
                file.write("[[whitelist]]\nname = 'cells'\ncommand_line = '/bin/true | /bin/true'\nsandbox = 'policy'\n")
        rows = [
            ["`/bin/true` by itself", f"{timed(['/bin/true'], runs):.1f}"],
            ["`dash -c /bin/true`", f"{timed(['/bin/dash', '-c', '/bin/true'], runs):.1f}"],
            ["`rbash -c true`", f"{timed(['/bin/rbash', '-c', 'true'], runs):.1f}"],
        ]
        once = {}
        for count, config in configs.items():
            words = [leash, "--config", config, "-c", "n0"]
            rows.append([f"`leash -c`, {count} entries", f"{timed(words, runs, env=environment):.1f}"])
            once[count] = timed(words, runs, pick=min, env=environment)
            rows.append([f"start to prompt, {count} entries",
                         f"{median([prompt([leash, '--config', config], environment) for _ in range(runs)]):.1f}"])
        rows.append(["one more line in a session", f"{line(leash, configs[1], b'n0', environment):.2f}"])
        rows.append(["one more line, `noexec`", f"{line(leash, configs[1], b'noexec', environment):.2f}"])
        rows.append(["one more line, in a cell", f"{line(leash, configs[1], b'cell', environment, 60):.1f}"])
        rows.append(["one more line of two stages, in one cell", f"{line(leash, configs[1], b'cells', environment, 60):.1f}"])
        table(["", "ms, median"], rows)
        budget("loading 1,000 entries", once[1000] - once[1], 50, " ms")
        print("\nl8ash 0.1.1 is not packaged; it does not wait for its pipelines, so that its lines end before they ran.")
    finally:
        shutil.rmtree(directory)


if __name__ == "__main__":
    import sys
    run(sys.argv[1])
