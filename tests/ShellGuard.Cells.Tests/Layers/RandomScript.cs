using System.Text;

namespace ShellGuard.Cells.Tests.Layers;

/// <summary>A seeded list of changes as one program for Python, which has calls for all of them. Directories are moved by
/// copying, as mv(1) does over an overlay, where rename(2) of a host's directory is EXDEV.</summary>
internal static class RandomScript
{
    private static readonly string[] Names =
    [
        "a", "b", "c d", "d1", "d1/x", "d1/y", "d1/s", "d1/s/p", "d1/s/q", "d2", "d2/x", "d2/t", "d2/t/p", "e1", "e1/x",
    ];

    /// <summary>Whoever has one number in their cell cannot write a list there that names others.</summary>
    internal const string Prepare = """
        mkdir -p d1/s d2/t
        for f in a b 'c d' d1/x d1/y d1/s/p d2/x d2/t/p; do printf 'content of %s\n' "$f" > "$f"; done
        ln -s a l; ln -s ../a d1/l; chmod 600 b; chmod 711 d2
        python3 -c 'import os; os.setxattr("a", "user.note", b"one")'
        setfacl -m "u:$(id -u):rw" a; setfacl -m "u:$(id -u):rwx" d1; setfacl -d -m "g:$(id -g):rx" d2
        [ "$(id -u)" != 0 ] || { setfacl -m u:1234:rw,g:55:r a; setfacl -d -m g:55:rx d2; }
        """;

    internal static string Make(int seed, int length)
    {
        Random random = new(seed);
        StringBuilder script = new("""
            python3 - <<'END'
            import os, shutil, subprocess
            def t(f, *a):
                try: f(*a)
                except OSError: pass
            def write(p, s, m='w'):
                if os.path.exists(p) and not os.path.isfile(p): return
                with open(p, m) as f: f.write(s)
            def hole(p, n):
                if os.path.exists(p) and not os.path.isfile(p): return
                with open(p, 'a') as f: f.truncate(n)
            def mvdir(a, b):
                if not os.path.isdir(a) or os.path.islink(a) or os.path.lexists(b): return
                if (b + '/').startswith(a + '/') or not os.path.isdir(os.path.dirname(b) or '.'): return
                if any(not (os.path.isfile(os.path.join(d, f)) or os.path.islink(os.path.join(d, f))) for d, _, fs in os.walk(a) for f in fs): return
                shutil.copytree(a, b, symlinks=True); shutil.rmtree(a)
            def mv(a, b):
                if os.path.isdir(a) and not os.path.islink(a): return
                os.rename(a, b)
            def rm(p):
                if os.path.isdir(p) and not os.path.islink(p): shutil.rmtree(p)
                else: os.unlink(p)
            def acl(p, *words):
                if not os.path.islink(p): subprocess.run(['setfacl', *words, p], stderr=subprocess.DEVNULL)
            def chmod(p, m):
                if not os.path.islink(p): os.chmod(p, m | (0o700 if os.path.isdir(p) else 0))

            """);
        for (int i = 0; i < length; i++)
        {
            string p = Names[random.Next(Names.Length)];
            string q = Names[random.Next(Names.Length)];
            script.AppendLine(random.Next(16) switch
            {
                0 or 1 => $"t(write, '{p}', 'new {random.Next(100)}\\n')",
                2 => $"t(write, '{p}', 'more {random.Next(100)}\\n', 'a')",
                3 => $"t(rm, '{p}')",
                4 => $"t(mv, '{p}', '{q}')",
                5 or 6 => $"t(os.mkdir, '{p}')",
                7 => $"t(os.symlink, '{q}', '{p}')",
                8 => $"t(os.link, '{p}', '{q}')",
                9 => $"t(chmod, '{p}', 0o{Convert.ToString(random.Next(512), 8)})",
                10 => $"t(hole, '{p}', {random.Next(200000)})",
                11 => $"t(os.setxattr, '{p}', 'user.k{random.Next(2)}', b'{random.Next(9)}')",
                12 => $"t(mvdir, '{p}', '{q}')",
                13 => $"t(acl, '{p}', '-m', f'u:{{os.getuid()}}:{(random.Next(2) == 0 ? "r" : "rwx")}')",
                14 => random.Next(2) == 0 ? $"t(acl, '{p}', '-b')" : $"t(acl, '{p}', '-d', '-m', f'u:{{os.getuid()}}:rx')",
                _ => $"t(os.mkfifo, '{p}', 0o640)",
            });
        }

        return script.Append("END\n").ToString();
    }
}
