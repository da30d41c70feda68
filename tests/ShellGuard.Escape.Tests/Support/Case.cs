using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace ShellGuard.Escape.Tests.Support;

/// <summary>One attack in one cell: the canaries outside of it, the run, and what is left.</summary>
internal sealed class Case : IDisposable
{
    private static readonly TimeSpan LongestRun = TimeSpan.FromSeconds(90);

    private readonly List<Socket> _listeners = [];
    private readonly Process _bystander;
    private readonly Socket _granted;
    private string _before;

    internal Case(Attempt attempt, Identity identity)
    {
        Attempt = attempt;
        Identity = identity;
        Root = Path.Combine(Lab.Root, $"{attempt.Program}-{identity.Name}-{RandomNumberGenerator.GetHexString(4, true)}");
        foreach (string name in (string[])["base", "hidden", "home", "project", "vault/state", "direct/a/b/hooks"])
        {
            Directory.CreateDirectory(Path.Combine(Root, name));
        }

        File.WriteAllText(Path.Combine(Root, "base/canary"), "canary\n");
        File.WriteAllText(Path.Combine(Root, "base/zero"), new string('0', 4096));
        File.WriteAllText(Path.Combine(Root, "hidden/secret"), Secret + "\n");
        File.WriteAllText(Path.Combine(Root, "home/.netrc"), Secret + "\n");
        File.WriteAllText(Path.Combine(Root, "home/kept"), "kept\n");
        File.WriteAllText(Path.Combine(Root, "project/source"), "source\n");
        File.Copy("/bin/true", Path.Combine(Root, "hidden/program"));
        Programs.Run(["mkfifo", "-m", "0666", Path.Combine(Root, "base/pipe"), Path.Combine(Root, "home/pipe")], "/");
        attempt.Before?.Invoke(this);
        if (!identity.IsSelf)
        {
            Programs.Run(["chown", "-hR", $"{identity.Uid}:{identity.Gid}", Root], "/");
        }

        Programs.Run(["chmod", "0700", StateDirectory], "/");
        TcpPort = Listen(new IPEndPoint(IPAddress.Loopback, 0), SocketType.Stream);
        UdpPort = Listen(new IPEndPoint(IPAddress.Loopback, 0), SocketType.Dgram);
        Listen(new UnixDomainSocketEndPoint(Path.Combine(Root, "base/stream.sock")), SocketType.Stream);
        Listen(new UnixDomainSocketEndPoint(Path.Combine(Root, "home/stream.sock")), SocketType.Stream);
        Listen(new UnixDomainSocketEndPoint(Path.Combine(Root, "base/datagram.sock")), SocketType.Dgram);
        Listen(new UnixDomainSocketEndPoint("\0" + AbstractName), SocketType.Stream);
        foreach (string name in (string[])["base/stream.sock", "home/stream.sock", "base/datagram.sock"])
        {
            Programs.Run(["chmod", "0777", Path.Combine(Root, name)], "/");
        }

        _granted = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _granted.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _granted.Listen(512);

        _bystander = Programs.Start(
            identity.Become(["env", $"BYSTANDER={Secret}", "sleep", "300"]), Root);
        _before = Canaries();
    }

    internal Attempt Attempt { get; }

    internal Identity Identity { get; }

    /// <summary>The case's directory on the host. Beneath it: <c>base</c>, read-only in the cell; <c>hidden</c>;
    /// <c>home</c> and <c>project</c>, copy-on-write; <c>direct</c>; and <c>vault/state</c>, where sessions are kept.</summary>
    internal string Root { get; }

    /// <summary>What no output of a cell may contain.</summary>
    internal string Secret { get; } = "SECRET-" + RandomNumberGenerator.GetHexString(24);

    internal string AbstractName { get; } = "shellguard-escape-" + RandomNumberGenerator.GetHexString(16);

    internal int TcpPort { get; }

    internal int UdpPort { get; }

    /// <summary>A listener that an attempt may grant: reaching it is no escape.</summary>
    internal int GrantedPort => ((IPEndPoint)_granted.LocalEndPoint!).Port;

    /// <summary>How many bytes came there, of everybody who connected. All have hung up, or this fails.</summary>
    internal int SentToGranted()
    {
        int sum = 0;
        while (_granted.Poll(0, SelectMode.SelectRead))
        {
            using Socket client = _granted.Accept();
            client.ReceiveTimeout = 10_000;
            byte[] buffer = new byte[4096];
            for (int length = client.Receive(buffer); length > 0; length = client.Receive(buffer))
            {
                sum += length;
            }
        }

        return sum;
    }

    /// <summary>More texts for <see cref="Expand"/>, made before the cell starts.</summary>
    internal Dictionary<string, string> Values { get; } = new(StringComparer.Ordinal);

    internal string StateDirectory => Path.Combine(Root, "vault/state");

    internal string this[string relative] => Path.Combine(Root, relative);

    /// <summary>The session's journal, a record a line.</summary>
    internal IReadOnlyList<string> Journal => [.. Directory
        .EnumerateFiles(Path.Combine(StateDirectory, "sessions"), "journal.jsonl", SearchOption.AllDirectories)
        .SelectMany(File.ReadLines)];

