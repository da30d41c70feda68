using System.Globalization;

namespace ShellGuard.System.Tests.Support;

/// <summary>A real sshd of root's on the loopback for one leash, and keys to log in as the ordinary user.</summary>
internal sealed class SshServer : IDisposable
{
    private readonly LeashArea _leash;
    private readonly TestArea _host = new(Identity.Root);
    private readonly string _port = Ports.Free().ToString(CultureInfo.InvariantCulture);

    /// <param name="settings">More lines of sshd_config(5).</param>
    public SshServer(LeashArea leash, string settings)
    {
        _leash = leash;
        _host.OutsideShell("ssh-keygen -q -t ed25519 -N '' -f host; ssh-keygen -q -t ed25519 -N '' -f key").Succeed();
        File.SetUnixFileMode(_host.Root, (UnixFileMode)0b111_101_101);
        File.SetUnixFileMode(_host.Work, (UnixFileMode)0b111_101_101);
        string config = _host.Write("config", $"""
            Port {_port}
            ListenAddress 127.0.0.1
            HostKey {_host.Work}/host
            AuthorizedKeysFile {_host.Work}/key.pub
            PidFile none
            StrictModes no
            UsePAM no
            PasswordAuthentication no
            MaxStartups 500
            MaxSessions 500
            AcceptEnv *
            Subsystem sftp /usr/lib/openssh/sftp-server
            {settings}
            """);
        Directory.CreateDirectory("/run/sshd");

        // useradd(8) leaves a locked account, which sshd lets nobody into; a star is no password and no lock.
        Programs.Run("/usr/sbin/usermod", "--password", "*", leash.Account.Name).Succeed();
        _host.Serve("/usr/sbin/sshd", "-D", "-e", "-f", config);
        Ports.WaitFor(int.Parse(_port, CultureInfo.InvariantCulture));
    }

    /// <summary>The authorized keys of every user.</summary>
    public string AuthorizedKeys => $"{_host.Work}/key.pub";

    /// <summary>The words of a client.</summary>
    public IReadOnlyList<string> Client(params string[] words) =>
    [
        "/usr/bin/ssh", "-F", "none", "-i", $"{_host.Work}/key", "-p", _port, "-o", "StrictHostKeyChecking=no", "-o",
        "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR", "-o", "BatchMode=yes", .. words,
    ];

    /// <summary>Where to log in.</summary>
    public string Target => $"{_leash.Account.Name}@127.0.0.1";

    /// <summary>Runs a client.</summary>
    public Outcome Run(byte[]? input, params string[] words) =>
        Programs.Run(Programs.Start(Client([.. words]), "/", new Dictionary<string, string> { ["HOME"] = _host.Home }), input);

    /// <summary>Runs another program of the family, which takes the same options.</summary>
    public Outcome RunProgram(string program, params string[] words) => Programs.Run(
        Programs.Start(
            [
                program, "-F", "none", "-i", $"{_host.Work}/key", "-P", _port, "-o", "StrictHostKeyChecking=no", "-o",
                "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR", "-o", "BatchMode=yes", .. words,
            ],
            "/", new Dictionary<string, string> { ["HOME"] = _host.Home }),
        null);

    public void Dispose() => _host.Dispose();
}
