using System.CommandLine;
using ShellGuard.Cells.Sessions;

namespace ShellGuard.Cli.Support;

/// <summary><c>--in CELL</c>.</summary>
internal static class CellOption
{
    private const string Name = "--in";

    public static Option<string?> Create() => new(Name)
    {
        Description = "Run in this cell of a policy with walls, instead of the lobby",
        HelpName = "CELL",
    };

    /// <summary>Puts the user's choice into a request.</summary>
    public static SessionRequest Apply(ParseResult parsed, SessionRequest request) => request with
    {
        Cell = parsed.GetValue<string?>(Name),
    };
}
