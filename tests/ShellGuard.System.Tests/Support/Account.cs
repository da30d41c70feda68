using System.Globalization;
using Xunit;

namespace ShellGuard.System.Tests.Support;

/// <summary>The account behind an identity, as passwd(5) has it.</summary>
internal sealed record Account(Identity Identity, string Name, uint Uid, uint Gid)
{
    private const string OrdinaryName = "shellguard-test";

    private static readonly Lazy<Account> RootAccount = new(() => Find(Identity.Root, "root")!);

    private static readonly Lazy<Account> OrdinaryAccount = new(() =>
    {
        Account? found = Find(Identity.Ordinary, OrdinaryName);
        if (found is null)
        {
            Programs.Run("useradd", "--create-home", "--shell", "/bin/bash", OrdinaryName).Succeed();
            found = Find(Identity.Ordinary, OrdinaryName);
        }

        return found ?? throw new InvalidOperationException($"useradd made no user {OrdinaryName}");
    });

    /// <summary>Words in front of a command that make it run as this account.</summary>
    public IReadOnlyList<string> Prefix => Identity == Identity.Root
        ? []
        : ["/usr/bin/setpriv", $"--reuid={Uid}", $"--regid={Gid}", "--init-groups", "--"];

    public static Account Of(Identity identity)
    {
        Assert.True(Environment.IsPrivilegedProcess, "the system tests try both identities: run them as root");
        return identity == Identity.Root ? RootAccount.Value : OrdinaryAccount.Value;
    }

    private static Account? Find(Identity identity, string name)
    {
        foreach (string line in File.ReadLines("/etc/passwd"))
        {
            string[] fields = line.Split(':');
            if (fields[0] == name)
            {
                return new Account(
                    identity,
                    name,
                    uint.Parse(fields[2], CultureInfo.InvariantCulture),
                    uint.Parse(fields[3], CultureInfo.InvariantCulture));
            }
        }

        return null;
    }
}
