using ShellGuard.Linux.Calls;

namespace ShellGuard.Cli.Support;

/// <summary>Variables of a command that is run to see how it ends.</summary>
internal static class TrialEnvironment
{
    /// <param name="user">Whom it runs as; null for the caller.</param>
    /// <param name="state">Where its sessions are kept; null where it has none.</param>
    public static List<string> For(Account? user, string? state)
    {
        Dictionary<string, string> variables = Invocation.Variables;
        if (user is not null)
        {
            (variables["HOME"], variables["USER"], variables["LOGNAME"], variables["SHELL"]) = (user.Home, user.Name, user.Name, user.Shell);
        }

        if (state is not null)
        {
            variables["SHELLGUARD_STATE"] = state;
        }

        return [.. variables.Select(variable => $"{variable.Key}={variable.Value}")];
    }
}
