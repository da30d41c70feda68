namespace ShellGuard.System.Tests.Support;

/// <summary>Everything of a directory tree that two runs of one script must agree on, but for times and what the file
/// system allots.</summary>
internal static class Trees
{
    private const string Script = """
        cd "$1" || exit
        export LC_ALL=C
        find . -mindepth 1 \( -type f -printf '%p file %m %U:%G names %n size %s\n' -o -type l -printf '%p to %l\n' \
            -o -printf '%p %y %m %U:%G\n' \) | sort
        find . -type f -print0 | sort -z | xargs -0r sha256sum
        find . ! -type l -print0 | sort -z | xargs -0r getfacl -pn
        find . ! -type l -print0 | sort -z | xargs -0r getfattr -dm '^user\.'
        """;

    public static string Of(string directory) => Programs.Run("/bin/bash", "-c", Script, "bash", directory).Succeed().Output;

    /// <summary>Copies with all that <see cref="Of"/> looks at.</summary>
    public static void Copy(string from, string to) => Programs.Run("/bin/cp", "-a", from, to).Succeed();
}
