using ShellGuard.System.Tests.Support;

namespace ShellGuard.System.Tests.Audit;

/// <summary>Runs scripts of root in mount and network namespaces of their own, where port 80 is free, /etc and /run can
/// be changed, and nothing of it is left behind. In the scripts <c>shellguard</c> is the program under test.</summary>
internal sealed class DaemonWorld : IDisposable
{
    private const string Prologue = """
        set -e
        ip link set lo up
        mkdir bin; ln -s "$SG" bin/shellguard; PATH=$PWD/bin:$PATH
        # again COMMAND…: until it works, and a minute at most.
        again() { for try in $(seq 600); do "$@" >/dev/null 2>&1 && return; sleep 0.1; done; echo "never: $*" >&2; exit 99; }
        # layer DIRECTORY: what is changed there stays here.
        layer() {
            mkdir -p "$PWD/layers$1"
            mount -t tmpfs none "$PWD/layers$1"
            mkdir "$PWD/layers$1/upper" "$PWD/layers$1/work"
            mount -t overlay -o "lowerdir=$1,upperdir=$PWD/layers$1/upper,workdir=$PWD/layers$1/work" none "$1"
        }

        """;

    public TestArea Area { get; } = new(Identity.Root);

    /// <summary>Runs a script in the working directory, and asserts that it ends well.</summary>
    public Outcome Run(string script)
    {
        Area.Write("script.sh", Prologue + script);
        Dictionary<string, string> environment = Area.Environment;
        environment["SG"] = NativeBinary.Path;
        return Programs.Run(
            Programs.Start(
                ["unshare", "--net", "--mount", "--propagation", "private", "--fork", "--pid", "--mount-proc", "--kill-child", "/bin/bash", "script.sh"],
                Area.Work, environment), null, TimeSpan.FromMinutes(15)).Succeed();
    }

    public AuditLines Audit(string name) => new($"{Area.Work}/{name}");

    /// <summary>What a verb prints, whatever it ends with.</summary>
    public string Shellguard(params string[] words) => Area.Outside([NativeBinary.Path, .. words]).Output;

    public void Dispose() => Area.Dispose();
}
