using System.Globalization;
using System.Text;
using ShellGuard.Audit.Profiles;
using ShellGuard.Audit.Reports;
using ShellGuard.Policy.Evaluation;
using ShellGuard.Policy.Lint;

namespace ShellGuard.Audit.Export;

/// <summary>An AppArmor profile. It is by path, so that patterns are kept as they are.</summary>
public sealed class AppArmorExporter : IExporter
{
    /// <summary>Devices that have nothing of the host's behind them.</summary>
    private static readonly string[] Harmless =
        ["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty", "/dev/ptmx", "/dev/pts", "/dev/shm"];

    public string Name => "apparmor";

    public string Description => "an AppArmor profile";

    public string Write(AccessProfile profile, ExportOptions options)
    {
        ArgumentNullException.ThrowIfNull(profile);
        StringBuilder text = new();
        CommentText comment = new(text);
        comment.Head(profile, "An AppArmor profile");
        comment.Missing(
            "What AppArmor cannot say:",
            ["addresses and ports", "looks at names (stat): the kernel lets everybody look", "lists of a directory apart from reading it", "system calls"]);
        comment.Missing("Not given, because it leads out:", Refused(profile));
        comment.Missing("Denied in the recording already:", profile.Denied.Select(access => AccessText.WithOutcome(access)));
        comment.Privileges(profile, "Only root could do these; the ways, the cheapest first:");
        string name = profile.Program.StartsWith('/') ? profile.Program : "/COMMAND";
        text.Append("abi <abi/3.0>,\n\n").Append("profile shellguard-learnt ").Append(Quoted(Escaped(name))).Append(" {\n");
        foreach (string capability in profile.RootCapabilities)
        {
            text.Append("  capability ").Append(capability[4..].ToLowerInvariant()).Append(",\n");
        }

        foreach (string family in SandboxView.FamiliesOf(profile))
        {
            text.Append("  network ").Append(family[3..].ToLowerInvariant()).Append(",\n");
        }

        foreach (ProfilePath path in profile.Paths)
        {
            if (Modes(path) is not { Length: > 0 } modes || path.Shown.Any(char.IsControl))
            {
                continue;
            }

            text.Append("  # ").Append(CommentText.Evidence(profile, path.Evidence)).Append('\n');
            text.Append("  ").Append(Quoted(path.Pattern is null ? Escaped(path.Path) : OfGlob(path.Pattern))).Append(' ').Append(modes).Append(",\n");
            if (path.IsDirectory && path.Pattern is null && path.Path != "/" && modes.Contains('r', StringComparison.Ordinal))
            {
                text.Append("  ").Append(Quoted(Escaped(path.Path) + "/")).Append(" r,\n");
            }
        }

        return text.Append("}\n").ToString();
    }

    /// <summary>What is not given of what the policy does not give either, with the reason.</summary>
    private static IEnumerable<string> Refused(AccessProfile profile)
    {
        foreach (ProfilePath path in profile.Paths)
        {
            if (path.Changes && LeadsOut(path))
            {
                yield return $"writing {AccessText.Name(path.Shown)}: {EscapeRights.Find(path.Path)?.How ?? "the host runs something from there"}";
            }
            else if (Connects(path) && EscapeRights.Find(path.Path) is { Kind: EscapeKind.Socket } right)
            {
                yield return $"connecting to {AccessText.Name(path.Shown)}: {right.How}";
            }
        }
    }

    /// <summary>Of a pattern the whole directory counts; of a name the directory may hold what it wants.</summary>
    private static bool LeadsOut(ProfilePath path) => !Array.Exists(Harmless, place => PathText.IsAtOrBeneath(path.Path, place))
        && (path.Pattern is null && !path.IsDirectory
            ? EscapeRights.Find(path.Path) is { Kind: EscapeKind.DirectWrite }
            : EscapeRights.LeadsOut(path.Path));

    private static bool Connects(ProfilePath path) => (path.Rights & PathRights.Connect) != PathRights.None;

    /// <summary>Looks need no right: the kernel adds AA_MAY_GETATTR to every rule and to none, aa_compute_fperms.</summary>
    private static string Modes(ProfilePath path)
    {
        PathRights rights = path.Rights;
        bool connects = Connects(path) && EscapeRights.Find(path.Path) is not { Kind: EscapeKind.Socket };
        string modes = (rights & (PathRights.Read | PathRights.List)) != PathRights.None || connects ? "r" : "";
        modes += (path.Changes && !LeadsOut(path)) || connects ? "w" : "";
        modes += (rights & PathRights.Map) != PathRights.None ? "m" : "";
        return modes + ((rights & PathRights.Execute) != PathRights.None ? "ix" : "");
    }

    /// <summary>apparmor.d(5): its patterns have the same stars; a set of one is an escape.</summary>
    private static string OfGlob(string pattern)
    {
        StringBuilder text = new(pattern.Length);
        for (int index = 0; index < pattern.Length; index++)
        {
            if (pattern[index] == '[' && index + 2 < pattern.Length && pattern[index + 2] == ']')
            {
                text.Append(Escaped(pattern[index + 1].ToString()));
                index += 2;
            }
            else
            {
                text.Append(pattern[index] is '*' ? "*" : Escaped(pattern[index].ToString()));
            }
        }
        return text.ToString();
    }

    private static string Escaped(string name)
    {
        StringBuilder text = new(name.Length);
        foreach (byte value in Linux.Calls.KernelText.Encode(name))
        {
            text.Append((char)value is '*' or '?' or '[' or ']' or '{' or '}' or '^' or ','
                ? $"\\{(char)value}"
                : value is < 0x20 or >= 0x7f or (byte)'"' or (byte)'@' or (byte)'\\' ? string.Create(CultureInfo.InvariantCulture, $"\\{Convert.ToString(value, 8).PadLeft(3, '0')}")
                : ((char)value).ToString());
        }

        return text.ToString();
    }

    private static string Quoted(string text) => $"\"{text}\"";
}
