namespace ShellGuard.Policy.Lint;

/// <summary>What names of environment variables tell, whatever is in them.</summary>
public static class VariableNames
{
    private static readonly string[] _secretParts =
        ["TOKEN", "SECRET", "PASSWORD", "PASSWD", "CREDENTIAL", "API_KEY", "APIKEY", "PRIVATE_KEY", "ACCESS_KEY"];

    private static readonly string[] _secretPrefixes =
        ["AWS_", "AZURE_", "GOOGLE_", "GITHUB_", "GH_", "GITLAB_", "KUBE", "NPM_", "DATABASE_URL", "PGPASS"];

    private static readonly string[] _services =
    [
        "SSH_AUTH_SOCK", "SSH_AGENT_PID", "GPG_AGENT_INFO", "DBUS_SESSION_BUS_ADDRESS", "DBUS_SYSTEM_BUS_ADDRESS",
        "DOCKER_HOST", "CONTAINER_HOST", "XDG_RUNTIME_DIR", "DISPLAY", "WAYLAND_DISPLAY", "TMUX", "STY",
        "XAUTHORITY", "NOTIFY_SOCKET", "VSCODE_IPC_HOOK_CLI",
    ];

    private static readonly string[] _loaders =
    [
        "LD_PRELOAD", "LD_AUDIT", "LD_LIBRARY_PATH", "GCONV_PATH", "BASH_ENV", "ENV", "PERL5OPT", "PERL5LIB", "PYTHONPATH",
        "PYTHONSTARTUP", "PYTHONHOME", "RUBYOPT", "RUBYLIB", "NODE_OPTIONS", "NODE_PATH", "JAVA_TOOL_OPTIONS", "CLASSPATH",
        "DOTNET_STARTUP_HOOKS", "GIT_EXEC_PATH", "GIT_SSH_COMMAND",
    ];

    /// <summary>Whether such a variable usually holds a secret.</summary>
    public static bool LooksSecret(string name) =>
        Array.Exists(_secretPrefixes, p => name.StartsWith(p, StringComparison.Ordinal))
        || Array.Exists(_secretParts, p => name.Contains(p, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether such a variable points at a service of the host.</summary>
    public static bool PointsAtService(string name) => Array.IndexOf(_services, name) >= 0;

    /// <summary>Whether such a variable makes programs load or run something.</summary>
    public static bool LoadsCode(string name) => Array.IndexOf(_loaders, name) >= 0;
}
