using System.Text;
using ShellGuard.Audit.Profiles;
using ShellGuard.Audit.Profiles.Generalisation;
using ShellGuard.Audit.Reports;
using ShellGuard.Policy.Model;

namespace ShellGuard.Audit.Export;

/// <summary>A ShellGuard policy with the least privilege, and evidence at each rule.</summary>
public sealed class PolicyExporter(IHostLook host) : IExporter
{
    /// <summary>What every policy passes on.</summary>
    internal static readonly string[] Variables =
        ["PATH", "HOME", "USER", "LOGNAME", "SHELL", "TERM", "LANG", "LANGUAGE", "LC_*", "TZ", "TMPDIR"];

    public string Name => "policy";

    public string Description => "a ShellGuard policy";

    public ExportChoices Choices => ExportChoices.Direct;

    public string Write(AccessProfile profile, ExportOptions options)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(options);
        PolicyRules rules = PolicyRules.Of(profile, host, options.Direct);
        StringBuilder text = new();
        CommentText comment = new(text);
        comment.Head(profile, "A policy with the least privilege");
        comment.Line("/usr and what the loader needs are always shown; /tmp, /var/tmp, /run, /dev and /proc are the cell's own.");
        comment.Line(options.Direct
            ? "Changes go to the host at once, but for places from which the host runs something."
            : "Changes go to the session's layer and wait for shellguard commit; learn --direct writes them through.");

        text.Append("\n[files]\n");
        List(text, profile, "read-only", rules.Reads);
        List(text, profile, "copy-on-write", rules.Layers);
        List(text, profile, "direct", rules.Direct);
        if (rules.Hidden.Count > 0)
        {
            comment.Line("Credentials in directories above that were not read.");
            text.Append("hide = [\n");
            foreach (string pattern in rules.Hidden)
            {
                text.Append("  ").Append(Quoted(pattern)).Append(",\n");
            }

            text.Append("]\n");
        }

        if (rules.Network.Count > 0)
        {
            text.Append("\n[network]\n");
            if (profile.Connects.Any(endpoint => endpoint.Name is not null))
            {
                comment.Line("A name is the one in the arguments of who connected; what was seen is the address.");
            }

            List(text, profile, "allow", rules.Network, isPath: false);
        }

        text.Append("\n[environment]\n");
        comment.Line("A recording does not tell which variables are read; these are harmless.");
        text.Append("pass = [").AppendJoin(", ", Variables.Select(Quoted)).Append("]\n");

        comment.Missing("Left out on purpose, with what follows from it:", rules.LeftOut);
        comment.Missing(
            "Denied in the recording already, and not granted:",
            profile.Denied.Select(access => $"{AccessText.WithOutcome(access)}  ({CommentText.Evidence(profile, access)})"));
        comment.Missing(
            "Failed for other reasons, and not granted:",
            profile.Failed.Select(access => $"{AccessText.WithOutcome(access)}  ({CommentText.Evidence(profile, access)})"));
        comment.Privileges(profile, "Only root could do these. A cell gives no rights that its user has not; the ways, the cheapest first:");
        return text.ToString();
    }

    private static void List(
        StringBuilder text, AccessProfile profile, string key, IReadOnlyDictionary<string, List<GeneralAccess>> rules, bool isPath = true)
    {
        if (rules.Count == 0)
        {
            return;
        }

        text.Append(key).Append(" = [\n");
        foreach (KeyValuePair<string, List<GeneralAccess>> rule in rules)
        {
            text.Append("  # ").Append(CommentText.Evidence(profile, rule.Value).ReplaceLineEndings(" ")).Append('\n')
                .Append("  ").Append(Quoted(isPath ? Glob.Quote(rule.Key) : rule.Key)).Append(",\n");
        }

        text.Append("]\n");
    }

    /// <summary>A basic string of TOML; there are no control characters here.</summary>
    private static string Quoted(string value) =>
        $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
