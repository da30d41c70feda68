namespace ShellGuard.Leash.Lint;

/// <summary>Variables by which a loader, an interpreter or a program runs other code than its file holds (class E3).
/// </summary>
public static class LoaderVariables
{
    private static readonly string[] Prefixes =
        ["LD_", "DYLD_", "GIT_", "BASH_FUNC_", "PYTHON", "PERL", "RUBY", "NODE_", "LUA_", "GEM_", "BUNDLE_"];

    private static readonly string[] Names =
    [
        "BASH_ENV", "BROWSER", "CDPATH", "EDITOR", "ENV", "FCEDIT", "GCONV_PATH", "GETCONF_DIR", "GLOBIGNORE", "HOSTALIASES",
        "IFS", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "LESS", "LESSOPEN", "LESSCLOSE", "LOCALDOMAIN", "LOCPATH", "MALLOC_TRACE",
        "MANPAGER", "NLSPATH", "OPENSSL_CONF", "OPENSSL_MODULES", "PAGER", "PATH", "PROMPT_COMMAND", "PS4", "RESOLV_HOST_CONF",
        "RESTIC_PASSWORD_COMMAND", "RSYNC_RSH", "SHELLOPTS", "SSH_ASKPASS", "SYSTEMD_PAGER", "TAR_OPTIONS", "TERMCAP", "TERMINFO",
        "TMPDIR", "VISUAL", "XDG_CONFIG_HOME", "_JAVA_OPTIONS",
    ];

    /// <summary>Whether whoever chooses this variable's value chooses code.</summary>
    public static bool Contains(string name) =>
        Names.Contains(name, StringComparer.Ordinal)
        || Array.Exists(Prefixes, prefix => name.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>Variables with which the fixed environment keeps pagers from giving a shell.</summary>
    public static bool IsPager(string name) =>
        name is "PAGER" or "GIT_PAGER" or "MANPAGER" or "SYSTEMD_PAGER" or "SYSTEMD_PAGERSECURE" or "LESSSECURE" or "LESSOPEN";
}
