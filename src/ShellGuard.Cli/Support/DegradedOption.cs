using System.CommandLine;
using ShellGuard.Cells.Sessions;

namespace ShellGuard.Cli.Support;

/// <summary><c>--allow-degraded</c>.</summary>
internal static class DegradedOption
{
    private const string Name = "--allow-degraded";

    public static Option<bool> Create() => new(Name)
    {
        Description = "Run although this host cannot hold every guarantee; what is lost is printed and journalled",
    };

    /// <summary>Puts the user's answer into a request.</summary>
    public static SessionRequest Apply(ParseResult parsed, SessionRequest request) => request with
    {
        AllowDegraded = parsed.GetValue<bool>(Name),
        Tell = Terminal.Complain,
    };
}
