using ShellGuard.Cells.Sessions;
using ShellGuard.Policy.Evaluation;

namespace ShellGuard.Cli.Support;

/// <summary>Where a person's own policy is.</summary>
internal static class UserPolicy
{
    /// <summary>The person's own policy where there is one, else the preset <c>default</c>.</summary>
    public static string DefaultFor(PolicyContext context)
    {
        string own = new UserRules(context.Home).PolicyFile;
        return new FileInfo(own).Exists ? own : "default";
    }
}
