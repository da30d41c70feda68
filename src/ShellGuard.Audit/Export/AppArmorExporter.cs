using System.Globalization;
using System.Text;
using ShellGuard.Audit.Profiles;

namespace ShellGuard.Audit.Export;

/// <summary>An AppArmor profile. It is by path, so that patterns are kept as they are.</summary>
public sealed class AppArmorExporter : IExporter
{
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
            ["addresses and ports", "looks at names (stat) and lists of a directory apart from reading it", "system calls"]);
        comment.Missing("Denied in the recording already:", profile.Denied.Select(access => Reports.AccessText.WithOutcome(access)));
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
            if (path.IsDirectory && path.Pattern is null && path.Path != "/")
            {
                text.Append("  ").Append(Quoted(Escaped(path.Path) + "/")).Append(" r,\n");
            }
        }

        return text.Append("}\n").ToString();
    }

    private static string Modes(ProfilePath path)
    {
        PathRights rights = path.Rights;
        string modes = (rights & (PathRights.Read | PathRights.List | PathRights.Look)) != PathRights.None ? "r" : "";
        modes += path.Changes || (rights & PathRights.Connect) != PathRights.None ? "w" : "";
        modes += modes.Contains('w', StringComparison.Ordinal) && !modes.Contains('r', StringComparison.Ordinal) && (rights & PathRights.Connect) != PathRights.None ? "r" : "";
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
