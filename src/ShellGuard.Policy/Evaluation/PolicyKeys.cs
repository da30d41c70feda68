namespace ShellGuard.Policy.Evaluation;

/// <summary>The whole policy language as a table: loader, schema, messages and the reference are checked against it.
/// </summary>
public static class PolicyKeys
{
    public static IReadOnlyList<PolicyKey> All { get; } =
    [
        new("", "extends", PolicyValueKind.PolicyName, null,
            "The preset or file that this policy builds on; without it, it builds on nothing.", "\"default\""),

        new("files", "read-only", PolicyValueKind.Paths, "--ro",
            "Shown as on the host; cannot be changed.", "[\"/\"]"),
        new("files", "copy-on-write", PolicyValueKind.Paths, "--cow",
            "Shown; changes go to the session's layer.", "[\"~\", \".\"]"),
        new("files", "direct", PolicyValueKind.Paths, "--direct",
            "Shown; changes go to the host at once.", "[\"/srv/build\"]"),
        new("files", "hide", PolicyValueKind.PathsOrGlobs, "--hide",
            "Not there, whether or not it exists on the host.", "[\"~/.ssh\", \"**/.env\"]"),

        new("network", "allow", PolicyValueKind.Endpoints, "--net",
            "Endpoints that can be reached.", "[\"github.com:443\"]"),
        new("network", "ask", PolicyValueKind.Endpoints, "--net-ask",
            "Endpoints that a person is asked about while the program waits.", "[\"*.example.org:443\"]"),
        new("network", "deny", PolicyValueKind.Endpoints, "--net-deny",
            "Endpoints that cannot be reached although a broader rule grants them.", "[\"10.0.0.0/8:*\"]"),

        new("environment", "pass", PolicyValueKind.VariableNames, "--env",
            "Variables taken from the caller; a trailing * matches any rest.", "[\"LANG\", \"LC_*\"]"),
        new("environment", "withhold", PolicyValueKind.VariableNames, null,
            "Variables that are not taken from the caller although pass matches them.", "[\"LC_MESSAGES\"]"),
        new("environment", "set", PolicyValueKind.Variables, "--env",
            "Variables with a fixed value.", "{ CI = \"1\" }"),

        new("limits", "memory", PolicyValueKind.Size, "--memory",
            "Memory of all processes together.", "\"2 GiB\""),
        new("limits", "processes", PolicyValueKind.Count, "--processes",
            "Processes and threads at once.", "500"),
        new("limits", "cpu", PolicyValueKind.Percent, "--cpu",
            "CPU time in percent of one core.", "\"150%\""),
        new("limits", "wall-time", PolicyValueKind.Duration, "--wall-time",
            "After this time the session is ended.", "\"8h\""),
        new("limits", "open-files", PolicyValueKind.Count, "--open-files",
            "Open descriptors of one process.", "1024"),
        new("limits", "layer", PolicyValueKind.Size, "--layer",
            "Size of everything that the session changed.", "\"10 GiB\""),

        new("session", "ask-timeout", PolicyValueKind.Duration, "--ask-timeout",
            "How long a question waits for its answer; then the answer is no.", "\"60s\""),
        new("session", "record", PolicyValueKind.Boolean, "--record",
            "Whether the terminal's output is recorded.", "true"),
        new("session", "record-input", PolicyValueKind.Boolean, "--record-input",
            "Whether what is typed is recorded too, passwords included.", "false"),
        new("session", "explain-reads", PolicyValueKind.Boolean, "--explain-reads",
            "Whether every look for a hidden file is explained, at the cost of a slower open.", "false"),
    ];

    /// <summary>The tables, in the order of the reference.</summary>
    public static IReadOnlyList<string> Tables { get; } =
        [.. All.Select(k => k.Table).Where(t => t.Length > 0).Distinct(StringComparer.Ordinal)];

    /// <summary>Every flag that <see cref="PolicyFlag"/> may name.</summary>
    public static IReadOnlyList<string> Flags { get; } =
        [.. All.Select(k => k.Flag).OfType<string>().Distinct(StringComparer.Ordinal)];

    public static PolicyKey? Find(string table, string name) =>
        All.FirstOrDefault(k => k.Table == table && k.Name == name);
}
