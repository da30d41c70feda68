using System.Globalization;

namespace ShellGuard.Escape.Tests.Support;

/// <summary>Who starts the session.</summary>
/// <param name="Name">In test names: root or user.</param>
/// <param name="Uid">The user's number.</param>
/// <param name="Gid">The group's number.</param>
/// <param name="IsSelf">Whether the tests run as this user.</param>
public sealed record Identity(string Name, int Uid, int Gid, bool IsSelf)
{
    private const string OrdinaryUser = "shellguard-test";

    private static readonly int Own = int.Parse(Ask("id", "-u"), CultureInfo.InvariantCulture);

    /// <summary>Root and an ordinary user; without root only the user who runs the tests.</summary>
    public static IReadOnlyList<Identity> All { get; } = Own == 0
        ? [new Identity("root", 0, 0, IsSelf: true), FindOrdinary()]
        : [new Identity("user", Own, int.Parse(Ask("id", "-g"), CultureInfo.InvariantCulture), IsSelf: true)];

    public static Identity Of(string name) => All.Single(identity => identity.Name == name);

    /// <summary>The command as this user would run it.</summary>
    internal IReadOnlyList<string> Become(IReadOnlyList<string> command) => IsSelf
        ? command
        : ["setpriv", $"--reuid={Uid}", $"--regid={Gid}", "--clear-groups", "--", .. command];

    public override string ToString() => Name;

    private static Identity FindOrdinary()
    {
        if (Programs.Run(["id", "-u", OrdinaryUser], "/").Status != 0)
        {
            // Another test project may do the same at this moment; what counts is that the user exists afterwards.
            Programs.Run(["useradd", "--create-home", "--shell", "/bin/sh", OrdinaryUser], "/");
        }

        return new Identity(
            "user",
            int.Parse(Ask("id", "-u", OrdinaryUser), CultureInfo.InvariantCulture),
            int.Parse(Ask("id", "-g", OrdinaryUser), CultureInfo.InvariantCulture),
            IsSelf: false);
    }

    private static string Ask(params string[] command)
    {
        Outcome outcome = Programs.Run(command, "/");
        return outcome.Status == 0 ? outcome.Output.Trim() : throw new InvalidOperationException(outcome.ToString());
    }
}
