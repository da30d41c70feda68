using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Denials;

/// <summary>The default preset as it is, in a real cell: nobody's secrets are in it, above all not for root, whom nothing
/// else would keep from them.</summary>
public sealed class PresetTests
{
    private const string Marker = "marker-of-a-secret";

    /// <summary>In the home of who runs the session; each holds the marker.</summary>
    private static readonly string[] OwnSecrets =
    [
        ".ssh/id_ed25519", ".gnupg/private-keys-v1.d/key", ".aws/credentials", ".azure/token", ".config/gcloud/credentials.db",
        ".kube/config", ".docker/config.json", ".config/containers/auth.json", ".git-credentials", ".config/git/credentials",
        ".config/gh/hosts.yml", ".netrc", ".pgpass", ".my.cnf", ".npmrc", ".pypirc", ".cargo/credentials.toml",
        ".mozilla/firefox/cookies.sqlite", ".config/google-chrome/Default/Cookies", ".config/chromium/Default/Cookies",
        ".local/share/keyrings/login.keyring", ".password-store/bank.gpg", ".bash_history", ".python_history", ".some_history",
        ".local/share/fish/fish_history", ".Xauthority", ".vault-token",
    ];

    [Theory, BothIdentities]
    public void Neither_the_hosts_secrets_nor_anybodys_home_can_be_found(Identity identity)
    {
        using TestArea area = new(identity);
        string neighbour = $"/home/sgt-{Environment.ProcessId}-{identity}";
        Directory.CreateDirectory($"{neighbour}/.ssh");
        try
        {
            File.WriteAllText($"{neighbour}/notes", $"{Marker}\n");
            File.WriteAllText($"{neighbour}/.ssh/id_ed25519", $"{Marker}\n");
            Programs.Run("chmod", "-R", "a+rX", neighbour).Succeed();
            foreach (string secret in OwnSecrets)
            {
                Directory.CreateDirectory(Path.GetDirectoryName($"{area.Home}/{secret}")!);
                File.WriteAllText($"{area.Home}/{secret}", $"{Marker}\n");
            }

            File.WriteAllText($"{area.Home}/notes", $"{Marker}\n");
            area.Own();
            string find = $"grep -rsl {Marker} /home /root /etc $HOME | sort";
            Assert.Equal(OwnSecrets.Length + 3, Count(area.OutsideShell(find).Output));
            Assert.Equal($"{area.Home}/notes\n", area.InsideShell([], find).Output);

            const string Keys = "grep -rslE 'PRIVATE KEY|^root:[^x]' /etc/ssh /etc/ssl /etc/shadow* /etc/gshadow* /var/backups | sort";
            Assert.Equal("", area.InsideShell([], Keys).Output);
            if (identity == Identity.Root)
            {
                string outside = area.OutsideShell(Keys).Output;
                Assert.Contains("/etc/shadow\n", outside, StringComparison.Ordinal);
                Assert.Contains("/etc/ssh/ssh_host_", outside, StringComparison.Ordinal);
            }
        }
        finally
        {
            Directory.Delete(neighbour, recursive: true);
        }
    }

    [Theory, BothIdentities]
    public void They_are_not_there_at_all(Identity identity)
    {
        using TestArea area = new(identity);
        string[] names =
        [
            "/etc/shadow", "/etc/shadow-", "/etc/gshadow", "/etc/gshadow-", "/etc/sudoers", "/etc/sudoers.d",
            .. Directory.GetFiles("/etc/ssh", "ssh_host_*_key"),
        ];
        Assert.Contains(names, name => name.StartsWith("/etc/ssh/ssh_host_", StringComparison.Ordinal));
        Outcome outcome = area.InsideShell([], $"for name in {string.Join(' ', names)}; do cat $name; done; ls -A /home /root; ls /etc /etc/ssh");
        string[] errors = outcome.Errors.TrimEnd('\n').Split('\n');
        Assert.Equal(names.Select(name => $"cat: {name}: No such file or directory"), errors.Take(names.Length));
        Assert.DoesNotContain(
            outcome.Output.Split('\n'), line => line is "shadow" or "gshadow" or "sudoers" || line.EndsWith("_key", StringComparison.Ordinal));
        Assert.StartsWith("/home:\n\n/root:\n", outcome.Output, StringComparison.Ordinal);
    }

    private static int Count(string lines) => lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;
}