    internal Dictionary<string, string> Environment => new(StringComparer.Ordinal)
    {
        ["HOME"] = this["home"],
        ["SHELLGUARD_STATE"] = StateDirectory,
    };

    internal IReadOnlyList<string> Command => Identity.Become(
    [
        .. Attempt.Input is { } input ? (string[])["sh", "-c", "exec \"$@\" < \"$0\"", Expand(input)] : [],
        Lab.Binary, "run", "--hide", this["hidden"], .. Attempt.Options.Select(Expand), "--",
        Lab.Attack(Attempt.Program), .. AttackArguments,
    ]);

    /// <summary>What every attack gets, in the order in which attack.h reads it.</summary>
    internal IReadOnlyList<string> AttackArguments =>
    [
        this["base"], this["hidden"], this["home"], this["project"], this["direct"], StateDirectory,
        TcpPort.ToString(CultureInfo.InvariantCulture), UdpPort.ToString(CultureInfo.InvariantCulture),
        AbstractName, BystanderPid.ToString(CultureInfo.InvariantCulture),
        .. Attempt.Arguments.Select(Expand),
    ];

    internal int BystanderPid => _bystander.Id;

    internal string Expand(string text) => Values.Aggregate(
        text
            .Replace("{root}", Root, StringComparison.Ordinal)
            .Replace("{bin}", Path.GetDirectoryName(Lab.Binary), StringComparison.Ordinal)
            .Replace("{granted}", GrantedPort.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{port}", TcpPort.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal),
        (expanded, value) => expanded.Replace($"{{{value.Key}}}", value.Value, StringComparison.Ordinal));

    /// <summary>What is there now is as it should be: after a change by the host itself.</summary>
    internal void TakeCanaries() => _before = Canaries();

    internal Outcome Run()
    {
        Task during = Attempt.During is { } act ? Task.Run(() => act(this)) : Task.CompletedTask;
        Outcome outcome = Programs.Run(Command, this["project"], Environment, LongestRun);
        during.Wait(TimeSpan.FromSeconds(30));
        return outcome;
    }

    /// <summary>Runs the attack and judges it.</summary>
    internal static void Try(Attempt attempt, Identity identity)
    {
        using Case trial = new(attempt, identity);
        Outcome outcome = trial.Run();
        trial.Judge(outcome);
    }

    internal void Judge(Outcome outcome)
    {
        string all = outcome.ToString();
        Assert.True(outcome.Output.Contains("HELD", StringComparison.Ordinal), all);
        Assert.False(outcome.Output.Contains("ESCAPED", StringComparison.Ordinal), all);
        Assert.False(all.Contains(Secret, StringComparison.Ordinal), all);
        Assert.True(outcome.Status == Attempt.Status, all);
        AssertCanaries(all);
        IReadOnlyList<string> journal = Journal;
        foreach (IReadOnlyList<string> evidence in Attempt.Evidence)
        {
            List<string> wanted = [.. evidence.Select(Expand)];
            Assert.True(
                journal.Any(line => wanted.TrueForAll(text => line.Contains(text, StringComparison.Ordinal))),
                $"not in the journal: {string.Join(" + ", wanted)}\n{all}\n--- journal\n{string.Join('\n', journal)}");
        }

        Attempt.After?.Invoke(this, outcome);
    }

    /// <summary>Everything outside is as it was, and nobody called.</summary>
    internal void AssertCanaries(string explanation)
    {
        Assert.Equal(_before, Canaries());
        Assert.False(_bystander.HasExited, $"the process outside was ended\n{explanation}");
        foreach (Socket listener in _listeners)
        {
            Assert.False(
                listener.Poll(0, SelectMode.SelectRead), $"{listener.LocalEndPoint} was reached\n{explanation}");
        }
    }

    public void Dispose()
    {
        _bystander.Kill(entireProcessTree: true);
        _bystander.Dispose();
        _listeners.ForEach(listener => listener.Dispose());
        _granted.Dispose();
        Attempt.Cleanup?.Invoke(this);
    }

    /// <summary>What stands in the directories that a cell must not change: names, modes, owners, links, contents, and
    /// the time of the last change of anything, which no call sets back; and the devices that a cell shares.</summary>
    private string Canaries() => Programs.Run(
        [
            "sh", "-c",
            "cd \"$1\" && find base hidden home project -printf '%p %y %m %U %G %s %T@ %C@ %l %n\\n' | sort && "
            + "find base hidden home project -type f | sort | xargs sha256sum && "
            + "stat -c '%n %a %U %G' /dev/null /dev/zero /dev/full /dev/random /dev/urandom /dev/tty",
            "sh", Root,
        ],
        "/").Output;

    private int Listen(EndPoint at, SocketType type)
    {
        Socket socket = new(at.AddressFamily, type, ProtocolType.Unspecified);
        socket.Bind(at);
        if (type == SocketType.Stream)
        {
            socket.Listen();
        }

        _listeners.Add(socket);
        return (socket.LocalEndPoint as IPEndPoint)?.Port ?? 0;
    }
}
