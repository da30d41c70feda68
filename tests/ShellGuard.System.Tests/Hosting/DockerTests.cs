using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Hosting;

/// <summary>In a container of Docker's without privileges: refused, until it runs as docs/doctor.md says.</summary>
public sealed class DockerTests
{
    [Fact]
    public void Without_privileges_it_refuses_and_as_the_document_says_it_works()
    {
        using TestArea area = new(Identity.Root);
        using DockerDaemon docker = new(area, "overlay2");
        docker.Run("import", Image(area), "guarded").Succeed();
        string volume = $"{area.Root}/volume";
        Directory.CreateDirectory(volume);
        File.SetUnixFileMode(volume, (UnixFileMode)0b111_000_000);
        string[] words = Documented(volume);

        Refused(Guarded(docker, [], "echo ran"), "no user namespaces", "seccomp=unconfined");

        // Each thing that is left out is what the next refusal names.
        Refused(Guarded(docker, words[..2], "echo ran"), "/proc", "systempaths=unconfined");
        Refused(Guarded(docker, words[..4], "echo ran"), "overlayfs does not work", "SHELLGUARD_STATE");
        Outcome works = Guarded(
            docker, words, "echo ran; echo x > /root/new && cat /root/new; echo x 2> /dev/null > /etc/new || echo refused").Succeed();
        Assert.Equal("ran\nx\nrefused\n", works.Output);
        Assert.Equal("", works.Errors);

        // What a container without control groups of its own cannot have is no guarantee of a cell.
        string doctor = Run(docker, words, "doctor").Output;
        Assert.All(
            doctor.Split('\n').Where(line => line.StartsWith("not held", StringComparison.Ordinal)),
            line => Assert.Contains("limit of ", line, StringComparison.Ordinal));
        Assert.Matches("held +second floor", doctor);
        Run(docker, words, "doctor", "--attack").Succeed();
    }

    /// <summary>The options of the line in the document; its last two are the volume's.</summary>
    private static string[] Documented(string volume)
    {
        string line = File.ReadLines($"{AppContext.BaseDirectory}docs/doctor.md")
            .Single(text => text.StartsWith("    docker run ", StringComparison.Ordinal)).Trim();
        string[] words = [.. line["docker run ".Length..].TrimEnd('…').Trim().Replace("VOLUME", volume, StringComparison.Ordinal).Split(' ')];
        Assert.Equal(6, words.Length);
        Assert.Equal("-v", words[4]);
        return words;
    }

    private static Outcome Guarded(DockerDaemon docker, string[] options, string line) =>
        Run(docker, options, "run", "--", "/bin/sh", "-c", line);

    /// <summary>The daemon of the tests has no network to offer; the rest is Docker's own defaults.</summary>
    private static Outcome Run(DockerDaemon docker, string[] options, params string[] words) =>
        docker.Run(["run", "--rm", "--network", "none", .. options, "guarded", "/usr/bin/shellguard", .. words]);

    private static void Refused(Outcome outcome, params string[] said)
    {
        outcome.EndWith(125);
        Assert.Equal("", outcome.Output);
        Assert.Single(outcome.Errors.TrimEnd('\n').Split('\n'));
        Assert.All(said, text => Assert.Contains(text, outcome.Errors, StringComparison.Ordinal));
    }

    /// <summary>The binary, what it is linked with, and a shell.</summary>
    private static string Image(TestArea area)
    {
        area.Write("image.sh", """
            set -e
            mkdir -p image/bin image/usr/bin image/etc image/root image/tmp image/proc image/sys image/dev image/var/lib image/run
            cp "$1" image/usr/bin/shellguard
            cp /bin/busybox image/bin/
            for name in sh cat echo; do ln -s busybox image/bin/$name; done
            for library in $(ldd "$1" | grep -o '/[^ ]*' | sort -u) /lib/x86_64-linux-gnu/libssl.so.3 /lib/x86_64-linux-gnu/libcrypto.so.3; do
                mkdir -p "image$(dirname "$library")"
                cp -L "$library" "image$library"
            done
            echo root:x:0:0:root:/root:/bin/sh > image/etc/passwd
            echo root:x:0: > image/etc/group
            tar -C image -cf image.tar .
            """);
        area.OutsideShell($"bash image.sh {NativeBinary.Path}").Succeed();
        return $"{area.Work}/image.tar";
    }
}
