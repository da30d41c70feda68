"""Measures commands side by side and prints Markdown."""
import os
import shutil
import statistics
import subprocess
import sys
import time


def once(command, directory):
    """Milliseconds of a whole run; raises RuntimeError with the reason when the command fails."""
    start = time.perf_counter()
    done = subprocess.run(command, cwd=directory, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, text=True)
    elapsed = (time.perf_counter() - start) * 1000
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines()
        raise RuntimeError(lines[-1] if lines else f"status {done.returncode}")
    return elapsed


def in_turn(samplers, rounds):
    """Calls each sampler once a round, so that a change of the machine's speed meets all alike.

    Returns the list of each one's results, or the text that says why it has none."""
    results = {name: [] for name in samplers}
    for turn in range(rounds + 1):
        for name, sample in samplers.items():
            if isinstance(results[name], str):
                continue
            try:
                value = sample()
            except (RuntimeError, OSError, subprocess.SubprocessError) as failure:
                results[name] = f"failed: {failure}"
                continue
            if turn > 0:  # The first round warms up.
                results[name].append(value)
    return results


def medians(commands, rounds, directory):
    """Median milliseconds of whole runs, by name; a text where there is none."""
    samplers = {}
    missing = {}
    for name, command in commands.items():
        if shutil.which(command[0]) is None:
            missing[name] = f"not measured: {os.path.basename(command[0])} is not installed"
        else:
            samplers[name] = lambda command=command: once(command, directory)
    results = in_turn(samplers, rounds)
    found = {name: value if isinstance(value, str) else statistics.median(value) for name, value in results.items()}
    return {name: missing.get(name, found.get(name)) for name in commands}


def inside(wrapper, directory, script, times):
    """Median milliseconds of a shell script, timed within its surroundings: their start does not count."""
    clock = ("import subprocess,sys,time\n"
             "r=[]\n"
             "for i in range(int(sys.argv[2])):\n"
             " s=time.perf_counter(); subprocess.run(['sh','-c',sys.argv[1]],check=True,stdout=subprocess.DEVNULL)\n"
             " r.append(time.perf_counter()-s)\n"
             "print(sorted(r)[len(r)//2]*1000)")
    return float(output([*wrapper, "python3", "-c", clock, script, str(times)], directory))


def output(command, directory):
    done = subprocess.run(command, cwd=directory, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines()
        raise RuntimeError(lines[-1] if lines else f"status {done.returncode}")
    return done.stdout


def ratio(a, b):
    return "" if isinstance(a, str) or isinstance(b, str) or not b else f"{a / b:.2f}"


def figure(value, digits=1):
    return value if isinstance(value, str) else f"{value:.{digits}f}"


def section(title):
    print(f"\n## {title}\n")
    sys.stdout.flush()
    print(f"{title} ...", file=sys.stderr)


def table(head, rows):
    print("| " + " | ".join(head) + " |")
    print("|" + "---|" * len(head))
    for row in rows:
        print("| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |")
    print()


def budget(what, value, limit, unit):
    """A budget of the design beside the figure: held or missed, and by how much."""
    if isinstance(value, str) or value is None:
        print(f"- {what}: at most {limit}{unit}; **not measured**")
    elif value <= limit:
        print(f"- {what}: at most {limit}{unit}; {value:.2f}{unit}, **held**")
    else:
        print(f"- {what}: at most {limit}{unit}; {value:.2f}{unit}, **missed** by {value - limit:.2f}{unit}")


def quotient(a, b):
    """For a budget: None where a side is missing."""
    return None if isinstance(a, str) or isinstance(b, str) or not b else a / b
