using System.CommandLine;
using ShellGuard.Cells.Sessions;
using ShellGuard.Policy.Model;

namespace ShellGuard.Cli.Support;

/// <summary><c>--strict</c>.</summary>
internal static class StrictOption
{
    private const string Name = "--strict";

    public static Option<bool> Create() => new(Name)
    {
        Description = "With walls: the lobby learns nothing of how a side's command ended, and no cell gets sources later",
    };

    /// <summary>Puts the user's choice into a request.</summary>
    /// <exception cref="SessionException">The policy cannot be held that strictly.</exception>
    public static SessionRequest Apply(ParseResult parsed, SessionRequest request)
    {
        if (!parsed.GetValue<bool>(Name))
        {
            return request;
        }

        WallRules walls = request.Policy.Walls
            ?? throw new SessionException("--strict is for a policy with walls, and this one says nothing of them");
        return walls.Cells.FirstOrDefault(cell => !cell.Pinned) is { } floating
            ? throw new SessionException(
                $"--strict: {floating.Rule.Text} may get sources later ({floating.Rule.Position}); give it a label instead of a clearance")
            : request with { Policy = request.Policy with { Walls = walls.InStrictMode() } };
    }
}
