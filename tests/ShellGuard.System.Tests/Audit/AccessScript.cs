namespace ShellGuard.System.Tests.Audit;

/// <summary>A command that touches things in many ways.</summary>
internal static class AccessScript
{
    /// <summary>Reads, writes, probes, is denied, makes, renames, links, deletes, changes directory, forks, executes
    /// along PATH, maps libraries, connects. Every path of its own is in the working directory.</summary>
    public const string Text = """
        umask 022
        echo secret > kept
        cat kept > copy
        mkdir made
        cd made
        cat ../kept missing 2>/dev/null
        mv ../copy moved
        ln moved hard
        ln -s moved soft
        rm hard
        chmod 600 moved
        ( cd .. && cat made/moved | wc -c > counted ) &
        wait
        python3 -c '
        import os, socket, subprocess, threading
        server = socket.socket(socket.AF_UNIX); server.bind("served"); server.listen()
        client = socket.socket(socket.AF_UNIX); client.connect("served")
        peer = socket.socket(); 
        try: peer.connect(("127.0.0.1", 9))
        except OSError: pass
        def work():
            os.chdir("..")
            open("threaded", "w").close()
        thread = threading.Thread(target=work); thread.start(); thread.join()
        subprocess.run(["cat", "kept"], stdout=subprocess.DEVNULL)
        os.execv("/bin/cat", ["cat", "made/moved"])
        ' >/dev/null
        """;
}
