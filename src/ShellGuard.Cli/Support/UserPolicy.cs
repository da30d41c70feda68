using ShellGuard.Policy.Evaluation;

namespace ShellGuard.Cli.Support;

/// <summary>Where a person's own policy is.</summary>
internal static class UserPolicy
{
    public static string PathFor(PolicyContext context) => $"{context.Home}/.config/shellguard/policy.toml";

    /// <summary>The person's own policy where there is one, else the preset <c>default</c>.</summary>
    public static string DefaultFor(PolicyContext context) =>
        new FileInfo(PathFor(context)).Exists ? PathFor(context) : "default";
}
